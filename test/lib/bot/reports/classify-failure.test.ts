/** Of a failed job's log the line that says what happened, where one does. */
import { describe, expect, test } from '@jest/globals';
import { failedCard } from '../../../../lib/bot/reports/words/failure-card.ts';
import { classifyFailure, tellingLine } from '../../../../lib/bot/reports/classify-failure.ts';
import { aRun } from '../a-run.ts';

describe('the telling line', () => {
  test.each<[string, string[], string]>([
    [
      'Maven',
      [
        '[INFO] Compiling 41 source files',
        '[ERROR] COMPILATION ERROR :',
        '[ERROR] /src/Checkout.java:[41,12] cannot find symbol',
        '[INFO] BUILD FAILURE',
        '[ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin',
        '[ERROR] -> [Help 1]',
      ],
      '[ERROR] /src/Checkout.java:[41,12] cannot find symbol',
    ],
    [
      'Gradle',
      ['> Task :test FAILED', 'CheckoutTest > prices() FAILED', 'FAILURE: Build failed with an exception.'],
      'CheckoutTest > prices() FAILED',
    ],
    [
      'Python',
      [
        'Traceback (most recent call last):',
        '  File "bench.py", line 3',
        "KeyError: 'price'",
        'script returned exit code 1',
      ],
      "KeyError: 'price'",
    ],
    [
      'Go',
      ['--- FAIL: TestPrices (0.00s)', '    prices_test.go:12: want 3', 'FAIL'],
      '--- FAIL: TestPrices (0.00s)',
    ],
    [
      'Rust',
      [
        'error[E0425]: cannot find value `x` in this scope',
        ' --> src/main.rs:2:5',
        'error: could not compile `shop`',
      ],
      'error[E0425]: cannot find value `x` in this scope',
    ],
    [
      'a shell',
      ['+ ./bench', './bench: line 3: jq: command not found', 'ERROR: script returned exit code 127'],
      './bench: line 3: jq: command not found',
    ],
    [
      'time stamps',
      ['14:02:11 Compiling', '14:02:12 Fatal error: port 8080 is in use', '14:02:13 Finished: FAILURE'],
      '14:02:12 Fatal error: port 8080 is in use',
    ],
    ['what only looks so', ['0 errors, 0 failures', 'error_rate=0.0', 'no failed tests'], ''],
    [
      'nothing but the end',
      ['ERROR: script returned exit code 1', 'Finished: FAILURE', 'BUILD FAILED', 'make: *** [all] Error 2'],
      '',
    ],
    ['an empty log', [], ''],
  ])('of %s', (_, lines, expected) => {
    expect(tellingLine(lines.join('\n')) ?? '').toBe(expected);
  });
});

describe('the card', () => {
  const card = (looksLike: 'code' | 'lab', logTail: string) =>
    failedCard(aRun({ state: 'failed', failure: { looksLike, reason: 'the job failed', logTail } }), {
      prompt: '/perf-bot',
      maxLogChars: 1000,
      usual: '',
    });

  test('of a job that failed by the code quotes it, and nothing in it is live', () => {
    expect(card('code', 'x\nerror: @ana `broke` it')).toContain('**Log says** ``error: @ana `broke` it``');
  });

  test('of a lab’s fault has its own evidence, and without such a line there is none', () => {
    expect(card('lab', 'error: x')).not.toContain('Log says');
    expect(card('code', 'all is well')).not.toContain('Log says');
  });
});

test('a log of one endless line costs next to nothing', () => {
  const startedMs = performance.now();
  tellingLine('*** error '.repeat(200_000));
  tellingLine(`${'a'.repeat(1_000_000)} error`);
  expect(performance.now() - startedMs).toBeLessThan(1_000);
});

test.each([
  'main: OOMKilled (exit code 137)',
  'Pod was evicted: The node was low on resource: memory.',
  'pod deleted',
])('a pod that the cluster ended is the lab’s fault: %s', (reason) => {
  expect(classifyFailure({ looksLike: 'code', reason, logTail: 'warming up\n' })).toMatchObject({
    looksLike: 'lab',
    evidence: reason,
  });
});
