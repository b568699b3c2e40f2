/** The figures of the notebook on a real run are what the code gives, and the simulation is close to it. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type RealityStudy, realityStudy } from '../../notebooks/studies/reality.ts';

test('are recomputed to the last digit', { timeout: 60_000 }, async () => {
  const kept = JSON.parse(readFileSync('notebooks/studies/reality.json', 'utf8')) as RealityStudy;
  const study = await realityStudy();
  expect(study).toEqual(kept);
  expect(study.medianError).toBeLessThan(0.05);
  expect(study.journal.equal).toBe(study.journal.inputs);
});
