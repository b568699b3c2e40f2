/** The fuzzer finds bugs: each of these, put into the core on purpose, is caught, by a rule that fits it. */
import { describe, expect, it } from 'vitest';
import { Agent } from '../../../src/agent/agent.ts';
import type { AgentEffect, AgentInput } from '../../../src/agent/io.ts';
import { HierarchicalAllocator } from '../../../src/allocator/hierarchical/hierarchical-allocator.ts';
import type { SchedulerEffect, SchedulerInput } from '../../../src/frameworks/io.ts';
import { Scheduler } from '../../../src/frameworks/scheduler.ts';
import type { MasterEffect, MasterInput } from '../../../src/master/io.ts';
import { Master } from '../../../src/master/master.ts';
import type { Tick } from '../../../src/protocol/machine.ts';
import { type Makers, REAL_MAKERS } from '../../../src/sim/fuzz/cluster-under-test.ts';
import { runSchedule } from '../../../src/sim/fuzz/run-schedule.ts';
import { drawSchedule } from '../../../src/sim/fuzz/schedule.ts';

const SEEDS = 150;

type AgentStep = (agent: Agent, input: AgentInput | Tick, nowUs: number) => readonly AgentEffect[];
type MasterStep = (master: Master, input: MasterInput | Tick, nowUs: number) => readonly MasterEffect[];
type SchedulerStep = (
  scheduler: Scheduler,
  input: SchedulerInput | Tick,
  nowUs: number,
) => readonly SchedulerEffect[];

/** The real machine with another way to be stepped. @param makeStep once for each process */
function agents(makeStep: () => AgentStep): Makers {
  return {
    ...REAL_MAKERS,
    agent(options) {
      const step = makeStep();
      class Mutant extends Agent {
        override step(input: AgentInput | Tick, nowUs: number) {
          return step({ step: (i: AgentInput | Tick, t: number) => super.step(i, t) } as Agent, input, nowUs);
        }
      }
      return new Mutant(options);
    },
  };
}

function masters(step: MasterStep): Makers {
  return {
    ...REAL_MAKERS,
    master(options) {
      class Mutant extends Master {
        override step(input: MasterInput | Tick, nowUs: number) {
          return step(
            { step: (i: MasterInput | Tick, t: number) => super.step(i, t) } as Master,
            input,
            nowUs,
          );
        }
      }
      return new Mutant(options);
    },
  };
}

function schedulers(step: SchedulerStep): Makers {
  return {
    ...REAL_MAKERS,
    scheduler(...options) {
      class Mutant extends Scheduler {
        override step(input: SchedulerInput | Tick, nowUs: number) {
          return step(
            { step: (i: SchedulerInput | Tick, t: number) => super.step(i, t) } as Scheduler,
            input,
            nowUs,
          );
        }
      }
      return new Mutant(...options);
    },
  };
}

function allocators(Mutant: typeof HierarchicalAllocator): Makers {
  return { ...REAL_MAKERS, allocator: (options) => new Mutant(options) };
}

const isUpdate = (effect: AgentEffect) =>
  effect.kind === 'master-message' && effect.message.type === 'STATUS_UPDATE' ? effect.message.status : null;

const mutations: Record<string, { makers: Makers; rules: readonly string[] }> = {
  'an agent sends each update only once': {
    makers: agents(() => {
      const sent = new Set<string>();
      return (agent, input, nowUs) =>
        agent.step(input, nowUs).filter((effect) => {
          const uuid = isUpdate(effect)?.uuid;
          if (uuid === undefined) return true;
          const isNew = !sent.has(uuid);
          sent.add(uuid);
          return isNew;
        });
    }),
    rules: ['the cluster comes to rest after faults'],
  },
  'an agent sends a task’s second update before the first': {
    makers: agents(() => {
      let kept: AgentEffect | null = null;
      return (agent, input, nowUs) =>
        agent.step(input, nowUs).flatMap((effect) => {
          const state = isUpdate(effect)?.state;
          if (state === 'TASK_STARTING') {
            kept = effect;
            return [];
          }
          if (kept === null || state === undefined) return [effect];
          const first = kept;
          kept = null;
          return [effect, first];
        });
    }),
    rules: ['the cluster comes to rest after faults', 'updates come in order'],
  },
  'an agent forgets to write tasks down': {
    makers: agents(
      () => (agent, input, nowUs) =>
        agent
          .step(input, nowUs)
          .map((effect) =>
            effect.kind === 'checkpoint'
              ? { ...effect, changes: effect.changes.filter(({ key }) => !key.startsWith('task/')) }
              : effect,
          ),
    ),
    rules: [
      'the cluster comes to rest after faults',
      'no agent is over-committed',
      'reconciliation tells the truth',
    ],
  },
  'an agent launches a container twice': {
    makers: agents(
      () => (agent, input, nowUs) =>
        agent
          .step(input, nowUs)
          .flatMap((effect): AgentEffect[] =>
            effect.kind === 'launch-container'
              ? [
                  effect,
                  { ...effect, launch: { ...effect.launch, container: `${effect.launch.container} again` } },
                ]
              : [effect],
          ),
    ),
    rules: ['a task is launched once'],
  },
  'an agent does not see executors end': {
    makers: agents(
      () => (agent, input, nowUs) => (input.kind === 'container-ended' ? [] : agent.step(input, nowUs)),
    ),
    rules: ['the cluster comes to rest after faults'],
  },
  'an agent leaves out its tasks when it comes back': {
    makers: agents(
      () => (agent, input, nowUs) =>
        agent
          .step(input, nowUs)
          .map((effect) =>
            effect.kind === 'master-message' && effect.message.type === 'REREGISTER'
              ? { ...effect, message: { ...effect.message, tasks: [] } }
              : effect,
          ),
    ),
    rules: [
      'the cluster comes to rest after faults',
      'reconciliation tells the truth',
      'no agent is over-committed',
    ],
  },
  'a scheduler does not acknowledge': {
    makers: schedulers((scheduler, input, nowUs) =>
      scheduler
        .step(input, nowUs)
        .filter((effect) => effect.kind !== 'call' || effect.call.type !== 'ACKNOWLEDGE'),
    ),
    rules: ['the cluster comes to rest after faults'],
  },
  'a scheduler forgets what it launched': {
    makers: schedulers((scheduler, input, nowUs) =>
      scheduler
        .step(input, nowUs)
        .map((effect) =>
          effect.kind === 'save'
            ? { ...effect, changes: effect.changes.filter(({ key }) => !/^(task|instance)\//.test(key)) }
            : effect,
        ),
    ),
    rules: ['the cluster comes to rest after faults'],
  },
  'a master drops acknowledgements': {
    makers: masters((master, input, nowUs) =>
      master
        .step(input, nowUs)
        .filter((effect) => effect.kind !== 'agent-message' || effect.message.type !== 'ACKNOWLEDGE'),
    ),
    rules: ['the cluster comes to rest after faults'],
  },
  'a new master does not know the agents of the last': {
    makers: masters((master, input, nowUs) =>
      master.step(input.kind === 'elected' ? { ...input, entries: {} } : input, nowUs),
    ),
    rules: ['reconciliation tells the truth'],
  },
  'resources are recovered twice': {
    makers: allocators(
      class extends HierarchicalAllocator {
        override recover(...recovery: Parameters<HierarchicalAllocator['recover']>) {
          super.recover(...recovery);
          super.recover(...recovery);
        }
      },
    ),
    rules: ['machines do not fail', 'allocator and master agree'],
  },
  'resources are never recovered': {
    makers: allocators(
      class extends HierarchicalAllocator {
        override recover() {}
      },
    ),
    rules: ['allocator and master agree'],
  },
  'resources are offered twice': {
    makers: allocators(
      class extends HierarchicalAllocator {
        override run(nowUs: number) {
          const run = super.run(nowUs);
          return { ...run, offers: run.offers.flatMap((offer) => [offer, offer]) };
        }
      },
    ),
    rules: ['no resource is in two places', 'machines do not fail'],
  },
  'quota is not kept': {
    makers: allocators(
      class extends HierarchicalAllocator {
        override setQuota() {}
      },
    ),
    rules: ['quota limits are kept'],
  },
  'deactivated agents are offered': {
    makers: allocators(
      class extends HierarchicalAllocator {
        override deactivateAgent() {}
      },
    ),
    rules: ['only active agents are offered'],
  },
};

describe('the fuzzer catches', () => {
  it.each(Object.entries(mutations))('%s', (_, { makers, rules }) => {
    const broken = new Set<string>();
    for (let seed = 1; seed <= SEEDS && broken.size === 0; seed++) {
      const { violation } = runSchedule(drawSchedule(String(seed)), makers);
      if (violation !== null) broken.add(violation.rule);
    }
    expect([...broken].map((rule) => (rules.includes(rule) ? 'caught' : rule))).toEqual(['caught']);
  });
});
