/**
 * Every figure of docs/metrics.md a second time, from nothing but when each task waited and ran and on which agent: slow,
 * without sums that are kept, so that the recorder and it have no way of computing in common. For runs whose agents
 * neither come nor go, whose tasks take time, and whose queues are in order of submission.
 */
import { TASK_UNPLACED } from '../../src/allocator/board.ts';
import type { Cluster } from '../../src/cluster/cluster.ts';
import type { Replay } from '../../src/sim/replay.ts';
import type { Workload } from '../../src/workload/workload.ts';

const SECOND = 1e6;

interface Attempt {
  readonly task: number;
  readonly job: number;
  readonly role: number;
  readonly agent: number;
  /** Thousandths by resource of the cluster. */
  readonly demand: readonly number[];
  /** Infinity: never. */
  readonly readyUs: number;
  readonly startUs: number;
  readonly endUs: number;
}

/** What is so throughout a span of time. */
interface State {
  readonly running: readonly Attempt[];
  readonly waiting: readonly Attempt[];
}

export function naiveFigures(replay: Replay, workload: Workload, cluster: Cluster, gang: 'trace' | 'none') {
  const { resources } = cluster;
  const { roles, jobs } = workload;
  const attempts = attemptsOf(replay, workload, cluster);
  const weights = roles.map((role) => workload.weights.get(role) ?? 1);
  const capacity = resources.map((_, r) => sum(cluster.agentIds.map((_, a) => totalOf(cluster, a, r))));
  const startUs = Math.min(...jobs.submitUs);
  const endUs = replay.board.nowUs;

  const held = (running: readonly Attempt[]) => resources.map((_, r) => sum(running.map((a) => a.demand[r])));
  const ofRole = (list: readonly Attempt[], role: number) => list.filter((a) => a.role === role);
  const shareOf = (state: State, role: number) =>
    Math.max(...held(ofRole(state.running, role)).map((amount, r) => amount / capacity[r]));
  const backloggedIn = (state: State) =>
    roles.map((_, role) => role).filter((r) => ofRole(state.waiting, r).length);
  const isActive = (state: State, role: number) =>
    ofRole(state.waiting, role).length + ofRole(state.running, role).length > 0;
  const activeWeight = (state: State) => sum(weights.filter((_, role) => isActive(state, role)));
  const entitlementOf = (state: State, role: number) =>
    isActive(state, role) ? weights[role] / activeWeight(state) : 0;

  const after = (t: number): State => ({
    running: attempts.filter((a) => a.startUs <= t && t < a.endUs),
    waiting: attempts.filter((a) => a.readyUs <= t && t < a.startUs),
  });
  const before = (t: number): State => ({
    running: attempts.filter((a) => a.startUs < t && t <= a.endUs),
    waiting: attempts.filter((a) => a.readyUs < t && t <= a.startUs),
  });
  const instants = [...new Set([...jobs.submitUs, ...attempts.flatMap((a) => [a.startUs, a.endUs]), endUs])]
    .filter((t) => Number.isFinite(t) && t <= endUs)
    .sort((a, b) => a - b);
  /** ∫ f(state) dt over [from, to], seconds. */
  const integral = (f: (state: State) => number, from = startUs, to = endUs) => {
    const cuts = [...instants.filter((t) => t > from && t < to), to];
    let area = 0;
    let t = from;
    for (const next of cuts) {
      if (next > t) area += (f(after(t)) * (next - t)) / SECOND;
      t = next;
    }
    return area;
  };
  const span = (endUs - startUs) / SECOND;

  // Samples.
  const typical = typicalTasks(workload, attempts);
  const fragments = (state: State) =>
    resources.map((_, r) => {
      const wanting = typical.filter(({ demand }) => demand[r] > 0);
      let amount = 0;
      for (let agent = 0; agent < cluster.agentIds.length; agent++) {
        const used = held(state.running.filter((a) => a.agent === agent));
        const free = resources.map((_, i) => totalOf(cluster, agent, i) - used[i]);
        for (const { demand, count } of wanting)
          if (demand.some((d, i) => d > free[i]))
            amount += (free[r] * count) / sum(wanting.map((w) => w.count));
      }
      return amount / capacity[r];
    });
  const envy = (state: State) => {
    const backlogged = backloggedIn(state);
    if (backlogged.length < 2) return null;
    let envious = 0;
    for (const a of backlogged)
      for (const b of backlogged) {
        const { demand } = ofRole(state.waiting, a).reduce((x, y) => (x.task < y.task ? x : y));
        // Tasks × weight of b, so that small whole numbers stay exact.
        const tasks = (role: number, factor: number) =>
          Math.min(
            ...held(ofRole(state.running, role)).map((u, r) =>
              demand[r] > 0 ? (u * factor) / demand[r] : Infinity,
            ),
          );
        const enough = tasks(a, weights[b]) + weights[b];
        if (a !== b && demand.some((d) => d > 0) && tasks(b, weights[a]) > enough * (1 + 1e-9)) envious++;
      }
    return envious / (backlogged.length * (backlogged.length - 1));
  };
  const intervals = intervalsOf(startUs, endUs, Math.max(...jobs.submitUs) - startUs);
  const samples = intervals.map(([from, to], i) => ({
    seconds: (to - from) / SECOND,
    state: i === intervals.length - 1 && to === endUs && !isWhole(intervals) ? after(to) : before(to),
    from,
    to,
  }));
  const envies = samples.flatMap(({ seconds, state }) => {
    const value = envy(state);
    return value === null ? [] : [{ seconds, value }];
  });

  const figures = jobFigures(replay, workload, cluster, capacity, gang, (job) => {
    const state = after(jobs.submitUs[job]);
    const role = jobs.role[job];
    return weights[role] / (activeWeight(state) + (isActive(state, role) ? 0 : weights[role]));
  });
  const ended = attempts.filter((a) => a.endUs <= endUs);
  const lastEndUs = Math.max(...ended.map((a) => a.endUs));
  const makespanSeconds = ended.length > 0 ? (lastEndUs - startUs) / SECOND : 0;
  const jain = (state: State) => {
    const x = backloggedIn(state).map((role) => shareOf(state, role) / weights[role]);
    const squares = sum(x.map((v) => v * v));
    return squares === 0 ? 1 : sum(x) ** 2 / (x.length * squares);
  };
  const contested = integral((s) => (backloggedIn(s).length >= 2 ? 1 : 0));
  const below = (role: number) =>
    integral((s) =>
      ofRole(s.waiting, role).length > 0 ? Math.max(0, entitlementOf(s, role) - shareOf(s, role)) : 0,
    );
  const named = (values: readonly number[]) =>
    Object.fromEntries(resources.map((name, r) => [name, values[r]]));
  const over = (list: readonly number[]) => ({
    jobs: list.length,
    tasks: sum(list.map((job) => figures[job].tasks)),
    unplaced: sum(list.map((job) => figures[job].unplaced)),
    waitSeconds: spread(list.map((job) => figures[job].wait)),
    responseSeconds: spread(list.map((job) => figures[job].response)),
    boundedSlowdown: spread(list.map((job) => figures[job].slowdown)),
    finishTimeFairness: spread(list.map((job) => figures[job].fairness)),
  });
  const all = Array.from({ length: jobs.count }, (_, job) => job);
  const whole = (seconds: number, area: number) => (seconds > 0 ? area / seconds : 0);
  return {
    metrics: {
      ...over(all),
      makespanSeconds,
      throughputTasksPerSecond: whole(makespanSeconds, ended.length),
      utilisation: named(
        resources.map((_, r) =>
          whole(
            span,
            integral((s) => held(s.running)[r] / capacity[r]),
          ),
        ),
      ),
      fragmentation: named(
        resources.map((_, r) => whole(span, sum(samples.map((s) => fragments(s.state)[r] * s.seconds)))),
      ),
      queueLength: {
        mean: whole(
          span,
          integral((s) => s.waiting.length),
        ),
        max: Math.max(...instants.map((t) => after(t).waiting.length)),
      },
      jainIndex:
        contested > 0 ? integral((s) => (backloggedIn(s).length >= 2 ? jain(s) : 0)) / contested : null,
      belowEntitlementShareSeconds: sum(roles.map((_, role) => below(role))),
      envy:
        envies.length > 0
          ? sum(envies.map((e) => e.value * e.seconds)) / sum(envies.map((e) => e.seconds))
          : null,
      preemptions: 0,
      lostAttempts: 0,
      lostWork: named(resources.map(() => 0)),
    },
    roles: roles.map((name, role) => {
      const active = integral((s) => (isActive(s, role) ? 1 : 0));
      return {
        role: name,
        weight: weights[role],
        ...over(all.filter((job) => jobs.role[job] === role)),
        meanDominantShare: whole(
          span,
          integral((s) => shareOf(s, role)),
        ),
        meanEntitlement: whole(
          active,
          integral((s) => entitlementOf(s, role)),
        ),
        meanActiveDominantShare: whole(
          active,
          integral((s) => shareOf(s, role)),
        ),
        belowEntitlementShareSeconds: below(role),
        backloggedSeconds: integral((s) => (ofRole(s.waiting, role).length > 0 ? 1 : 0)),
      };
    }),
    rolesOverTime: {
      dominantShare: samples.flatMap(({ from, to, seconds }) =>
        roles.map((_, role) => integral((s) => shareOf(s, role), from, to) / seconds),
      ),
      entitlement: samples.flatMap(({ state }) => roles.map((_, role) => entitlementOf(state, role))),
      waitingTasks: samples.flatMap(({ state }) =>
        roles.map((_, role) => ofRole(state.waiting, role).length),
      ),
      runningTasks: samples.flatMap(({ state }) =>
        roles.map((_, role) => ofRole(state.running, role).length),
      ),
    },
    clusterOverTime: {
      timeSeconds: samples.flatMap(({ from }) => resources.map(() => from / SECOND)),
      utilisation: samples.flatMap(({ from, to, seconds }) =>
        resources.map((_, r) => integral((s) => held(s.running)[r] / capacity[r], from, to) / seconds),
      ),
      fragmentation: samples.flatMap(({ state }) => fragments(state)),
    },
  };
}

/** A run that ends with an interval has no other sample of its last instant. */
function isWhole(intervals: readonly (readonly [number, number, number])[]): boolean {
  const [from, to, length] = intervals[intervals.length - 1];
  return to - from === length;
}

/** [start, end, full length] of the intervals of a run short enough that none are merged. */
function intervalsOf(startUs: number, endUs: number, submitSpanUs: number) {
  const length = Math.max(SECOND, Math.ceil(submitSpanUs / 360));
  const intervals: [number, number, number][] = [];
  for (let from = startUs; from < endUs; from += length)
    intervals.push([from, Math.min(from + length, endUs), length]);
  return intervals;
}

function attemptsOf(replay: Replay, workload: Workload, { resources }: Cluster): Attempt[] {
  const { tasks, stages, jobs, requests } = workload;
  const { startSeconds, endSeconds, agent } = replay.tables().tasks;
  const us = (seconds: number) =>
    Number.isNaN(seconds) ? Number.POSITIVE_INFINITY : Math.round(seconds * SECOND);
  const tasksOf = (stage: number) =>
    Array.from({ length: tasks.count }, (_, task) => task).filter((task) => tasks.stage[task] === stage);
  const readyUs = (stage: number) => {
    const { firstAfter, after } = stages.precedence ?? { firstAfter: [], after: [] };
    const blockers = [...after.slice(firstAfter[stage] ?? 0, firstAfter[stage + 1] ?? 0)];
    return Math.max(
      jobs.submitUs[stages.job[stage]],
      ...blockers.flatMap((s) => tasksOf(s).map((task) => us(endSeconds[task]))),
    );
  };
  return Array.from({ length: tasks.count }, (_, task) => {
    const stage = tasks.stage[task];
    const columns = workload.resources.length;
    const demandOf = (name: string) => {
      const c = workload.resources.indexOf(name);
      return c < 0 ? 0 : requests.demand[tasks.request[task] * columns + c];
    };
    return {
      task,
      job: stages.job[stage],
      role: jobs.role[stages.job[stage]],
      agent: agent[task],
      demand: resources.map(demandOf),
      readyUs: replay.board.taskState[task] === TASK_UNPLACED ? Number.POSITIVE_INFINITY : readyUs(stage),
      startUs: us(startSeconds[task]),
      endUs: us(endSeconds[task]),
    };
  });
}

/** The 16 most common requests; of equally common ones those that came first. */
function typicalTasks(workload: Workload, attempts: readonly Attempt[]) {
  return Array.from({ length: workload.requests.count }, (_, q) => {
    const like = attempts.filter(({ task }) => workload.tasks.request[task] === q);
    return { demand: like[0]?.demand ?? [], count: like.length };
  })
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, 16);
}

function jobFigures(
  replay: Replay,
  { jobs, stages, tasks }: Workload,
  cluster: Cluster,
  capacity: readonly number[],
  gang: 'trace' | 'none',
  partOf: (job: number) => number,
) {
  const attempts = attemptsOf(replay, replay.workload, cluster);
  return Array.from({ length: jobs.count }, (_, job) => {
    const own = attempts.filter((a) => a.job === job);
    const submit = jobs.submitUs[job] / SECOND;
    const started = own.filter((a) => a.startUs < Infinity);
    const firstStage = started.filter((a) => tasks.stage[a.task] === jobs.firstStage[job]);
    const isGang = gang === 'trace' && jobs.isGang[job] === 1 && firstStage.length > 0;
    const start =
      (isGang ? Math.max(...firstStage.map((a) => a.startUs)) : Math.min(...started.map((a) => a.startUs))) /
      SECOND;
    const end = Math.max(...own.map((a) => a.endUs)) / SECOND;
    const wait = start < Infinity ? start - submit : Number.NaN;
    const response = end < Infinity ? end - submit : Number.NaN;
    const chainTo = (stage: number): number => {
      const { firstAfter, after } = stages.precedence ?? { firstAfter: [], after: [] };
      const waitsFor = [...after.slice(firstAfter[stage] ?? 0, firstAfter[stage + 1] ?? 0)];
      const longest = Math.max(
        0,
        ...own.filter((a) => tasks.stage[a.task] === stage).map((a) => tasks.durationUs[a.task]),
      );
      return longest + Math.max(0, ...waitsFor.map(chainTo));
    };
    const chains = [...new Set(own.map((a) => tasks.stage[a.task]))].map(chainTo);
    const work = capacity.map(
      (amount, r) => sum(own.map((a) => a.demand[r] * tasks.durationUs[a.task])) / (amount * partOf(job)),
    );
    const ideal = Math.max(...chains, ...work) / SECOND;
    return {
      tasks: own.length,
      unplaced: own.filter((a) => a.endUs === Infinity).length,
      wait,
      response,
      slowdown: Math.max(1, response / Math.max(end - start, 10)),
      fairness: response / ideal,
    };
  });
}

/** Mean and quantiles of what is a number, as numpy has them: at (n − 1) p of the sorted values, from 0, in between linearly. */
function spread(values: readonly number[]) {
  const v = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  if (v.length === 0) return null;
  const at = (p: number) => {
    const place = (v.length - 1) * p;
    const [low, high] = [v[Math.floor(place)], v[Math.ceil(place)]];
    return low + (high - low) * (place % 1);
  };
  return { mean: sum(v) / v.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: v[v.length - 1] };
}

function totalOf(cluster: Cluster, agent: number, r: number): number {
  return cluster.total[agent * cluster.resources.length + r];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
