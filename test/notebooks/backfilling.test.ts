/** The figures of the notebook on backfilling are what the code gives, and show what Mu'alem & Feitelson report. */
import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { type BackfillingStudy, backfillingStudy } from '../../notebooks/studies/backfilling.ts';
import { blockBootstrap } from '../../notebooks/studies/block-bootstrap.ts';
import { exampleJobs, playJobs } from '../../src/notebooks/page/backfill-example.ts';
import { lacksTraces, tracePath } from '../traces.ts';

test.skipIf(lacksTraces)('are recomputed to the last digit', { timeout: 240_000 }, async () => {
  const kept = JSON.parse(readFileSync('notebooks/studies/backfilling.json', 'utf8')) as BackfillingStudy;
  const study = await backfillingStudy(tracePath(''));
  expect(study).toEqual(kept);
  // Backfilling waits less than first come, first served, on every log and under every load.
  for (const { base, policy, wait, slowdown } of study.changes) {
    if (base !== 'fifo') continue;
    expect(wait.change).toBeLessThan(0);
    expect(wait.low).toBeLessThanOrEqual(wait.change);
    if (policy !== 'sjf') expect(slowdown.high).toBeLessThanOrEqual(0);
  }
  // Multiples of the run time help; one figure for all does not.
  const wait = (policy: string, estimates: string) =>
    study.estimates.find((row) => row.policy === policy && row.estimates === estimates)!.meanWaitSeconds;
  for (const policy of ['easy', 'conservative']) {
    expect(wait(policy, 'doubled')).toBeLessThan(wait(policy, 'exact'));
    expect(wait(policy, 'all the longest')).toBeGreaterThan(wait(policy, 'the users’ own'));
  }
  expect(wait('sjf', 'all the longest')).toBe(
    study.loads.find(({ log, policy, load }) => log === 'HPC2N' && policy === 'fifo' && load > 0.4)!
      .meanWaitSeconds,
  );
});

describe('a block bootstrap', () => {
  const weekOf = Int32Array.of(0, 0, 1, 1, 2, 2);

  it('has no width where every block changes alike, however blocks differ', () => {
    const base = [1, 2, 30, 40, 500, 0];
    const { change, low, high } = blockBootstrap(
      base,
      base.map((value) => value / 2),
      weekOf,
    );
    for (const part of [change, low, high]) expect(part).toBeCloseTo(-0.5, 12);
  });

  it('reaches from the best block to the worst where there are few', () => {
    const { change, low, high } = blockBootstrap([1, 1, 1, 1, 1, 1], [0, 0, 1, 1, 2, 2], weekOf);
    expect([change, low, high]).toEqual([0, -1, 1]);
  });

  it('refuses where there is nothing to compare', () => {
    expect(() => blockBootstrap([0, 0], [1, 1], Int32Array.of(0, 1))).toThrow(/nothing to compare/);
  });
});

describe('five jobs on ten processors', () => {
  const starts = (processors: number, minutes: number, estimateFactor: number) =>
    playJobs(exampleJobs({ processors, minutes }), estimateFactor, ['fifo', 'easy', 'conservative']).map(
      ({ tables: { jobs } }) =>
        Object.fromEntries(jobs.jobId.map((id, job) => [id, Math.floor(jobs.startSeconds[job] / 60)])),
    );

  it('let the last one go ahead on what is left over under EASY alone, at the cost of D', () => {
    const [fifo, easy, conservative] = starts(2, 9, 1);
    expect(fifo).toEqual({ A: 0, B: 5, C: 8, D: 12, E: 14 });
    expect(easy).toEqual({ A: 0, B: 5, C: 0, D: 13, E: 4 });
    expect(conservative).toEqual({ A: 0, B: 5, C: 0, D: 8, E: 10 });
  });

  it('let it go ahead nowhere where it would put off B, unless users say too much', () => {
    expect(starts(3, 1, 1).map(({ E }) => E)).toEqual([14, 10, 10]);
    expect(starts(3, 1, 2).map(({ E }) => E)).toEqual([14, 4, 4]);
  });
});
