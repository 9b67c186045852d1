import { startWorld, closeEmbeddedTables } from '/work/main/test/faults/world.ts';
import { playScene } from '/work/main/test/faults/play-scene.ts';
import { judge } from '/work/main/test/faults/judge.ts';
import { PLACES, nameOf } from '/work/main/test/faults/places.ts';
for (let i=0;i<2;i++){
const t=performance.now();
const w = await startWorld();
const t1=performance.now();
const ok = await playScene(w);
const t2=performance.now();
console.log('setup',t1-t,'play',t2-t1, 'calls',w.seen.length, 'virtual', (w.clock.nowMs()-Number(process.hrtime()[0]*0)) );
console.log(await judge(w, ok));
const counts=new Map<string,number>(); for(const p of w.seen) counts.set(nameOf(p),(counts.get(nameOf(p))??0)+1);
if(i==0){for (const p of PLACES) console.log(String(counts.get(nameOf(p))??0).padStart(5), nameOf(p));
console.log(w.logLines.filter(l=>/warn|error/.test(l)).slice(0,10).join('\n'));
console.log(w.pulls.map(p=>p.comments.map(c=>c.author.login+': '+c.body.slice(0,150)).join('\n')).join('\n=====\n'));
for (const p of w.pulls) for (const r of await w.runsOf(p)) console.log(r.runKey, r.state, r.history.map(h=>h.state).join('>'), r.failure?.reason);
}
await w.close();
}
await closeEmbeddedTables();
