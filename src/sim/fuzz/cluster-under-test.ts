/** Builds the world of a schedule from the real machines, and keeps hold of what invariants look at. */
import { Agent } from '../../agent/agent.ts';
import { HierarchicalAllocator } from '../../allocator/hierarchical/hierarchical-allocator.ts';
import type { RandomStream } from '../../cluster/streams.ts';
import { US_PER_SECOND } from '../../cluster/time.ts';
import type { Application } from '../../frameworks/application.ts';
import { BATCH_DEFAULTS, Batch } from '../../frameworks/batch.ts';
import { Scheduler } from '../../frameworks/scheduler.ts';
import { SERVICE_DEFAULTS, Service } from '../../frameworks/service.ts';
import { DEFAULT_ELECTION } from '../../master/elector.ts';
import { Master } from '../../master/master.ts';
import { drf } from '../../policies/drf.ts';
import type { FrameworkInfo } from '../../protocol/v1/mesos.ts';
import { Quantities } from '../../resources/quantities.ts';
import { parseResourcesText } from '../../resources/text.ts';
import { DEFAULT_STORE } from '../protocol/store-service.ts';
import { World, type WorldOptions } from '../protocol/world.ts';
import { batchRole, type Schedule, serviceRole } from './schedule.ts';

export const AGENT_RESOURCES = 'cpus:4;mem:4096';
const TASK_DEMAND = [
  { name: 'cpus', milli: 1000 },
  { name: 'mem', milli: 256_000 },
];
const WEEK_SECONDS = 604_800;

/** Machines as a schedule's world makes them; tests of the checks themselves replace some by broken ones. */
export interface Makers {
  master(options: ConstructorParameters<typeof Master>[0]): Master;
  allocator(options: ConstructorParameters<typeof HierarchicalAllocator>[0]): HierarchicalAllocator;
  agent(options: ConstructorParameters<typeof Agent>[0]): Agent;
  scheduler(...options: ConstructorParameters<typeof Scheduler>): Scheduler;
  election: WorldOptions['election'];
}

export const REAL_MAKERS: Makers = {
  master: (options) => new Master(options),
  allocator: (options) => new HierarchicalAllocator(options),
  agent: (options) => new Agent(options),
  scheduler: (...options) => new Scheduler(...options),
  election: DEFAULT_ELECTION,
};

export interface ClusterUnderTest {
  readonly world: World;
  readonly allocatorOf: WeakMap<Master, HierarchicalAllocator>;
  /** By node name: what the present process of a scheduler schedules. */
  readonly applicationOf: Map<string, Application>;
}

export function buildCluster(schedule: Schedule, makers: Makers): ClusterUnderTest {
  const allocatorOf = new WeakMap<Master, HierarchicalAllocator>();
  const applicationOf = new Map<string, Application>();
  const scheduler = (role: string, makeApplication: () => Application) => ({
    name: role,
    create: (random: RandomStream) => {
      const application = makeApplication();
      applicationOf.set(role, application);
      return makers.scheduler(frameworkOf(role), application, random);
    },
  });
  const world = new World({
    seed: schedule.seed,
    masters: schedule.masters,
    agents: Array.from({ length: schedule.agents }, (_, a) => ({
      name: `agent-${a}`,
      rack: 'rack-0',
      create: (random) =>
        makers.agent({
          info: { hostname: `agent-${a}`, resources: parseResourcesText(AGENT_RESOURCES).toWire() },
          random,
        }),
    })),
    schedulers: [
      ...schedule.batches.map((batch, b) => scheduler(batchRole(b), () => batchOf(batch))),
      ...schedule.services.map(({ instances }, s) =>
        scheduler(serviceRole(s), () => serviceOf(s, instances)),
      ),
    ],
    createMaster: (info, random, nowUs) => {
      const allocator = makers.allocator({
        policy: drf,
        random,
        intervalUs: US_PER_SECOND,
        startUs: nowUs,
        minAllocatable: [Quantities.of([['cpus', 10]]), Quantities.of([['mem', 32_000]])],
        excludedResources: [],
        filterGpuResources: true,
        region: null,
      });
      const flags = { offerTimeoutUs: schedule.offerTimeoutUs };
      const master = makers.master({ info, random, flags, allocator });
      allocatorOf.set(master, allocator);
      return master;
    },
    network: schedule.network,
    store: DEFAULT_STORE,
    election: makers.election,
    diskLatencyUs: 2_000,
    clocks: schedule.clocks,
    restartDelayUs: { master: US_PER_SECOND, agent: US_PER_SECOND, scheduler: US_PER_SECOND },
    containerLaunchUs: 50_000,
    faults: schedule.faults,
    registry: [],
  });
  return { world, allocatorOf, applicationOf };
}

function frameworkOf(role: string): FrameworkInfo {
  return {
    user: 'root',
    name: role,
    roles: [role],
    failover_timeout: WEEK_SECONDS,
    checkpoint: true,
    capabilities: [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }, { type: 'RESERVATION_REFINEMENT' }],
  };
}

function batchOf({ tasks, seconds }: Schedule['batches'][number]): Batch {
  const task = (index: number) => ({
    info: {
      name: String(index),
      // One in five fails at its end, however often it is tried.
      command: { value: `sleep ${1 + (index % seconds)}${index % 5 === 4 ? '; exit 1' : ''}` },
    },
    demand: TASK_DEMAND,
    constraints: [],
    prefers: [],
    after: index % 7 === 6 ? [index - 3] : [],
    maxFailures: 3,
  });
  return new Batch(
    Array.from({ length: tasks }, (_, index) => task(index)),
    BATCH_DEFAULTS,
  );
}

function serviceOf(index: number, instances: number): Service {
  return new Service(
    {
      name: `s${index}`,
      instances,
      demand: TASK_DEMAND,
      constraints: [],
      info: { name: `s${index}`, command: { value: 'sleep 1000000' } },
      spreadBy: 'hostname',
    },
    SERVICE_DEFAULTS,
  );
}
