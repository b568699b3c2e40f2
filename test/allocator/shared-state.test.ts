/** Parallel schedulers on one state (Omega: Schwarzkopf et al., EuroSys 2013). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SharedStateOptions } from '../../src/allocator/shared-state.ts';
import { buildCluster } from '../../src/cluster/cluster.ts';
import type { AllocationModel } from '../../src/sim/options.ts';
import { WorkloadBuilder } from '../../src/workload/builder.ts';
import { play } from '../sim/play.ts';
import { randomCase } from '../sim/random-case.ts';

const SECOND_US = 1_000_000;

interface Job {
  readonly role: string;
  readonly submitSeconds: number;
  readonly tasks: number;
  readonly seconds: number;
  readonly isGang?: boolean;
}

function run(jobs: readonly Job[], agents: number, options: Partial<SharedStateOptions>, policy = 'fifo') {
  const builder = new WorkloadBuilder('shared state');
  const request = builder.request({ cpus: 1 }, null);
  for (const { role, submitSeconds, tasks, seconds, isGang = false } of jobs) {
    builder.job({ role, submitUs: submitSeconds * SECOND_US, isGang });
    builder.tasks(tasks, request, seconds * SECOND_US);
  }
  const cluster = buildCluster(
    Array.from({ length: agents }, (_, index) => ({ id: `agent-${index}`, resources: { cpus: 1 } })),
  );
  const model: AllocationModel = {
    kind: 'shared-state',
    schedulers: 'role',
    jobUs: SECOND_US,
    roleJobUs: new Map(),
    taskUs: 0,
    ...options,
  };
  const replay = play(builder.finish(null, new Map()), cluster, policy, { model, isChecked: true });
  return { figures: replay.summary().sharedState!, starts: [...replay.tables().tasks.startSeconds] };
}

describe('decisions', () => {
  test('take their time for the job and for each task, and are known to have been made', () => {
    const jobs = [{ role: 'a', submitSeconds: 2, tasks: 3, seconds: 10 }];
    const { starts, figures } = run(jobs, 5, { taskUs: 0.25 * SECOND_US });
    expect(starts).toEqual([3.75, 3.75, 3.75]);
    expect(figures).toEqual({
      transactions: 1,
      conflicted: 0,
      claims: 3,
      conflicts: 0,
      decidingSeconds: { a: 1.75 },
    });
  });

  test('of a job that has room for some of its tasks start these, and go on when room comes free', () => {
    const { starts } = run([{ role: 'a', submitSeconds: 0, tasks: 3, seconds: 10 }], 2, {});
    expect(starts).toEqual([1, 1, 12]);
  });

  test('of one scheduler come one after the other; of two at the same time', () => {
    const jobs = ['a', 'b'].map((role) => ({ role, submitSeconds: 0, tasks: 1, seconds: 100 }));
    const slow = { roleJobUs: new Map([['a', 30 * SECOND_US]]) };
    expect(run(jobs, 2, { ...slow, schedulers: 'one' }).starts).toEqual([30, 31]);
    // By then room was claimed elsewhere: both had chosen the first agent.
    expect(run(jobs, 2, slow).starts).toEqual([60, 1]);
  });
});

describe('conflicts', () => {
  const both = ['a', 'b'].map((role) => ({ role, submitSeconds: 0, tasks: 2, seconds: 10 }));

  test('cost those who claim later their decision; the rest of it holds', () => {
    const one = { role: 'a', submitSeconds: 0, tasks: 1, seconds: 10 };
    const { starts, figures } = run([one, both[1]], 3, {});
    // b had chosen agents 0 and 1; 0 was a's, by name, and the next choice is made for it alone.
    expect(starts).toEqual([1, 2, 1]);
    expect(figures).toMatchObject({ transactions: 3, conflicted: 1, claims: 4, conflicts: 1 });
  });

  test('of a gang stop all of it', () => {
    const gang = { role: 'b', submitSeconds: 0, tasks: 2, seconds: 10, isGang: true };
    const { starts, figures } = run([{ ...both[0], tasks: 1 }, gang], 3, {});
    expect(starts).toEqual([1, 2, 2]);
    expect(figures.conflicts).toBe(2);
  });

  test('never happen to one scheduler for all', () => {
    const model: AllocationModel = {
      kind: 'shared-state',
      schedulers: 'one',
      jobUs: SECOND_US,
      roleJobUs: new Map(),
      taskUs: SECOND_US / 10,
    };
    fc.assert(
      fc.property(
        randomCase(true),
        fc.constantFrom('fifo', 'drf', 'sjf', 'drf:fit=random'),
        ({ workload, cluster }, policy) => {
          const { conflicts, claims } = play(workload, cluster, policy, { model }).summary().sharedState!;
          expect(conflicts).toBe(0);
          expect(claims).toBeLessThanOrEqual(workload.tasks.count);
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('without time to decide, nothing conflicts either', () => {
  const instant: AllocationModel = {
    kind: 'shared-state',
    schedulers: 'role',
    jobUs: 0,
    roleJobUs: new Map(),
    taskUs: 0,
  };
  fc.assert(
    fc.property(randomCase(true), ({ workload, cluster }) => {
      const replay = play(workload, cluster, 'drf', { model: instant, isChecked: true });
      expect(replay.isComplete).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('trees, backfilling and preemption are refused', () => {
  for (const policy of ['hdrf', 'easy', 'tetris', 'priority'])
    expect(() => run([], 1, {}, policy), policy).toThrow('--model shared-state');
});
