/** The figures of the notebook on DRF are what the code gives, and have the shape that the paper reports (§7). */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type DrfStudy, drfStudy, type Sharers } from '../../notebooks/studies/drf.ts';

test('are recomputed to the last digit', { timeout: 120_000 }, () => {
  const kept = JSON.parse(readFileSync('notebooks/studies/drf.json', 'utf8')) as DrfStudy;
  const study = drfStudy();
  expect(study).toEqual(kept);
  const reduction = (sharers: Sharers, slots: number, sizes: string) =>
    study.reductions.find((row) => row.sharers === sharers && row.slots === slots && row.sizes === sizes)!;
  // Large jobs end much sooner than under slots that hold the largest task; of small ones that share by job none is shown to.
  for (const sizes of ['151–500', '501–1500', '1501–8099']) {
    const { mean, halfWidth } = reduction('jobs', 2, sizes);
    expect(mean - halfWidth).toBeGreaterThan(0.35);
  }
  const small = reduction('jobs', 2, '1–20');
  expect(small.mean - small.halfWidth).toBeLessThan(0);
  // Behind the large jobs of their team they gain, too.
  expect(reduction('teams', 2, '1–20').mean).toBeGreaterThan(0.5);
  for (const sharers of ['teams', 'jobs'] as const) {
    const [drf, ...slots] = study.schedulers.filter((row) => row.sharers === sharers);
    for (const { cpus, mem } of slots) {
      expect(drf.cpus).toBeGreaterThan(cpus);
      expect(drf.mem).toBeGreaterThan(mem);
    }
  }
});
