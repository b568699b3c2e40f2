/**
 * Plays a workload through the simulated world: one framework a role, which runs the role's jobs, on the real master,
 * agent and framework machines. Results are those of a replay, and what only a protocol has: latencies and messages.
 */
import { Agent } from '../../agent/agent.ts';
import { InputError } from '../../cluster/errors.ts';
import { MILLI, type ResourceAmounts } from '../../cluster/resources.ts';
import { Scheduler } from '../../frameworks/scheduler.ts';
import { TRACE_DEFAULTS, Trace } from '../../frameworks/trace.ts';
import { DEFAULT_ELECTION } from '../../master/elector.ts';
import {
  createMaster,
  type JournalEntry,
  type JournalListener,
  type MasterSettings,
} from '../../master/journal.ts';
import type { Master } from '../../master/master.ts';
import { storeQuota } from '../../master/registry.ts';
import { formatSeconds } from '../../metrics/format-values.ts';
import type { OfferCounts, ProtocolFigures, RunSummary } from '../../metrics/summary.ts';
import type { RunTables } from '../../metrics/tables.ts';
import { quotaProblem } from '../../protocol/quota.ts';
import { roleProblem } from '../../protocol/role-names.ts';
import type { AgentInfo, FrameworkInfo, MasterInfo } from '../../protocol/v1/mesos.ts';
import type { QuotaConfig } from '../../protocol/v1/quota.ts';
import type { Workload } from '../../workload/workload.ts';
import type { AllocationModel, ReplayOptions } from '../options.ts';
import type { ReplayOutcome } from '../outcome.ts';
import { runSummary } from '../run-summary.ts';
import { runTables } from '../run-tables.ts';
import { type AgentChange, AgentChanges } from './agent-changes.ts';
import type { AgentPlan } from './agent-node.ts';
import { Books } from './books.ts';
import type { ProtocolOptions } from './options.ts';
import type { SchedulerPlan } from './scheduler-node.ts';
import { DEFAULT_STORE } from './store-service.ts';
import { withWholeGpus } from './whole-gpus.ts';
import { World } from './world.ts';

type ProtocolModel = Extract<AllocationModel, { readonly kind: 'protocol' }>;

/** From power-on to the start of the trace: a leader is elected, agents register and frameworks subscribe. */
const WARM_UP_US = 10_000_000;
/** When nothing ran for so long after the last job came, what waits will never start. */
const STUCK_US = 600_000_000;
/** Whoever leads nothing. */
const NOBODY: MasterInfo = { id: '', ip: 0, port: 0 };
const WEEK_SECONDS = 604_800;

export class ProtocolSimulation {
  /** As it is played: with whole GPUs. */
  readonly workload: Workload;
  readonly options: ReplayOptions;
  readonly world: World;
  private readonly given: Workload;
  private readonly books: Books;
  private readonly agentChanges: AgentChanges;
  /** Virtual time of the trace's time 0. */
  private readonly startUs: number;
  /** To be set before the first advance: told of every step of every master. */
  journal: ((settings: MasterSettings, entry: JournalEntry) => void) | null = null;
  private isOver = false;
  private wasCut = false;

  /** @throws InputError OPTION_CONFLICT, CLUSTER_INVALID where workload, cluster and options do not fit together */
  constructor(given: Workload, options: ReplayOptions) {
    const model = modelOf(options);
    const workload = withWholeGpus(given);
    const { world } = model;
    checkPlayable(workload, options);
    // What the policy cannot do is found now, not when the first master starts.
    // A policy that no master can order by is refused before anything is played.
    createMaster(settingsOf(options, NOBODY, 0), options.policy);
    this.given = given;
    this.workload = workload;
    this.options = options;
    const firstUs = workload.jobs.count > 0 ? workload.jobs.submitUs[0] : 0;
    this.startUs = Math.max(0, WARM_UP_US - firstUs);
    this.books = new Books(workload, options);
    this.world = new World(
      {
        seed: options.seed,
        masters: world.masters,
        agents: agentPlans(options, world),
        schedulers: schedulerPlans(workload, model, this.startUs),
        createMaster: (info, _random, nowUs) => this.createMaster(info, nowUs),
        network: world.network,
        store: DEFAULT_STORE,
        election: DEFAULT_ELECTION,
        diskLatencyUs: world.diskLatencyUs,
        clocks: world.clocks,
        restartDelayUs: { master: 1_000_000, agent: 1_000_000, scheduler: 1_000_000 },
        containerLaunchUs: world.containerLaunchUs,
        registry: quotasOf(options.limits, options.guarantees).map((config) =>
          storeQuota(config.role, config),
        ),
        faults: world.faults.map((fault) => ({ ...fault, atUs: fault.atUs + this.startUs })),
      },
      {
        schedulerCalled: (_, call) => this.books.called(call, this.traceUs),
        schedulerHeard: (_, event) => this.books.heard(event, this.traceUs),
        executorUpdated: (_, status) => this.books.reported(status, this.traceUs),
      },
    );
    const { cluster, failures, seed } = options;
    this.agentChanges = new AgentChanges(
      this.world.timeline,
      cluster,
      failures,
      seed,
      this.startUs,
      firstUs,
      (change) => this.changeAgent(change),
    );
  }

  /** What a reader of the results should know, in sentences. */
  get warnings(): readonly string[] {
    const { world } = modelOf(this.options);
    const missed = world.faults.filter(({ atUs }) => atUs > this.traceUs);
    return [
      ...(this.workload === this.given
        ? []
        : ['tasks that ask for a part of a GPU hold a whole one: agents of the protocol do not share GPUs']),
      ...missed.map(
        (fault) =>
          `the fault ${fault.kind} at ${formatSeconds(fault.atUs / 1e6)} did not happen: all was over at ${formatSeconds(this.traceUs / 1e6)}`,
      ),
    ];
  }

  private changeAgent(change: AgentChange): void {
    const { agent, kind, total, isGrowth } = change;
    const node = this.world.agents[agent];
    this.books.agentChanged(change, this.traceUs);
    const plan = total && agentPlan(this.options, modelOf(this.options).world, agent, total);
    if (kind === 'leave') node.switchOff();
    if (plan !== null) {
      if (isGrowth) node.reconfigure(plan);
      else node.replace(plan);
    }
    if (kind === 'join') node.switchOn();
  }

  private createMaster(info: MasterInfo, nowUs: number): Master {
    const settings = settingsOf(this.options, info, nowUs);
    const listener: JournalListener | null = this.journal && ((entry) => this.journal?.(settings, entry));
    return createMaster(settings, this.options.policy, listener);
  }

  get progress(): { readonly endedTasks: number; readonly taskCount: number; readonly nowUs: number } {
    const { settledCount, workload } = this.books;
    return { endedTasks: settledCount, taskCount: workload.tasks.count, nowUs: this.traceUs };
  }

  get isComplete(): boolean {
    return this.isOver && !this.wasCut;
  }

  get offerCounts(): OfferCounts {
    return this.books.offerCounts;
  }

  /** Plays up to so many further events; true when all work is done, or can never be. */
  advance(events: number): boolean {
    const { world, books, options, agentChanges } = this;
    for (let n = 0; n < events && !this.isOver; n++) {
      const atUs = world.timeline.nextUs - this.startUs;
      if (atUs > options.untilUs) {
        this.wasCut = true;
        this.isOver = true;
      } else {
        books.advanceTo(atUs);
        world.advance(1);
        this.isOver =
          books.isDone || (books.isIdle && !agentChanges.mayHelp && atUs - books.lastChangeUs > STUCK_US);
      }
    }
    return this.isOver;
  }

  /** Figures so far (call when over, or when stopped early for partial results). */
  summary(): RunSummary {
    return { ...runSummary(this.outcome()), protocol: this.figures() };
  }

  tables(): RunTables {
    return runTables(this.outcome());
  }

  private figures(): ProtocolFigures {
    const { measures, traffic, timeline, notes } = this.world;
    return {
      ...measures.figures(),
      ...traffic.total,
      messagesByType: traffic.byType(),
      events: timeline.eventCount,
      virtualSeconds: timeline.nowUs / 1_000_000,
      notes: notes.map(({ timeUs, kind, node, detail }) => ({
        seconds: (timeUs - this.startUs) / 1_000_000,
        kind,
        node,
        detail,
      })),
    };
  }

  private get traceUs(): number {
    return this.world.timeline.nowUs - this.startUs;
  }

  private outcome(): ReplayOutcome {
    const { books, workload, options, isComplete } = this;
    const { recorder, counts, offerCounts, idealUs, board } = books;
    recorder.finish(Math.max(0, Math.min(this.traceUs, options.untilUs)));
    const { digest } = this.world;
    return { workload, options, board, recorder, counts, offerCounts, digest, idealUs, isComplete };
  }
}

function modelOf({ model }: ReplayOptions): ProtocolModel {
  if (model.kind !== 'protocol') throw new Error(`a protocol simulation of the model ${model.kind}`);
  return model;
}

/** @throws InputError OPTION_CONFLICT where the policy orders by what a master does not know */
function settingsOf(options: ReplayOptions, info: MasterInfo, nowUs: number): MasterSettings {
  const { intervalUs, holdUs, world } = modelOf(options);
  return {
    info,
    flags: {
      weights: Object.fromEntries(options.weights),
      allocationIntervalUs: intervalUs,
      offerTimeoutUs: holdUs === Number.POSITIVE_INFINITY ? null : holdUs,
    },
    seed: `${options.seed}/${info.id}`,
    startUs: nowUs,
    policy: options.policy.name,
    minAllocatable: [{ cpus: 10 }, { mem: 32_000 }],
    excludedResources: [],
    filterGpuResources: true,
    region: null,
    fairness: world.fairness,
  };
}

function agentPlans(options: ReplayOptions, world: ProtocolOptions): AgentPlan[] {
  const { total, resources, agentIds } = options.cluster;
  const width = resources.length;
  return agentIds.map((_, agent) =>
    agentPlan(options, world, agent, total.subarray(agent * width, (agent + 1) * width)),
  );
}

/** @param total thousandths by resource of the cluster */
function agentPlan(
  { cluster }: ReplayOptions,
  { agentsPerRack }: ProtocolOptions,
  agent: number,
  total: Float64Array,
): AgentPlan {
  const name = cluster.agentIds[agent];
  const info: AgentInfo = {
    hostname: name,
    port: 5051,
    resources: cluster.resources.flatMap((resource, r) =>
      total[r] > 0 ? [{ name: resource, type: 'SCALAR' as const, scalar: { value: total[r] / MILLI } }] : [],
    ),
    attributes: [...cluster.attributes].flatMap(([attribute, values]) => {
      const value = values[agent];
      return value === null ? [] : [{ name: attribute, type: 'TEXT' as const, text: { value } }];
    }),
  };
  return {
    name,
    rack: `rack-${Math.floor(agent / agentsPerRack)}`,
    isOff: cluster.absent.has(agent),
    create: (random) => new Agent({ info, random }),
  };
}

function schedulerPlans(workload: Workload, { refuseUs }: ProtocolModel, startUs: number): SchedulerPlan[] {
  return workload.roles.map((role, number) => {
    const info: FrameworkInfo = {
      user: 'mesolab',
      name: role,
      roles: [role],
      failover_timeout: WEEK_SECONDS,
      checkpoint: true,
      capabilities: [
        { type: 'MULTI_ROLE' },
        { type: 'PARTITION_AWARE' },
        { type: 'RESERVATION_REFINEMENT' },
        { type: 'GPU_RESOURCES' },
      ],
    };
    return {
      name: `framework-${role}`,
      create: (random, clock) => {
        // Jobs come at the same time for all, whatever their frameworks' clocks show.
        const options = { ...TRACE_DEFAULTS, startUs: clock.shownAt(startUs), refuseUs };
        return new Scheduler(info, new Trace(workload, number, options), random);
      },
    };
  });
}

function quotasOf(
  limits: ReplayOptions['limits'],
  guarantees: ReplayOptions['guarantees'],
): readonly QuotaConfig[] {
  const scalars = (amounts: ResourceAmounts = {}) =>
    Object.fromEntries(Object.entries(amounts).map(([name, value]) => [name, { value }]));
  return [...new Set([...limits.keys(), ...guarantees.keys()])].map((role) => ({
    role,
    limits: scalars(limits.get(role)),
    guarantees: scalars(guarantees.get(role)),
  }));
}

/** @throws InputError OPTION_CONFLICT, CLUSTER_INVALID for what the protocol simulation cannot play */
function checkPlayable({ roles }: Workload, { limits, guarantees }: ReplayOptions): void {
  const conflict = (message: string) => new InputError('OPTION_CONFLICT', message);
  const quota = quotaProblem(quotasOf(limits, guarantees));
  if (quota !== null) throw conflict(`--quota, --guarantee: ${quota}`);
  for (const role of roles) {
    const problem = roleProblem(role);
    if (problem !== null)
      throw conflict(`${problem}: --model protocol cannot play it; choose another field with --role`);
  }
}
