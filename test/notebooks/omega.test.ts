/** The figures of the notebook on Omega are what the code gives, and have the shape that the paper reports (§4). */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type OmegaRow, type OmegaStudy, omegaStudy } from '../../notebooks/studies/omega.ts';

test('are recomputed to the last digit', () => {
  const kept = JSON.parse(readFileSync('notebooks/studies/omega.json', 'utf8')) as OmegaStudy;
  const study = omegaStudy();
  expect(study).toEqual(kept);
  const wait = (model: string, decisionSeconds: number, role: OmegaRow['role']) =>
    study.decisions.find(
      (row) => row.model === model && row.decisionSeconds === decisionSeconds && row.role === role,
    )!.waitSeconds;
  // One slow path saturates; a fast path still waits behind slow decisions; offers that are held starve the batch
  // framework; on shared state it does not notice.
  expect(wait('monolithic, single path', 5, 'batch')).toBeGreaterThan(100);
  expect(wait('monolithic, multi-path', 60, 'batch')).toBeGreaterThan(
    100 * wait('shared state', 60, 'batch'),
  );
  expect(wait('two-level', 60, 'batch')).toBeGreaterThan(20 * wait('two-level', 1, 'batch'));
  expect(wait('shared state', 60, 'batch')).toBeCloseTo(wait('shared state', 0.1, 'batch'), 2);
  // Conflicts rise with load (§5), and hardly with the number of batch schedulers.
  const conflicts = study.loads.map(({ conflicted }) => conflicted);
  expect(conflicts).toEqual([...conflicts].sort((a, b) => a - b));
  expect(conflicts.at(-1)).toBeGreaterThan(3 * conflicts[0]);
  expect(study.schedulers.at(-1)!.conflicted).toBeLessThan(1.5 * study.schedulers[0].conflicted);
});
