/** Hints of Horreum and the labs that wait in the queue, and commands that come late. */
import { run, runOnFirst } from '../../faults/acts.ts';
import { ASKS_TO_WAIT, once } from '../../faults/scenario.ts';
import { delivers, has, isPutOff, waits } from './moments.ts';
import { reported, runOnSecond, type Scene } from './scene.ts';

export const HINTS: readonly Scene[] = [
  {
    name: 'Horreum tells of an upload',
    acts: [runOnFirst],
    moment: waits('runs', ({ kind }) => kind === 'horreum'),
    expected: reported,
  },
  {
    name: 'the lab tells of an end',
    acts: [runOnFirst],
    moment: waits('runs', ({ kind }) => kind === 'perflab'),
    expected: reported,
  },
  {
    name: 'Horreum tells of an upload without labels while two runs are open',
    acts: [runOnFirst, runOnSecond],
    moment: waits('runs', (message) => message.kind === 'horreum' && isPutOff(message)),
    expected: { runs: [1, 1], ends: [['reported'], ['reported']] },
  },
  {
    name: 'a command was put off',
    acts: [runOnFirst],
    prelude: () => once('github GET /repos/*/*/pulls/*', ASKS_TO_WAIT),
    moment: waits('commands', isPutOff),
    expected: reported,
  },
  {
    name: 'a lost command was found',
    acts: [runOnFirst],
    options: () => ({ losesWebhook: (path) => path.startsWith('/github') }),
    moment: delivers('comment'),
    expected: reported,
  },
  {
    name: 'a delivery is asked for again',
    acts: [
      {
        when: () => true,
        act: (world) => {
          world.github.webhookFaults.push({ match: /^issue_comment/, how: 'fail' });
          run(world, 0, 'ana');
        },
      },
    ],
    moment: has('COUNTER#REDELIVER'),
    expected: reported,
  },
  {
    name: 'GitHub asks to wait',
    acts: [runOnFirst],
    prelude: () => once('github POST /repos/*/*/check-runs', ASKS_TO_WAIT),
    moment: has('LIMIT#'),
    expected: reported,
  },
];
