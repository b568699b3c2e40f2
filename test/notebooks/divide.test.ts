/** Two users and a pool, as notebooks divide it, and what a lie brings. */
import { describe, expect, it } from 'vitest';
import { divide, tasksAlone } from '../../src/notebooks/page/divide.ts';
import { usefulTasks } from '../../src/notebooks/page/lie.ts';

const POOL = [9, 18] as const;
const A = { name: 'A', demand: [1, 4], weight: 1 } as const;
const B = { name: 'B', demand: [3, 1], weight: 1 } as const;

describe('the published example (Ghodsi et al., NSDI 2011, §4.1 and §5)', () => {
  it.each([
    ['DRF', [3, 2], [3, 2]],
    ['asset fairness', [2.52, 2.16], [3, 2]],
    ['CEEI', [45 / 11, 18 / 11], [3, 2]],
  ])('is divided by %s', (policy, tasks, wholeTasks) => {
    const division = divide(POOL, [A, B]).find((row) => row.policy === policy)!;
    for (const user of [0, 1]) expect(division.tasks[user]).toBeCloseTo(tasks[user], 8);
    expect(division.wholeTasks).toEqual(wholeTasks);
  });

  it('heeds weights but in plain DRF', () => {
    const tasksOf = (policy: string) =>
      divide(POOL, [A, { ...B, weight: 2 }]).find((row) => row.policy === policy)!.tasks;
    expect(tasksOf('DRF')).toEqual([3, 2]);
    const [tasksA, tasksB] = tasksOf('weighted DRF');
    expect((tasksB * 3) / 9).toBeCloseTo((2 * tasksA * 4) / 18, 8);
  });

  it('leaves each alone with its part of what it lacks first', () => {
    expect(tasksAlone(POOL, [A, B], 0)).toBe(2.25);
    expect(tasksAlone(POOL, [A, { ...B, weight: 2 }], 1)).toBe(2);
  });
});

describe('a lie', () => {
  const lie = {
    pool: [100, 100],
    demands: [
      [16, 1],
      [1, 2],
    ],
    liar: 0,
    resource: 1,
  };
  const useful = (policy: string, claimed: number) =>
    usefulTasks(lie, claimed).find((row) => row.policy === policy)!.tasks;

  it('pays under CEEI', () => {
    expect(useful('CEEI', 1)).toBeCloseTo(100 / 31, 8);
    expect(useful('CEEI', 8)).toBeCloseTo(25 / 6, 8);
  });

  it.each(['DRF', 'asset fairness'])('does not pay under %s', (policy) => {
    const honest = useful(policy, 1);
    for (const claimed of [0.2, 0.5, 2, 8, 12, 16, 40])
      expect(useful(policy, claimed)).toBeLessThanOrEqual(honest * (1 + 1e-9));
  });

  it('that claims too little leaves what is got too small for most tasks', () => {
    const tasks = usefulTasks(lie, 0.5).find((row) => row.policy === 'DRF')!.tasks;
    expect(tasks).toBeLessThan(0.6 * useful('DRF', 1));
  });
});
