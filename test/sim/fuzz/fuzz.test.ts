/** Schedules of faults, each of which the cluster must survive with all its rules kept. */
import { describe, expect, it } from 'vitest';
import { Agent } from '../../../src/agent/agent.ts';
import type { AgentInput } from '../../../src/agent/io.ts';
import { HierarchicalAllocator } from '../../../src/allocator/hierarchical/hierarchical-allocator.ts';
import type { Tick } from '../../../src/protocol/machine.ts';
import { parseResourcesText } from '../../../src/resources/text.ts';
import { type Makers, REAL_MAKERS } from '../../../src/sim/fuzz/cluster-under-test.ts';
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

/** Every other operation is of more than the agent has, unlike its master believes. @param tells whether it says so */
function refusing(tells: boolean): Makers {
  return {
    ...REAL_MAKERS,
    agent(options) {
      let count = 0;
      class Refusing extends Agent {
        override step(input: AgentInput | Tick, nowUs: number) {
          const given = isOperation(input) && count++ % 2 === 0 ? withTooMuch(input) : input;
          const effects = super.step(given, nowUs);
          return tells
            ? effects
            : effects.filter((e) => e.kind !== 'master-message' || e.message.type !== 'UPDATE_AGENT');
        }
      }
      return new Refusing(options);
    },
  };
}

type MasterInput = Extract<AgentInput, { readonly kind: 'master-message' }>;

const isOperation = (input: AgentInput | Tick): input is MasterInput =>
  input.kind === 'master-message' && input.message.type === 'APPLY_OPERATION';

function withTooMuch(input: MasterInput): MasterInput {
  const [cpus] = parseResourcesText('cpus:1000').toWire();
  const resources = [{ ...cpus, reservations: [{ type: 'DYNAMIC' as const, role: 'ads' }] }];
  const info = { type: 'RESERVE' as const, reserve: { resources } };
  return { ...input, message: { ...input.message, info } as MasterInput['message'] };
}

describe('§10.1 agents that cannot apply an operation', () => {
  const violations = (makers: Makers) =>
    Array.from({ length: 150 }, (_, seed) => runSchedule(drawSchedule(String(seed + 1)), makers).violation);

  it('tell their masters what they have, and no rule is broken', () => {
    expect(violations(refusing(true)).filter((violation) => violation !== null)).toEqual([]);
  });

  it('… and if they did not, master and agent would not agree', () => {
    const messages = violations(refusing(false)).flatMap((violation) => violation?.message ?? []);
    expect(messages.filter((message) => message.includes('the leader believes')).length).toBeGreaterThan(0);
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
