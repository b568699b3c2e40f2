/** The figures of the notebook on backfilling are what the code gives, and show what Mu'alem & Feitelson report. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type BackfillingStudy, backfillingStudy } from '../../notebooks/studies/backfilling.ts';
import { lacksTraces, tracePath } from '../traces.ts';

test.skipIf(lacksTraces)('are recomputed to the last digit', { timeout: 240_000 }, async () => {
  const kept = JSON.parse(readFileSync('notebooks/studies/backfilling.json', 'utf8')) as BackfillingStudy;
  const study = await backfillingStudy(tracePath(''));
  expect(study).toEqual(kept);
  // EASY waits less than first come, first served, on every log and under every load.
  for (const easy of study.loads.filter(({ policy }) => policy === 'easy')) {
    const fcfs = study.loads.find(
      ({ log, load, policy }) => log === easy.log && load === easy.load && policy === 'fifo',
    )!;
    expect(easy.meanWaitSeconds).toBeLessThan(fcfs.meanWaitSeconds);
  }
  // Doubled estimates do not harm.
  const wait = (policy: string, estimates: string) =>
    study.estimates.find((row) => row.policy === policy && row.estimates === estimates)!.meanWaitSeconds;
  for (const policy of ['easy', 'conservative'])
    expect(wait(policy, 'doubled')).toBeLessThan(wait(policy, 'exact'));
});
