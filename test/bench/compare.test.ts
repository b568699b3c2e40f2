import { expect, test } from 'vitest';
import { compareAll } from '../../bench/check/compare.ts';
import { stream } from '../../src/cluster/streams.ts';

const EXPERIMENTS = 150;
const PAIRS_MOST = 20;
const RUNS = [10, 10, 10];

/** Verdicts over equal experiments: pairs spread by `spread` around `ratio`, one in ten disturbed by 30 % either way. */
async function verdicts(ratio: number, spread: number): Promise<Map<string, number>> {
  const random = stream('gate', `${ratio}/${spread}`);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const counts = new Map<string, number>();
  for (let experiment = 0; experiment < EXPERIMENTS; experiment++) {
    let pairs = 0;
    const [{ verdict }] = await compareAll(
      [`${experiment}`],
      0.05,
      async () => {
        pairs++;
        const disturbance = random() < 0.1 ? (random() < 0.5 ? 1.3 : 1 / 1.3) : 1;
        const factor = ratio * Math.exp(spread * normal()) * disturbance;
        return { baseMs: RUNS, changeMs: RUNS.map((ms) => ms * factor) };
      },
      () => pairs >= PAIRS_MOST,
    );
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  }
  return counts;
}

test('equal builds are not called slower on a noisy machine, however often it looks', async () => {
  expect((await verdicts(1, 0.08)).get('slower') ?? 0).toBeLessThanOrEqual(1);
});

test('a slowdown of 15 % is found', async () => {
  expect((await verdicts(1.15, 0.05)).get('slower')).toBeGreaterThan(0.95 * EXPERIMENTS);
});
