/** A replay played by the native engine: the public face of `Replay`, with the same answers to the bit. */
import { gpuColumn } from '../cluster/requests.ts';
import { stream, streamStart } from '../cluster/streams.ts';
import type { OfferCounts, RunSummary } from '../metrics/summary.ts';
import type { RunTables } from '../metrics/tables.ts';
import { OUTCOME_FINISHED, type Workload } from '../workload/workload.ts';
import { AgentEvents } from './agent-events.ts';
import {
  CHANGE_KINDS,
  CHANGES_DUE,
  type NativeEngine,
  type NativeFigures,
  type NativeModule,
  type NativeSetup,
  OVER,
  type ResultColumns,
  type WorkloadColumns,
} from './native-binding.ts';
import type { NativePolicy } from './native-support.ts';
import type { ReplayOptions } from './options.ts';
import type { ReplayOutcome } from './outcome.ts';
import { alignedTotal, jobKeyOf, type ReplaySetup } from './replay-setup.ts';
import { runSummary } from './run-summary.ts';
import { runTables } from './run-tables.ts';

export class NativeReplay {
  readonly workload: Workload;
  readonly options: ReplayOptions;
  private readonly resources: readonly string[];
  private readonly weights: Float64Array;
  private readonly columns: WorkloadColumns;
  private readonly results: ResultColumns;
  private readonly engine: NativeEngine;
  private readonly agentEvents: AgentEvents;
  private isOver = false;

  constructor(
    module: NativeModule,
    workload: Workload,
    options: ReplayOptions,
    setup: ReplaySetup,
    policy: NativePolicy,
  ) {
    const { tasks, jobs } = workload;
    this.workload = workload;
    this.options = options;
    this.resources = setup.resources;
    this.weights = setup.weights;
    this.columns = columnsOf(workload, jobKeys(workload, options, setup.weights));
    this.results = {
      taskState: new Uint8Array(tasks.count),
      startUs: new Float64Array(tasks.count).fill(Number.NaN),
      agentOf: new Int32Array(tasks.count).fill(-1),
      idealUs: new Float64Array(jobs.count).fill(Number.NaN),
    };
    this.agentEvents = new AgentEvents(options.cluster, options.failures, options.seed, setup.startUs);
    this.engine = new module.NativeReplay(this.columns, nativeSetup(workload, options, setup, policy));
  }

  get progress(): { readonly endedTasks: number; readonly taskCount: number; readonly nowUs: number } {
    const { endedTasks, unplacedTasks, nowUs } = this.engine.progress();
    return { endedTasks: endedTasks + unplacedTasks, taskCount: this.workload.tasks.count, nowUs };
  }

  /** Plays about `instants` further instants of virtual time; true when the replay is over. */
  advance(instants: number): boolean {
    const { columns, results, engine, agentEvents } = this;
    while (!this.isOver) {
      const { nextTimeUs } = agentEvents;
      const mayHelp = agentEvents.nextStatedUs < Number.POSITIVE_INFINITY || agentEvents.isAnyFailed;
      const state = engine.advance(columns, results, instants, nextTimeUs, mayHelp);
      if (state === OVER) this.isOver = true;
      if (state !== CHANGES_DUE) break;
      this.playChanges(nextTimeUs);
    }
    return this.isOver;
  }

  /** Figures so far (call when over, or when stopped early for partial results). */
  summary(): RunSummary {
    return runSummary(this.outcome());
  }

  tables(): RunTables {
    return runTables(this.outcome());
  }

  get isComplete(): boolean {
    return this.isOver && !this.engine.progress().wasCut;
  }

  /** Offers so far; all zero in the placement model. */
  get offerCounts(): OfferCounts {
    return offerCountsOf(this.engine.figures(this.columns, this.results));
  }

  private playChanges(nowUs: number): void {
    const changes = [...this.agentEvents.take(nowUs)];
    const { resources } = this.options.cluster;
    this.engine.playChanges(this.columns, this.results, nowUs, {
      agents: Int32Array.from(changes, ({ agent }) => agent),
      kinds: Uint8Array.from(changes, ({ kind }) => CHANGE_KINDS.indexOf(kind)),
      totals: changes.map(({ total }) =>
        total === null ? null : alignedTotal(total, resources, this.resources),
      ),
    });
  }

  private outcome(): ReplayOutcome {
    const { workload, options, results, resources, weights } = this;
    const figures = this.engine.figures(this.columns, results);
    const { gang = 'trace' } = options.policy;
    const extraAttempts = new Map<number, number>();
    figures.extraAttemptTasks.forEach((task, i) => {
      extraAttempts.set(task, figures.extraAttemptCounts[i]);
    });
    return {
      workload,
      options,
      board: {
        ...results,
        extraAttempts,
        endedCount: this.engine.progress().endedTasks,
        cluster: { resources },
        isGang: (stage) =>
          gang === 'trace' ? workload.jobs.isGang[workload.stages.job[stage]] === 1 : gang === 'all',
        outcome: (task) => workload.tasks.outcome?.[task] ?? OUTCOME_FINISHED,
      },
      recorder: {
        ...figures,
        weightOf: (role) => weights[role],
        series: seriesOf(figures, workload.roles.length, resources.length),
      },
      counts: { preemptions: 0, ...figures },
      offerCounts: offerCountsOf(figures),
      digest: { toString: () => figures.digest },
      idealUs: results.idealUs,
      isComplete: this.isComplete,
    };
  }
}

function columnsOf({ jobs, stages, tasks }: Workload, jobKey: Float64Array | null): WorkloadColumns {
  return {
    jobRole: jobs.role,
    jobSubmitUs: jobs.submitUs,
    jobIsGang: jobs.isGang,
    jobEstimateUs: jobs.estimateUs,
    ...(jobs.maxPerAgent && jobs.spreadGroup
      ? { jobMaxPerAgent: jobs.maxPerAgent, jobSpreadGroup: jobs.spreadGroup }
      : {}),
    jobFirstStage: jobs.firstStage,
    ...(jobKey ? { jobKey } : {}),
    stageJob: stages.job,
    stageFirstTask: stages.firstTask,
    ...(stages.precedence
      ? { stageFirstAfter: stages.precedence.firstAfter, stageAfter: stages.precedence.after }
      : {}),
    taskStage: tasks.stage,
    taskRequest: tasks.request,
    taskDurationUs: tasks.durationUs,
  };
}

/** Keys in the order in which jobs are submitted, as the TypeScript engine asks for them one by one. */
function jobKeys(workload: Workload, options: ReplayOptions, weights: Float64Array): Float64Array | null {
  const { order, name } = options.policy;
  if (order.kind !== 'jobs' || !order.key) return null;
  const { key } = order;
  const random = stream(options.seed, `policy/${name}`);
  return Float64Array.from({ length: workload.jobs.count }, (_, job) =>
    jobKeyOf(workload, job, weights[workload.jobs.role[job]], key, random),
  );
}

function nativeSetup(
  workload: Workload,
  { policy, seed, model, untilUs }: ReplayOptions,
  setup: ReplaySetup,
  native: NativePolicy,
): NativeSetup {
  const { requests, resources, roles, state, typical } = setup;
  const masks = [...new Set(requests.allowed.filter((mask) => mask !== null))];
  const offers = model.kind === 'offers' ? model : null;
  const views = (figure: 'weight' | 'siblingWeight') =>
    Float64Array.from(roles.views, (view) => view[figure]);
  return {
    ...native,
    resourceCount: resources.length,
    gpuColumn: gpuColumn(resources),
    demand: requests.demand,
    need: requests.need,
    needWidth: requests.needWidth,
    wholeDevices: requests.wholeDevices,
    deviceShare: requests.deviceShare,
    maskOf: Int32Array.from(requests.allowed, (mask) => (mask === null ? -1 : masks.indexOf(mask))),
    masks,
    total: state.total,
    largestTotal: setup.whole.total,
    isPresent: state.isPresent,
    roleCount: workload.roles.length,
    nodeParent: roles.parent,
    nodeChildren: roles.children,
    nodeWeight: views('weight'),
    nodeSiblingWeight: views('siblingWeight'),
    nodeLimits: roles.limits,
    nodeGuarantees: roles.views.map((view) => view.guarantee),
    roleWeights: setup.weights,
    tracksAgents: setup.agentsChange,
    ...(offers ? { offers: { ...offers, ...streamStart(seed, `policy/${policy.name}`) } } : {}),
    typicalDemand: Float64Array.from(typical.flatMap(({ demand }) => [...demand])),
    typicalPopularity: Float64Array.from(typical, ({ popularity }) => popularity),
    startUs: setup.startUs,
    intervalUs: setup.intervalUs,
    untilUs,
    meanDurationUs: setup.meanDurationUs,
  };
}

function offerCountsOf(figures: NativeFigures): OfferCounts {
  return {
    made: figures.offersMade,
    accepted: figures.offersAccepted,
    declined: figures.offersDeclined,
    rescinded: figures.offersRescinded,
  };
}

function seriesOf(
  figures: NativeFigures,
  roleCount: number,
  width: number,
): ReplayOutcome['recorder']['series'] {
  const startsUs = [...figures.seriesStartsUs];
  const row = (rows: Float64Array, columns: number, interval: number) =>
    rows.subarray(interval * columns, (interval + 1) * columns);
  return {
    startsUs,
    roles: startsUs.map((_, interval) => ({
      share: row(figures.seriesShare, roleCount, interval),
      entitlement: row(figures.seriesEntitlement, roleCount, interval),
      waiting: row(figures.seriesWaiting, roleCount, interval),
      running: row(figures.seriesRunning, roleCount, interval),
    })),
    cluster: startsUs.map((_, interval) => ({
      utilisation: row(figures.seriesUtilisation, width, interval),
      fragmentation: row(figures.seriesFragmentation, width, interval),
    })),
  };
}
