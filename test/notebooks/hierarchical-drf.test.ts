/** The figures of the notebook on hierarchical DRF are what the code gives, and have the shape that the paper reports. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type TreeScheduler, type TreeStudy, treeStudy } from '../../notebooks/studies/hierarchical-drf.ts';

test('are recomputed to the last digit', { timeout: 120_000 }, () => {
  const kept = JSON.parse(readFileSync('notebooks/studies/hierarchical-drf.json', 'utf8')) as TreeStudy;
  const study = treeStudy();
  expect(study).toEqual(kept);
  const train = (scheduler: TreeScheduler) =>
    study.leaves.find(
      (row) => row.trainCpus === 0 && row.scheduler === scheduler && row.leaf === 'language/train',
    )!;
  // The naive sum starves the leaf whose sibling holds the CPUs; H-DRF does not, nor a collapsed tree, which gives less.
  expect(train('naive').share.mean).toBeLessThan(train('naive').part);
  expect(train('H-DRF').share.least).toBeGreaterThan(train('collapsed').share.most);
  expect(train('H-DRF').waitSeconds.most).toBeLessThan(0.1 * train('naive').waitSeconds.least);
  const makespan = (scheduler: TreeScheduler) =>
    study.clusters.find((row) => row.trainCpus === 0 && row.scheduler === scheduler)!.makespanSeconds;
  expect(makespan('slots').least).toBeGreaterThan(1.5 * makespan('H-DRF').most);
});
