/**
 * GPU fragmentation on openb (Weng et al., "Beware of Fragmentation: Scheduling GPU-Sharing Workloads with Fragmentation
 * Gradient Descent", USENIX ATC 2023): pods drawn from the trace arrive until they have asked for 130 % of the GPU that there
 * is, and none leaves; a pod without room is turned away. On every sixth agent of the trace, and once on all of them.
 * `node notebooks/studies/gpu-fragmentation.ts` writes gpu-fragmentation.json beside it; MESOLAB_TRACES names the folder of
 * traces.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FitSearch } from '../../src/allocator/fit-search.ts';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { ClusterState } from '../../src/cluster/cluster-state.ts';
import { alignRequests } from '../../src/cluster/requests.ts';
import { MILLI } from '../../src/cluster/resources.ts';
import { stream } from '../../src/cluster/streams.ts';
import { type MeanInterval, meanInterval } from '../../src/experiments/mean-interval.ts';
import { TraceSource } from '../../src/files/trace-source.ts';
import { dotProduct } from '../../src/policies/fits/dot-product.ts';
import { fragmentation, fragmentationGradient, type TypicalTask } from '../../src/policies/fits/fgd.ts';
import type { Fit, FitName } from '../../src/policies/policy.ts';
import { typicalTasks } from '../../src/sim/typical-tasks.ts';
import { loadTrace } from '../../src/workload/load-trace.ts';
import type { Workload } from '../../src/workload/workload.ts';

/** Parts of all GPU of the cluster, over the draws. */
export interface FillRow {
  readonly pods: string;
  readonly rule: string;
  /** Asked for by all that have arrived. */
  readonly arrived: number;
  /** With half the width of a 95 % t-interval. */
  readonly allocated: MeanInterval;
  /** What FGD has allocated more, draw by draw. */
  readonly behind: MeanInterval;
  /** Mean of what is free, but of no use to a pod drawn from the list. */
  readonly fragmented: number;
  /** Mean of the part of what is free. */
  readonly fragmentedOfFree: number;
}

/** What a list asks for. */
export interface Mix {
  readonly pods: string;
  /** Part of the pods. */
  readonly withoutGpu: number;
  /** Parts of all GPU asked for: by pods that want a part of one, and by those that want several. */
  readonly shared: number;
  readonly several: number;
}

export interface GpuFragmentationStudy {
  readonly agents: number;
  readonly kindsOfPods: number;
  /** Part of the pods that are of the kinds which FGD takes for typical. */
  readonly typicalPods: number;
  readonly mixes: readonly Mix[];
  /** Of the default pods. */
  readonly curves: readonly FillRow[];
  /** Of all lists, when 100 % and 130 % have been asked for. */
  readonly ends: readonly FillRow[];
  /** One draw of the default pods on all agents: allocated when 130 % have been asked for. */
  readonly whole: readonly { readonly rule: string; readonly allocated: number }[];
}

const DEFAULT = 'default';
const PODS = [
  [DEFAULT, 'openb_pod_list_default.csv'],
  ['fewer without GPU', 'openb_pod_list_cpu050.csv'],
  ['more shared GPUs', 'openb_pod_list_gpushare40.csv'],
  ['more of several GPUs', 'openb_pod_list_multigpu20.csv'],
] as const;
const DRAWS = 4;
const EVERY = 6;
const STEP = 0.1;
const LAST = 1.3;
const STEPS = Math.round(LAST / STEP);
const ENDS = [1, LAST];

/** As `typicalTasks` has it. */
const TYPICAL_KINDS = 16;

const FGD = 'FGD';
const INFORMED_FGD = 'FGD, every kind';
/** Of the default pods alone: the one is slow, the others are here to show what allocation alone does not tell. */
const SPECIAL = [INFORMED_FGD, 'worst fit', 'largest dot product'];

/**
 * What the paper compares with besides: GPUs in use before idle ones, then agents in use before idle ones (its "packing").
 * Pods without GPU go anywhere.
 */
const packing = (gpu: number): Fit => ({
  name: 'packing',
  score(demand, { total, deviceFree }) {
    const wanted = demand[gpu];
    if (wanted === 0) return 0;
    const devices = total[gpu] / MILLI;
    let idle = 0;
    let leastFree = MILLI;
    for (let device = 0; device < devices; device++) {
      const free = deviceFree[device];
      if (free === MILLI) idle++;
      else if (free >= wanted && free < leastFree) leastFree = free;
    }
    if (leastFree < MILLI) return 2 - leastFree / MILLI;
    return idle < devices ? -wanted / MILLI : -100 - devices;
  },
});

/** Its "dot product" takes the smallest, where Tetris takes the largest. */
const smallestDotProduct: Fit = {
  name: 'smallest dot product',
  score: (demand, agent) => -dotProduct.score(demand, agent),
};

/** What a rule may ask about the pods and the cluster. */
interface Surroundings {
  readonly gpu: number;
  /** Every kind of pod, by popularity. */
  readonly kinds: readonly TypicalTask[];
}

const RULES: Readonly<Record<string, (known: Surroundings) => FitName | Fit>> = {
  [INFORMED_FGD]: ({ kinds, gpu }) => fragmentationGradient(kinds, gpu),
  [FGD]: () => 'fgd',
  'first fit': () => 'first',
  'best fit': () => 'best',
  packing: ({ gpu }) => packing(gpu),
  'smallest dot product': () => smallestDotProduct,
  'random fit': () => 'random',
  'worst fit': () => 'worst',
  'largest dot product': () => 'dot',
};

/** @param folder of traces, with openb-2023/ in it */
export async function gpuFragmentationStudy(folder: string): Promise<GpuFragmentationStudy> {
  const openb = async (file: string) =>
    (await loadTrace(new TraceSource(join(folder, 'openb-2023', file)), { mayLackJobs: true })).workload;
  const whole = (await openb('openb_node_list_all_node.csv')).cluster!;
  const everySixth = [...whole.agentIds.keys()].filter((agent) => agent % EVERY === 0);
  const part = agentsOf(whole, everySixth);
  const workloads = await Promise.all(PODS.map(([, file]) => openb(file)));
  const fills = PODS.map(([pods], list) => fillRows(part, pods, workloads[list]));
  return {
    agents: part.agentIds.length,
    ...kindsOf(workloads[0]),
    mixes: PODS.map(([pods], list) => ({ pods, ...mixOf(workloads[list]) })),
    curves: fills[0],
    ends: fills.flat().filter(({ arrived }) => ENDS.includes(arrived)),
    whole: rulesFor('all agents').map((rule) => ({
      rule,
      allocated: fill(whole, workloads[0], rule, 'whole').at(-1)!.allocated,
    })),
  };
}

const rulesFor = (pods: string): string[] =>
  Object.keys(RULES).filter((rule) => pods === DEFAULT || !SPECIAL.includes(rule));

function kindsOf({ requests, tasks }: Workload): { kindsOfPods: number; typicalPods: number } {
  const counts = countRequests(tasks.request, requests.count).sort((a, b) => b - a);
  const typical = counts.slice(0, TYPICAL_KINDS).reduce((sum, count) => sum + count, 0);
  return { kindsOfPods: counts.length, typicalPods: typical / tasks.count };
}

function mixOf({ resources, requests, tasks }: Workload): Omit<Mix, 'pods'> {
  const column = resources.indexOf('gpus');
  const gpus = Array.from(
    tasks.request,
    (request) => requests.demand[request * resources.length + column] / MILLI,
  );
  const asked = (isCounted: (gpu: number) => boolean) =>
    gpus.filter(isCounted).reduce((sum, gpu) => sum + gpu, 0);
  const all = asked(() => true);
  return {
    withoutGpu: gpus.filter((gpu) => gpu === 0).length / gpus.length,
    shared: asked((gpu) => gpu < 1) / all,
    several: asked((gpu) => gpu > 1) / all,
  };
}

function countRequests(requests: Int32Array, kinds: number): Float64Array {
  const counts = new Float64Array(kinds);
  for (const request of requests) counts[request]++;
  return counts;
}

/** The agents with these numbers, in this order. */
function agentsOf(cluster: Cluster, agents: readonly number[]): Cluster {
  const width = cluster.resources.length;
  return {
    ...cluster,
    agentIds: agents.map((agent) => cluster.agentIds[agent]),
    total: Float64Array.from(
      agents.flatMap((agent) => [...cluster.total.subarray(agent * width, (agent + 1) * width)]),
    ),
    attributes: new Map(
      [...cluster.attributes].map(([name, values]) => [name, agents.map((agent) => values[agent])]),
    ),
  };
}

function fillRows(cluster: Cluster, pods: string, workload: Workload): FillRow[] {
  const rules = rulesFor(pods);
  const draws = Array.from({ length: DRAWS }, (_, draw) => `${pods} ${draw}`);
  const filled = new Map(
    rules.map((rule) => [rule, draws.map((seed) => fill(cluster, workload, rule, seed))]),
  );
  return rules.flatMap((rule) =>
    Array.from({ length: STEPS }, (_, step): FillRow => {
      const at = filled.get(rule)!.map((points) => points[step]);
      const fgd = filled.get(FGD)!.map((points) => points[step]);
      return {
        pods,
        rule,
        arrived: at[0].arrived,
        allocated: interval(at.map(({ allocated }) => allocated)),
        behind: interval(at.map(({ allocated }, draw) => fgd[draw].allocated - allocated)),
        fragmented: interval(at.map(({ fragmented }) => fragmented)).mean,
        fragmentedOfFree: interval(at.map(({ fragmented, allocated }) => fragmented / (1 - allocated))).mean,
      };
    }),
  );
}

const interval = (values: readonly number[]): MeanInterval => meanInterval(values, 0.95);

interface Point {
  readonly arrived: number;
  readonly allocated: number;
  readonly fragmented: number;
}

/** The same pods in the same order for every rule, and the same order of agents: the first of equals is chosen. */
function fill(agents: Cluster, workload: Workload, rule: string, seed: string): Point[] {
  const cluster = agentsOf(agents, shuffled(agents.agentIds.length, stream(seed, 'agents')));
  const { resources } = cluster;
  const width = resources.length;
  const gpu = resources.indexOf('gpus');
  const requests = alignRequests(
    workload.requests,
    workload.resources,
    resources,
    cluster.attributes,
    cluster.agentIds.length,
  );
  const state = new ClusterState(cluster, resources, requests);
  const counts = countRequests(workload.tasks.request, requests.count);
  const kinds = Array.from(counts, (count, q) => ({
    demand: requests.demand.slice(q * width, (q + 1) * width),
    popularity: count / workload.tasks.count,
  }));
  const typical = typicalTasks(workload, requests, width);
  const search = new FitSearch(state, RULES[rule]({ gpu, kinds }), typical, stream(seed, 'fit'));
  const draw = stream(seed, 'pods');
  const whole = state.totalPresent[gpu];
  const points: Point[] = [];
  let asked = 0;
  while (points.length < STEPS) {
    const request = workload.tasks.request[Math.floor(draw() * workload.tasks.count)];
    asked += requests.demand[request * width + gpu];
    const agent = search.find(request, 0, 0, null);
    if (agent >= 0) state.take(agent, request, 0, 0);
    const next = (points.length + 1) * STEP;
    if (asked < next * whole) continue;
    points.push({
      arrived: Math.round(next * 100) / 100,
      allocated: 1 - state.freePresent[gpu] / whole,
      fragmented: fragmentedIn(state, kinds, gpu) / whole,
    });
  }
  return points;
}

/** Fisher and Yates. */
function shuffled(count: number, random: () => number): number[] {
  const order = Array.from({ length: count }, (_, number) => number);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

function fragmentedIn(state: ClusterState, kinds: readonly TypicalTask[], gpu: number): number {
  const width = state.resources.length;
  let sum = 0;
  for (let agent = 0; agent < state.agentCount; agent++) {
    const free = state.free.subarray(agent * width, (agent + 1) * width);
    sum += fragmentation(free, state.deviceFreeOf(agent), kinds, gpu);
  }
  return sum;
}

if (import.meta.main) {
  const folder = process.env.MESOLAB_TRACES ?? join(import.meta.dirname, '../../../shared/traces');
  const study = await gpuFragmentationStudy(folder);
  writeFileSync(new URL('gpu-fragmentation.json', import.meta.url), `${JSON.stringify(study, null, 1)}\n`);
  const text = ({ mean, halfWidth }: MeanInterval) =>
    `${(100 * mean).toFixed(2)} ± ${(100 * halfWidth).toFixed(2)}`;
  console.table(
    study.ends.map((row) => ({ ...row, allocated: text(row.allocated), behind: text(row.behind) })),
  );
  console.table(study.whole);
  console.table(study.mixes);
}
