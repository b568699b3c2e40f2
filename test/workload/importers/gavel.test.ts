/** Gavel. The figures of the real trace come from a separate count over its rows. */
import { expect, test } from 'vitest';
import { lacksTraces } from '../../traces.ts';
import { jobsByRole, loadReal, totalMilli, totalSeconds } from './real-traces.ts';
import { jobsOf, lines, load } from './text-trace.ts';

const FILE = 'gavel-msr/seed0-ee9e8c.trace.gz';

test.skipIf(lacksTraces)('the trace has 2,000 jobs of 8,587 GPUs and seven model families', async () => {
  const { workload, format } = await loadReal(FILE);
  expect(format).toBe('gavel');
  expect([workload.jobs.count, totalMilli(workload, 'gpus')]).toEqual([2000, 8_587_000]);
  // Steps times GPUs, at 10 steps a second.
  expect(totalSeconds(workload)).toBeCloseTo(4_396_244_493.2, 3);
  expect(workload.jobs.submitUs[1999]).toBe(4_508_448e6);
  expect(jobsByRole(workload)).toEqual({
    A3C: 73,
    CycleGAN: 93,
    LM: 358,
    Recommendation: 388,
    'ResNet-18': 421,
    'ResNet-50': 271,
    Transformer: 396,
  });
});

test.skipIf(lacksTraces)('roles may be job types with their batch sizes, or numbers of GPUs', async () => {
  expect((await loadReal(FILE, { roleField: 'jobType' })).workload.roles.length).toBe(26);
  expect(jobsByRole((await loadReal(FILE, { roleField: 'scale' })).workload)['8 GPUs']).toBe(543);
});

const row = (steps: string, arrival: string, gpus: string) =>
  [
    'ResNet-18 (batch size 64)',
    'cd %s && python3 "main.py", 64',
    '--num_steps',
    '0',
    steps,
    arrival,
    gpus,
  ].join('\t');

test('a job is a gang of a task for each GPU that runs its steps at the stated rate', async () => {
  const { workload, report } = await load(
    { 'x.trace': lines(row('1000', '0.5', '2'), row('30', '2.000000', '1')) },
    { importOptions: { stepsPerSecond: 4 } },
  );
  expect(jobsOf(workload)).toEqual([
    '0 ResNet-18 @0.5 gang: 2× gpus 1 250s',
    '1 ResNet-18 @2: 1× gpus 1 7.5s',
  ]);
  expect(report.notes[0]).toContain('Durations are derived: total steps ÷ 4 steps a second');
});

test('a rate of 0 steps a second is refused', async () => {
  const options = { importOptions: { stepsPerSecond: 0 } };
  await expect(load({ 'x.trace': lines(row('1000', '0', '1')) }, options)).rejects.toMatchObject({
    code: 'OPTION_VALUE',
    message: '--import stepsPerSecond=0: expected a number above 0',
  });
});

for (const [fault, text, code, place] of [
  ['text for steps', row('many', '1', '1'), 'ROW_VALUE', { line: 2, column: 72 }],
  ['a negative arrival', row('9', '-1', '1'), 'ROW_VALUE', { line: 2, column: 74 }],
  ['a job without GPUs', row('9', '1', '0'), 'ROW_VALUE', { line: 2, column: 76 }],
  ['a missing column', 'ResNet-18\tcd\t-n\t0\t9\t1', 'ROW_COLUMNS', { line: 2 }],
] as const) {
  test(`${fault} is ${code}`, async () => {
    const reading = load({ 'x.trace': lines(row('9', '0', '1'), text) });
    await expect(reading).rejects.toMatchObject({ code, place: { file: 'x.trace', ...place } });
  });
}
