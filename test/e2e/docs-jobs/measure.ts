/** What the benchmark of these tests measures: the layout that the page on Horreum shows, with the noise of a quiet machine. */
import { createRandom } from '../../../infra/local/stand-in/random.ts';

const NOISE = 0.01;

/** `slowdown` 1.3: everything takes 30 % longer. Times in ns. */
export function measure(seed: string, slowdown: number, startMs: number): object {
  const random = createRandom(seed);
  const noisy = (value: number) => value * Math.exp(NOISE * random.normal());
  return {
    $schema: 'uri:getting-started:0.1',
    timestamps: { start: startMs, stop: startMs + 60_000 },
    results: {
      meanResponseTime: Math.round(noisy(792_669 * slowdown)),
      percentile99: Math.round(noisy(1_941_503 * slowdown)),
      requestsPerSecond: noisy(18_250 / slowdown),
    },
  };
}
