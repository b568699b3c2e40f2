/** Schedules of faults, each of which the cluster must survive with all its rules kept. */
import { describe, expect, it } from 'vitest';
import { HierarchicalAllocator } from '../../../src/allocator/hierarchical/hierarchical-allocator.ts';
import { REAL_MAKERS } from '../../../src/sim/fuzz/cluster-under-test.ts';
import { runSchedule } from '../../../src/sim/fuzz/run-schedule.ts';
import { drawSchedule } from '../../../src/sim/fuzz/schedule.ts';
import { shrink } from '../../../src/sim/fuzz/shrink.ts';

const BATCH = 50;
const batches = Array.from({ length: 12 }, (_, batch) => 1 + batch * BATCH);

describe('no rule is broken', () => {
  it.each(batches)('in the schedules from %i on', (first) => {
    for (let seed = first; seed < first + BATCH; seed++) {
      const { violation } = runSchedule(drawSchedule(String(seed)));
      expect(violation && `seed ${seed}: ${violation.message}`).toBeNull();
    }
  });
});

it('the same schedule goes the same way', () => {
  const schedule = drawSchedule('17');
  expect(runSchedule(schedule).digest).toBe(runSchedule(schedule).digest);
  expect(runSchedule(schedule).digest).not.toBe(runSchedule(drawSchedule('18')).digest);
});

it('a schedule that breaks a rule is shrunk to one that is small and still breaks it', () => {
  class Forgetful extends HierarchicalAllocator {
    override deactivateAgent() {}
  }
  const makers = {
    ...REAL_MAKERS,
    allocator: (options: ConstructorParameters<typeof Forgetful>[0]) => new Forgetful(options),
  };
  const ruleOf = (candidate: ReturnType<typeof drawSchedule>) =>
    runSchedule(candidate, makers).violation?.rule;
  const seed = Array.from({ length: 100 }, (_, s) => String(s + 1)).find(
    (s) => ruleOf(drawSchedule(s)) === 'only active agents are offered' && drawSchedule(s).faults.length > 3,
  )!;
  const small = shrink(
    drawSchedule(seed),
    (candidate) => ruleOf(candidate) === 'only active agents are offered',
  );
  expect(ruleOf(small)).toBe('only active agents are offered');
  expect(small.faults.length + small.commands.length).toBeLessThanOrEqual(1);
});
