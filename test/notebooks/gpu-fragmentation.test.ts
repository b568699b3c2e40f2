/** The figures of the notebook on GPU fragmentation are what the code gives, and have the paper's order. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type FillRow, gpuFragmentationStudy } from '../../notebooks/studies/gpu-fragmentation.ts';
import { lacksTraces, tracePath } from '../traces.ts';

test.skipIf(lacksTraces)('are recomputed to the last digit', { timeout: 240_000 }, async () => {
  const kept = JSON.parse(readFileSync('notebooks/studies/gpu-fragmentation.json', 'utf8')) as FillRow[];
  const rows = await gpuFragmentationStudy(tracePath(''));
  expect(rows).toEqual(kept);
  for (const pods of new Set(rows.map((row) => row.pods))) {
    const allocated = (fit: string) =>
      rows.find((row) => row.pods === pods && row.fit === fit && row.arrived === 1)!.allocated;
    expect(allocated('fgd')).toBeGreaterThan(allocated('best'));
    expect(allocated('best')).toBeGreaterThan(allocated('random'));
    expect(allocated('fgd')).toBeGreaterThan(allocated('dot'));
  }
});
