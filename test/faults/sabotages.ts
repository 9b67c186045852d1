/** Bugs to plant, one at a time: each must turn the named cases of the harness red, or the harness is blind to it. */

export interface Sabotage {
  readonly bug: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** Part of the names of the cases that are played, beside the faultless scenarios; or a test. */
  readonly seenBy: string;
}

export const SABOTAGES: readonly Sabotage[] = [
  {
    bug: 'a start with an unknown outcome is repeated without a look for it',
    file: 'lib/bot/runs/plan-look.ts',
    from: "start: again ? 'start-again' : 'find-first'",
    to: "start: 'start-again'",
    seenBy: 'buildWithParameters | reset after',
  },
  {
    bug: 'the intent to mention is not written down first',
    file: 'lib/bot/runs/mention-once.ts',
    from: 'published: { ...run.published, mentionAttemptedAtMs: nowMs },',
    to: 'published: run.published,',
    seenBy: 'POST /repos/*/*/issues/*/comments | reset after',
  },
  {
    bug: 'two workers move one run at a time',
    file: 'lib/bot/runs/reconcile.ts',
    from: 'const leased = await deps.runs.lease(run, nowMs, leaseFor(nowMs));',
    to: 'const leased: JobRun | undefined = run;',
    seenBy: 'every message comes twice',
  },
  {
    bug: 'the status comment is not looked for after an unknown outcome',
    file: 'lib/bot/runs/draw-status.ts',
    from: ': mayBeThere',
    to: ': mayBeThere && number < 0',
    seenBy: 'POST /repos/*/*/issues/*/comments | reset after',
  },
  {
    bug: 'the door answers before the message is queued',
    file: 'functions/github-webhook.ts',
    from: 'await deps.commands.send({',
    to: 'void deps.commands.send({',
    seenBy: 'SendMessage commands | killed before',
  },
  {
    bug: 'writes do not state the version that they expect',
    file: 'lib/aws/dynamo-run-store.ts',
    from: "{ expression: 'version = :version', values: { ':version': version } }",
    to: "{ expression: 'attribute_exists(pk)' }",
    seenBy: 'test/lib/aws/dynamo-run-store.test.ts',
  },
  {
    bug: 'a call to GitHub is repeated whatever it does',
    file: 'lib/github/github-app.ts',
    from: 'return send(octokit, route, parameters).catch(',
    to: 'return send(octokit, route, parameters).catch(() => send(octokit, route, parameters)).catch(',
    seenBy: 'POST /repos/*/*/issues/*/comments | reset after',
  },
  {
    bug: 'look messages that are out of date are not dropped',
    file: 'lib/bot/runs/reconcile.ts',
    from: 'if (why.lookNumber !== undefined && why.lookNumber !== run.lookNumber) return true;',
    to: '',
    seenBy: 'while a job takes ten minutes',
  },
  {
    bug: 'what Horreum told of is forgotten',
    file: 'lib/bot/runs/reconcile.ts',
    from: 'withCandidate(wanted, why.horreumRunId, nowMs)',
    to: 'withCandidate(wanted, undefined, nowMs)',
    seenBy: 'nothing more than the scenarios',
  },
  {
    bug: 'nobody is told of a dead command',
    file: 'lib/bot/operator/dead-letters.ts',
    from: 'await gitHub.createComment(delivery.repository, delivery.number, `${marker}\\n${text}`);',
    to: 'deps.log.info(text);',
    seenBy: 'nothing more than the scenarios',
  },
  {
    bug: 'a run that ended as a dead letter stays due for ever',
    file: 'lib/bot/operator/dead-letters.ts',
    from: 'shown.published.settled ? settled : shown',
    to: 'shown',
    seenBy: 'nothing more than the scenarios',
  },
  {
    bug: 'the same request starts a second run while the first is open',
    file: 'lib/bot/runs/join-run.ts',
    from: 'const holderKey = await deps.runs.claim(wanted.claimKey, wanted.runKey, wanted.deadlineAtMs + DAY_MS);',
    to: 'const holderKey = wanted.runKey;',
    seenBy: 'nothing more than the scenarios',
  },
  {
    bug: 'a command that joined a run gets one of its own when its delivery comes again',
    file: 'lib/bot/runs/join-run.ts',
    from: 'const noted = note && (await whoHeard(deps, note, person));',
    to: 'const noted = undefined;',
    seenBy: 'test/lib/bot/runs/create-run.test.ts',
  },
  {
    bug: 'a run is created over the note that its request joined another',
    file: 'lib/aws/dynamo-run-store.ts',
    from: 'joins.holderKey = :insteadOf AND joins.isOver = :no',
    to: 'joins.isOver = :no OR joins.holderKey <> :insteadOf',
    seenBy: 'test/lib/bot/runs/create-run.test.ts',
  },
  {
    bug: 'what DynamoDB refuses waits for the queue to give it out again',
    file: 'lib/aws/dynamo-failure.ts',
    from: 'if (!isPassing) return error;',
    to: 'if (!isPassing || isPassing) return error;',
    seenBy: 'test/faults/dynamodb-outage.test.ts',
  },
  {
    bug: 'a cancel is written down and never sent to the lab',
    file: 'lib/bot/runs/look-at-lab.ts',
    from: 'if (plan.cancel) await executor.cancelRun(request, ref, plan.cancel);',
    to: '',
    seenBy: 'nothing more than the scenarios',
  },
  {
    bug: 'a message that failed is taken for done',
    file: 'lib/http/sqs-batch.ts',
    from: 'return [{ itemIdentifier: messageId }];',
    to: 'return [];',
    seenBy: 'nothing more than the scenarios',
  },
  {
    bug: 'nobody looks for runs that are due',
    file: 'lib/bot/runs/sweep.ts',
    from: 'if (!(await deps.runs.postpone(runKey, dueAtMs, nowMs + LEFT_ALONE_MS))) return 0;',
    to: 'if (nowMs > 0) return 0;',
    seenBy: 'planned look is lost',
  },
  {
    bug: 'commands that never came as a delivery are not looked for',
    file: 'lib/bot/commands/find-lost-commands.ts',
    from: 'for (const project of mine)',
    to: 'for (const project of mine.slice(mine.length))',
    seenBy: 'GitHub loses every comment',
  },
  {
    bug: 'every upload wakes every open run of its job',
    file: 'lib/bot/runs/take-run-message.ts',
    from: 'const owner = await runOfUpload(deps, project, horreumRunId);',
    to: "const owner = { kind: 'unnamed' as 'unnamed' | 'named', runKey: '' };",
    seenBy: 'test/faults/many-at-once.test.ts',
  },
  {
    bug: 'a key of a project is logged',
    file: 'lib/wiring/workers.ts',
    from: 'return executorOf(environment, settings, app.accessTo, project, job, secrets);',
    to: "createLog(environment.sink).info('the lab', { with: Object.values(secrets).join(' ') });\n      return executorOf(environment, settings, app.accessTo, project, job, secrets);",
    seenBy: 'nothing more than the scenarios',
  },
  {
    bug: 'a stored key goes to whatever host the project names by now',
    file: 'lib/bot/projects/project-keys.ts',
    from: 'return destination === undefined || home === undefined || home === destination;',
    to: 'return destination !== home || home === destination;',
    seenBy: 'test/lib/bot/projects/apply-project.test.ts',
  },
  {
    bug: 'the keys of a removed project go last',
    file: 'lib/bot/projects/apply-project.ts',
    from: '  await deps.secrets.remove(project.projectId);\n  await deps.projects.remove(project);',
    to: '  await deps.projects.remove(project);\n  await deps.secrets.remove(project.projectId);',
    seenBy: 'DeleteSecret | killed before',
  },
  {
    bug: 'a new call that no scenario makes',
    file: 'lib/horreum/horreum-datastore.ts',
    from: 'const { status, body } = await call({ path: `/api/run/${runId}/summary`, expected: NOT_THERE });',
    to: "if (runId < 0) await call({ path: '/api/schema' });\n      const { status, body } = await call({ path: `/api/run/${runId}/summary`, expected: NOT_THERE });",
    seenBy: 'nothing more than the scenarios',
  },
  {
    bug: 'a new kind of write, in a case that no scenario leads to',
    file: 'lib/aws/dynamo-run-store.ts',
    from: 'const next = { ...subject, version: subject.version + 1 };',
    to: "if (subject.subjectKey === '') await table.delete(subject.subjectKey);\n    const next = { ...subject, version: subject.version + 1 };",
    seenBy: 'nothing more than the scenarios',
  },
  {
    bug: 'a new call goes out past everything that is known',
    file: 'lib/bot/commands/handle-delivery.ts',
    from: '  if (isAccountEvent(delivery)) return handleAccountEvent(deps, delivery);',
    to: "  void fetch('http://127.0.0.1:49151/').catch(() => undefined);\n  if (isAccountEvent(delivery)) return handleAccountEvent(deps, delivery);",
    seenBy: 'nothing more than the scenarios',
  },
  {
    bug: 'looks that hints brought close together count as misses, so a start is repeated too early',
    file: 'lib/bot/runs/after-look.ts',
    from: 'if (sinceMs < MISSES_APART_MS) return run;',
    to: '',
    seenBy: 'actions/workflows/*/dispatches | reset after',
  },
  {
    bug: 'a workflow of Argo gets another name each time',
    file: 'lib/perflab/argo-workflows/argo-workflows-create.ts',
    from: 'name: attemptKey,',
    to: 'name: `${attemptKey}-${String(Date.now() % 97)}`,',
    seenBy: 'argo-workflows POST /api/v1/workflows/* | reset after',
  },
];
