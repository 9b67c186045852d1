/** `perf-bot verdict` on streams: a line in, a line out, at once. */
import { PassThrough } from 'node:stream';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { runVerdictCommand } from '../../../infra/cli/verdict-command.ts';

const question = {
  history: [10, 10.1, 9.9, 10, 10.05, 9.95],
  sample: [10],
  direction: 'lower',
  thresholdPercent: 20,
  metrics: 1,
};

async function answersTo(...lines: string[]): Promise<{ exitCode: number; answers: unknown[] }> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const exitCode = runVerdictCommand(input, output);
  input.end(lines.map((line) => `${line}\n`).join(''));
  const written = (async () => {
    let text = '';
    for await (const chunk of output) text += String(chunk);
    return text;
  })();
  const code = await exitCode;
  output.end();
  return {
    exitCode: code,
    answers: (await written)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  };
}

test('answers a line before the next one comes', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const exitCode = runVerdictCommand(input, output);
  for (const sample of [[10], [20, 21, 20]]) {
    input.write(`${JSON.stringify({ ...question, sample })}\n`);
    const [answer] = (await once(output, 'data')) as [Buffer];
    expect(Object.keys(JSON.parse(String(answer)) as object)).toEqual(['verdict', 'limitPercent', 'why']);
  }
  input.end();
  expect(await exitCode).toBe(0);
});

test('takes null, NaN and Infinity for missing values, and passes over empty lines', async () => {
  const missing =
    '{"history":[10,NaN,10.1,null,9.9,10,-Infinity,10.05,9.95],"sample":[1e999,10],"direction":"lower","thresholdPercent":20,"metrics":1}';
  const { exitCode, answers } = await answersTo(missing, '', JSON.stringify(question));
  expect(exitCode).toBe(0);
  expect(answers).toHaveLength(2);
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0]).toMatchObject({ verdict: 'same' });
});

test('answers a line that is not a question with what is wrong, goes on, and says so by its exit code', async () => {
  const { exitCode, answers } = await answersTo(
    'nonsense',
    JSON.stringify({ ...question, direction: 'up' }),
    JSON.stringify({ ...question, sample: ['10'] }),
    JSON.stringify({ ...question, treshold: 2 }),
    JSON.stringify(question),
  );
  expect(exitCode).toBe(1);
  expect(answers).toHaveLength(5);
  expect(answers[0]).toMatchObject({
    verdict: 'cannot-tell',
    limitPercent: null,
    why: expect.stringMatching(/^Line 1 is not a valid question: /),
  });
  expect(answers[1]).toMatchObject({ why: expect.stringContaining('direction') });
  expect(answers[2]).toMatchObject({ why: expect.stringContaining('sample.0') });
  expect(answers[3]).toMatchObject({ why: expect.stringContaining('treshold') });
  expect(answers[4]).toMatchObject({ verdict: 'same' });
});

test('defaults to no threshold and a single metric', async () => {
  const { history, sample, direction } = question;
  const { answers } = await answersTo(
    JSON.stringify({ history, sample, direction }),
    JSON.stringify({ ...question, thresholdPercent: 0, metrics: 1 }),
  );
  expect(answers[0]).toEqual(answers[1]);
});
