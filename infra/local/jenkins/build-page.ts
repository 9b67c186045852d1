/** The pages of one build: its JSON, its log as a whole and from an offset, and the three ways to stop it. */
import { html, type StandInAnswer, type StandInCall } from '../perflab/stand-in-server.ts';
import { exportBuild, exported } from './jenkins-pages.ts';
import type { Build } from './jenkins-state.ts';

/** Undefined where Jenkins has no such page. */
export function buildPage(
  call: StandInCall,
  build: Build,
  page: string,
  caller: { readonly user: string; readonly mayCancel: boolean },
): StandInAnswer | undefined {
  const { run, job } = build;
  if (page === '/api/json') return exported(call, exportBuild(build));
  if (page === '/consoleText') return plain(Buffer.from(run.log), {});
  if (page === '/logText/progressiveText') {
    const whole = Buffer.from(run.log);
    const asked = Number(call.query.get('start') ?? 0);
    const start = asked > whole.byteLength ? 0 : asked;
    const more: Record<string, string> = run.end ? {} : { 'x-more-data': 'true' };
    return plain(whole.subarray(start), { 'x-text-size': String(whole.byteLength), ...more });
  }
  if (page === '/stop' || page === '/term' || page === '/kill') {
    if (page !== '/stop' && job.freestyle) return undefined;
    if (call.method !== 'POST') return html(405, 'Method Not Allowed');
    if (!caller.mayCancel) return html(403, `${caller.user} is missing the Job/Cancel permission`);
    if (!run.end) {
      if (page === '/kill') run.kill();
      else run.stop(page === '/term');
    }
    return { status: 302, headers: { location: run.url } };
  }
  if (page === '' || page === '/' || page === '/console') {
    return html(200, `${job.name} #${build.number} (stand-in for Jenkins): ${run.log}`);
  }
  return undefined;
}

function plain(body: Buffer, headers: Record<string, string>): StandInAnswer {
  return { status: 200, headers: { 'content-type': 'text/plain;charset=utf-8', ...headers }, body };
}
