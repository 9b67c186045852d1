/** `perf-bot verdict`: reads questions as JSON lines and writes verdicts as JSON lines, each as it comes. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import { judge } from '../../lib/bot/reports/verdict/judge.ts';
import type { Judgement } from '../../lib/bot/reports/verdict/judge.ts';

/** An infinite number is a missing value, not a mistake: JSON.parse makes one of 1e999. */
const values = z.array(z.union([z.number(), z.literal(Infinity), z.literal(-Infinity), z.null()]));

const questionSchema = z.strictObject({
  history: values,
  sample: values,
  direction: z.enum(['lower', 'higher']),
  thresholdPercent: z.number().min(0).default(0),
  careAboutPercent: z.number().positive().optional(),
  metrics: z.number().int().min(1).default(1),
});

type Answer = Pick<Judgement, 'verdict' | 'limitPercent' | 'why'>;

/** The exit code is 1 if a line was not a valid question; such a line is answered "cannot-tell", with the problem. */
export async function runVerdictCommand(input: Readable, output: Writable): Promise<number> {
  let exitCode = 0;
  let lineNumber = 0;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    lineNumber++;
    if (line.trim() === '') continue;
    const answered = answer(line);
    if ('problem' in answered) exitCode = 1;
    const written: Answer =
      'problem' in answered
        ? {
            verdict: 'cannot-tell',
            limitPercent: null,
            why: `Line ${lineNumber} is not a valid question: ${answered.problem}.`,
          }
        : answered;
    if (!output.write(`${JSON.stringify(written)}\n`)) await once(output, 'drain');
  }
  return exitCode;
}

function answer(line: string): Answer | { problem: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(withNulls(line));
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'not JSON' };
  }
  const question = questionSchema.safeParse(parsed);
  if (!question.success)
    return {
      problem: question.error.issues
        .map(({ path, message }) => `${path.join('.')} ${message}`.trim())
        .join('; '),
    };
  const { verdict, limitPercent, why } = judge(question.data);
  return { verdict, limitPercent, why };
}

/** Some writers, Python's among them, put NaN and Infinity into JSON, which has no such words. No string of a question contains them. */
function withNulls(line: string): string {
  return line.replace(/(?<=[[,:]\s*)-?(?:NaN|Infinity)(?=\s*[,\]}])/g, 'null');
}
