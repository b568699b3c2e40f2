/** What is written in our formats is read back as it was. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeTrace } from '../../../src/files/trace-directory.ts';
import { TraceSource } from '../../../src/files/trace-source.ts';
import { agentsCsv, jobsCsv } from '../../../src/workload/format/csv-text.ts';
import { demoModel } from '../../../src/workload/generate/demo-model.ts';
import { generateWorkload } from '../../../src/workload/generate/generate.ts';
import { loadTrace } from '../../../src/workload/load-trace.ts';
import { DEMO, temporaryFolder } from '../../cli/mesolab.ts';
import { play } from '../../sim/play.ts';
import { randomCase } from '../../sim/random-case.ts';

test('Parquet keeps everything', async () => {
  await fc.assert(
    fc.asyncProperty(randomCase(), async ({ workload, cluster }) => {
      const folder = join(temporaryFolder(), 'trace');
      const whole = { ...workload, cluster };
      await writeTrace(folder, whole);
      const { workload: read, format } = await loadTrace(new TraceSource(folder));
      expect(format).toBe('mesolab');
      expect(read).toEqual(whole);
    }),
    { numRuns: 25, seed: 5 },
  );
});

test('CSV keeps what decides', async () => {
  await fc.assert(
    fc.asyncProperty(randomCase(true), async ({ workload, cluster }) => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, 'jobs.csv'), [...jobsCsv(workload)].join(''));
      writeFileSync(join(folder, 'agents.csv'), [...agentsCsv(cluster)].join(''));
      const { workload: read, format } = await loadTrace(new TraceSource(folder));
      expect(format).toBe('mesolab-csv');
      expect(play(read, read.cluster!, 'drf').digest.toString()).toBe(
        play(workload, cluster, 'drf').digest.toString(),
      );
    }),
    { numRuns: 25, seed: 5 },
  );
});

test('the bundled workload is what the generator makes today', async () => {
  const { workload } = await loadTrace(new TraceSource(DEMO));
  expect(workload).toEqual(generateWorkload(demoModel, '1', demoModel.defaults));
  expect(workload.tasks.count).toBeGreaterThanOrEqual(100_000);
  expect(workload.cluster?.agentIds.length).toBe(1000);
});

const HEADER = 'job,role,submitSeconds,durationSeconds,cpus';
const WRONG: readonly [what: string, text: string, message: RegExp][] = [
  ['an unknown column', `${HEADER},memMb\n1,a,0,1,1,5\n`, /"memMb"; did you mean "memMib"/],
  ['a negative amount', `${HEADER}\n1,a,0,1,-1\n`, /jobs\.csv:2:9: .*negative/],
  ['text for a number', `${HEADER}\n1,a,soon,1,1\n`, /jobs\.csv:2:5: submitSeconds "soon"/],
  ['a missing field', `${HEADER}\n1,a,0,1\n`, /4 columns; expected 5/],
  ['a duplicate id', `${HEADER}\n1,a,0,1,1\n1,a,0,1,1\n`, /job 1 appears twice/],
  ['an unknown stage', `${HEADER},stage,after\n1,a,0,1,1,reduce,map\n`, /stage "map"/],
];

for (const [what, text, message] of WRONG) {
  test(`refuses ${what} in jobs.csv`, async () => {
    const file = join(temporaryFolder(), 'jobs.csv');
    writeFileSync(file, text);
    await expect(loadTrace(new TraceSource(file))).rejects.toThrow(message);
  });
}

test('the example of docs/trace-format.md is read', async () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/trace-format.md'), 'utf8');
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('    '))
    .map((line) => line.trim());
  const file = join(temporaryFolder(), 'jobs.csv');
  writeFileSync(file, `${rows.join('\n')}\n`);
  const { workload } = await loadTrace(new TraceSource(file));
  expect([workload.jobs.count, workload.stages.count, workload.tasks.count]).toEqual([1, 2, 44]);
});
