/** SWIM. The figures of real samples come from a separate derivation over their rows. */
import { expect, test } from 'vitest';
import { lacksTraces } from '../../traces.ts';
import { jobsByRole, loadReal, totalSeconds } from './real-traces.ts';
import { jobsOf, lines, load } from './text-trace.ts';

const MIB = 1024 ** 2;

test.skipIf(lacksTraces)(
  'Facebook 2009 has 5,894 jobs, 406,005 map tasks and 21,895 reduce tasks',
  async () => {
    const { workload, format } = await loadReal('swim/FB-2009_samples_24_times_1hr_0.tsv.gz');
    const { jobs, stages } = workload;
    expect(format).toBe('swim');
    let maps = 0;
    let reduces = 0;
    for (let job = 0; job < jobs.count; job++) {
      const first = jobs.firstStage[job];
      maps += stages.firstTask[first + 1] - stages.firstTask[first];
      if (jobs.firstStage[job + 1] - first === 2)
        reduces += stages.firstTask[first + 2] - stages.firstTask[first + 1];
    }
    expect([jobs.count, maps, reduces]).toEqual([5894, 406_005, 21_895]);
    expect(jobsByRole(workload)).toEqual({ small: 4643, medium: 1162, large: 89 });
    // Each of the tasks is rounded to a microsecond.
    expect(Math.abs(totalSeconds(workload) - 3_255_448.153853)).toBeLessThan(0.1);
  },
);

test.skipIf(lacksTraces)('Facebook 2010 has 24,442 jobs of 16.6 million tasks', async () => {
  const { workload } = await loadReal('swim/FB-2010_samples_24_times_1hr_0.tsv.gz');
  expect([workload.jobs.count, workload.tasks.count]).toEqual([24_442, 16_150_741 + 422_115]);
  expect(jobsByRole(workload)).toEqual({ small: 16_775, medium: 5970, large: 1697 });
});

/** @param amounts MiB read by maps, shuffled, and written by reduces */
const row = (id: string, submit: number, ...amounts: [number, number, number]) =>
  [id, submit, 1, ...amounts.map((mib) => mib * MIB)].join('\t');

test('maps of a block each, then reduces, at the stated rates', async () => {
  const { workload } = await load({
    'fb.tsv': lines(row('job0', 5, 160, 2048, 512), row('job1', 6, 0, 0, 100)),
  });
  const request = 'cpus 1 mem 1024';
  expect(jobsOf(workload)).toEqual([
    // 160 MiB in 3 blocks at 20 MiB/s; 2 reduces take in and write 1,280 MiB each.
    `job0 medium @5: 3× ${request} 4.666667s | 2× ${request} 66s after 0`,
    `job1 small @6: 1× ${request} 2s`,
  ]);
});

test('every rate is an option', async () => {
  const importOptions = {
    mapBlockMib: 80,
    reduceMib: 512,
    mapMibPerSecond: 10,
    reduceMibPerSecond: 64,
    taskStartSeconds: 0,
    taskCpus: 0.5,
    taskMemMib: 256,
  };
  const { workload, report } = await load(
    { 'fb.tsv': lines(row('job0', 5, 160, 2048, 512)) },
    { importOptions, roleField: 'all' },
  );
  expect(jobsOf(workload)).toEqual(['job0 all @5: 2× cpus 0.5 mem 256 8s | 4× cpus 0.5 mem 256 10s after 0']);
  expect(report.notes[0]).toContain('derived');
});

for (const [fault, text, code, place] of [
  ['text for bytes', 'job1\t5\t1\tmany\t0\t0', 'ROW_VALUE', { line: 2, column: 10 }],
  ['negative bytes', 'job1\t5\t1\t-5\t0\t0', 'ROW_VALUE', { line: 2, column: 10 }],
  ['a missing column', 'job1\t5\t1\t0\t0', 'ROW_COLUMNS', { line: 2 }],
  ['a job that comes twice', row('job0', 5, 0, 0, 0), 'ROW_DUPLICATE', { line: 2, column: 1 }],
] as const) {
  test(`${fault} is ${code}`, async () => {
    const reading = load({ 'fb.tsv': lines(row('job0', 5, 0, 0, 0), text) });
    await expect(reading).rejects.toMatchObject({ code, place: { file: 'fb.tsv', ...place } });
  });
}
