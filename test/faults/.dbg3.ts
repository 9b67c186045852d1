import { TROUBLES } from './troubles.ts';
import { runCase } from './run-case.ts';
for (const s of TROUBLES) { if (process.argv[2] && !s.name.includes(process.argv[2])) continue; const t=performance.now(); const o=await runCase(s); console.log(o.problems.length?'RED':'green', s.name, Math.round(performance.now()-t)); for(const p of o.problems) console.log('    ',p); if (process.argv[3]) console.log(o.logLines.filter(l=>/"(warn|error)"/.test(l)).slice(0,20).map(l=>l.slice(0,400)).join('\n')) }
process.exit(0);
