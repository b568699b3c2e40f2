import { expect, test } from 'vitest';
import { Agent } from '../../../src/agent/agent.ts';
import { HierarchicalAllocator } from '../../../src/allocator/hierarchical/hierarchical-allocator.ts';
import { stream } from '../../../src/cluster/streams.ts';
import { BATCH_DEFAULTS, Batch } from '../../../src/frameworks/batch.ts';
import { Scheduler } from '../../../src/frameworks/scheduler.ts';
import type { MasterEffect, MasterInput } from '../../../src/master/io.ts';
import { Master } from '../../../src/master/master.ts';
import { drf } from '../../../src/policies/drf.ts';
import type { Machine, Tick } from '../../../src/protocol/machine.ts';
import type { MasterInfo } from '../../../src/protocol/v1/mesos.ts';
import { World } from '../../../src/sim/protocol/world.ts';
import { QUIET } from './quiet-world.ts';

const SECOND_US = 1_000_000;

function masterOf(info: MasterInfo, nowUs: number): Master {
  return new Master({
    info,
    random: stream('journal', info.id),
    allocator: new HierarchicalAllocator({
      policy: drf,
      random: stream('journal', `${info.id}/allocator`),
      intervalUs: SECOND_US,
      startUs: nowUs,
      minAllocatable: [],
      excludedResources: [],
      filterGpuResources: true,
      region: null,
    }),
  });
}

/** A master that writes down what came out of it. */
class Recorded implements Machine<MasterInput, MasterEffect> {
  readonly info: MasterInfo;
  readonly startUs: number;
  readonly inputs: { readonly input: MasterInput | Tick; readonly nowUs: number }[] = [];
  readonly effects: MasterEffect[] = [];
  private readonly master: Master;

  constructor(info: MasterInfo, startUs: number) {
    this.info = info;
    this.startUs = startUs;
    this.master = masterOf(info, startUs);
  }

  get nextTimerUs(): number {
    return this.master.nextTimerUs;
  }

  step(input: MasterInput | Tick, nowUs: number): readonly MasterEffect[] {
    const effects = this.master.step(input, nowUs);
    this.effects.push(...effects);
    return effects;
  }
}

test('the journal of a master, stepped into another of its kind, brings about the same effects', () => {
  const masters: Recorded[] = [];
  const command = { value: 'sleep 3' };
  const tasks = Array.from({ length: 30 }, (_, n) => ({
    info: { name: `task-${n}`, command },
    demand: [{ name: 'cpus', milli: 1000 }],
    constraints: [],
    prefers: [],
    after: [],
    maxFailures: 3,
  }));
  const framework = { user: 'u', name: 'f', roles: ['r'], failover_timeout: 1000, checkpoint: true };
  const capabilities = [{ type: 'MULTI_ROLE' as const }];
  const world = new World({
    ...QUIET,
    masters: 2,
    clocks: { skewUs: 300_000, drift: 0.001 },
    agents: Array.from({ length: 4 }, (_, a) => ({
      name: `agent-${a}`,
      rack: 'rack-0',
      create: (random) =>
        new Agent({
          info: {
            hostname: `agent-${a}`,
            resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 2 } }],
          },
          random,
        }),
    })),
    schedulers: [
      {
        name: 'batch',
        create: (random) =>
          new Scheduler({ ...framework, capabilities }, new Batch(tasks, BATCH_DEFAULTS), random),
      },
    ],
    createMaster(info, _random, nowUs) {
      masters.push(new Recorded(info, nowUs));
      return masters.at(-1)!;
    },
    faults: [{ kind: 'kill', target: 'leader', atUs: 8 * SECOND_US, durationUs: 0 }],
  });
  world.onMasterInput = (node, input, nowUs) => {
    (node.process!.machine.master as Recorded).inputs.push({ input, nowUs });
  };
  world.advance(1e6, 60 * SECOND_US);

  expect(world.schedulers[0].problem).toBeNull();
  const leaders = masters.filter(({ effects }) => effects.length > 0);
  expect(leaders).toHaveLength(2);
  for (const { info, startUs, inputs, effects } of leaders) {
    const again = masterOf(info, startUs);
    expect(inputs.flatMap(({ input, nowUs }) => [...again.step(input, nowUs)])).toEqual(effects);
  }
});
