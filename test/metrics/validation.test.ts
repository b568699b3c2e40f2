import { expect, test } from 'vitest';
import type { RunTables } from '../../src/metrics/tables.ts';
import { validate } from '../../src/metrics/validation.ts';

function run(
  waits: readonly number[],
  lastEnd: number,
  share: number,
): Pick<RunTables, 'jobs' | 'rolesOverTime'> {
  const count = waits.length;
  const column = (values: readonly number[]) => Float64Array.from(values);
  return {
    jobs: {
      jobId: waits.map((_, job) => String(job)),
      role: waits.map(() => 'r'),
      submitSeconds: new Float64Array(count),
      startSeconds: column(waits),
      endSeconds: column(waits.map(() => lastEnd)),
      waitSeconds: column(waits),
      responseSeconds: column(waits),
      boundedSlowdown: column(waits),
      finishTimeFairness: column(waits),
      tasks: new Int32Array(count).fill(1),
      unplacedTasks: new Int32Array(count),
    },
    rolesOverTime: {
      timeSeconds: column([0, 10, 1000]),
      role: ['r', 'r', 'r'],
      dominantShare: column([share, share, 0]),
      entitlement: column([1, 1, 1]),
      waitingTasks: column([0, 0, 0]),
      runningTasks: column([0, 0, 0]),
    },
  };
}

test('errors are relative to the real run, and what comes after its end is not counted', () => {
  const { rows, medianError, jobs } = validate(run([1, 2, 3], 100, 0.5), [run([1, 2, 6], 90, 0.4)]);
  const errorOf = (name: string) => rows.find(({ figure }) => figure === name)!.error;
  expect(errorOf('mean wait')).toBeCloseTo(0.5);
  expect(errorOf('p50 wait')).toBe(0);
  expect(errorOf('makespan')).toBeCloseTo(0.1);
  expect(errorOf('share of r')).toBeCloseTo(0.2);
  expect(medianError).toBeCloseTo(0.35, 1);
  expect(jobs).toHaveLength(3);
});

test('jobs that did not start in all of them are left out', () => {
  expect(validate(run([1, Number.NaN], 9, 1), [run([1, 1], 9, 1)]).jobs).toHaveLength(1);
});

test('of several simulations the mean counts, and how far they are apart is told', () => {
  const { rows, jobs } = validate(run([2, 4], 100, 0.5), [run([1, 4], 80, 0.4), run([3, 6], 110, 0.6)]);
  expect(rows.find(({ figure }) => figure === 'makespan')).toMatchObject({ simulated: 95, range: [80, 110] });
  expect(rows.find(({ figure }) => figure === 'share of r')!.error).toBe(0);
  expect(jobs.map(({ simulated }) => simulated)).toEqual([2, 5]);
});
