/**
 * Runs of the hierarchical allocator (src/allocator/hierarchical): `npx node bench/hierarchical.ts [--largest AGENTS]`.
 * All free: one run over everything, as Mesos's own benchmark has it. Busy: batch runs of a cluster full of tasks that take
 * an agent's processors and memory for 30 s on average: one in thirty ends every second, and all frameworks want more.
 * Leftovers: the same, but tasks take half the memory, and the other half is offered around and declined for 5 s.
 * Quiet: a run after all frameworks declined everything for long; of which
 * one then revives. Milliseconds that the thread spent on its processor, so that others on the machine disturb them less.
 */
import { parseArgs } from 'node:util';
import { HierarchicalAllocator } from '../src/allocator/hierarchical/hierarchical-allocator.ts';
import type { AgentTerms, FrameworkTerms } from '../src/allocator/hierarchical/terms.ts';
import { stream } from '../src/cluster/streams.ts';
import { parsePolicy } from '../src/policies/registry.ts';
import { Quantities } from '../src/resources/quantities.ts';
import type { Resources } from '../src/resources/resources.ts';
import { parseResourcesText } from '../src/resources/text.ts';

const SECOND_US = 1_000_000;
const GRID = [
  [1000, 50],
  [10_000, 200],
  [10_000, 1000],
  [50_000, 200],
] as const;
const ALL = parseResourcesText('cpus:24;mem:131072');
const HALF = parseResourcesText('cpus:24;mem:65536');
const TASK_SECONDS = 30;

interface Holding {
  readonly frameworkId: string;
  readonly agentId: string;
  readonly resources: Resources;
}

function clusterOf(agents: number, frameworks: number): HierarchicalAllocator {
  const allocator = new HierarchicalAllocator({
    policy: parsePolicy('wdrf'),
    random: stream('bench', 'allocator'),
    intervalUs: SECOND_US,
    startUs: 0,
    minAllocatable: [Quantities.of([['cpus', 10]]), Quantities.of([['mem', 32_000]])],
    excludedResources: [],
    filterGpuResources: true,
    region: null,
  });
  const agent: AgentTerms = {
    hostname: 'host',
    attributes: [],
    capabilities: new Set(['MULTI_ROLE', 'HIERARCHICAL_ROLE']),
    domain: null,
    unavailability: null,
  };
  const total = parseResourcesText('cpus:24;mem:131072;disk:1048576;ports:[31000-32000]');
  for (let i = 0; i < agents; i++) allocator.addAgent(`agent-${i}`, agent, total, new Map());
  for (let i = 0; i < frameworks; i++) {
    const terms: FrameworkTerms = {
      roles: [`role-${i}`],
      capabilities: new Set(['MULTI_ROLE']),
      offerFilters: {},
      offerConstraints: null,
    };
    allocator.addFramework(`framework-${i}`, terms, {
      used: new Map(),
      isActive: true,
      suppressedRoles: new Set(),
    });
  }
  return allocator;
}

function timed(run: () => void): number {
  const start = process.threadCpuUsage();
  run();
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1000;
}

/** The clock of processor time is coarse; its errors cancel out. */
function mean(times: readonly number[]): number {
  return times.reduce((sum, ms) => sum + ms, 0) / times.length;
}

function allFree(agents: number, frameworks: number): number {
  return mean(
    Array.from({ length: 5 }, () => {
      const allocator = clusterOf(agents, frameworks);
      return timed(() => allocator.run(SECOND_US));
    }),
  );
}

/** Milliseconds of a batch run, and of all the answers between two. */
function busy(
  agents: number,
  frameworks: number,
  wanted: Resources,
): { readonly run: number; readonly answers: number } {
  const allocator = clusterOf(agents, frameworks);
  const draw = stream('bench', 'durations');
  const ending: Holding[][] = [];
  const runs: number[] = [];
  const answers: number[] = [];
  const seconds = 2 * TASK_SECONDS;
  for (let second = 1; second <= seconds; second++) {
    const nowUs = second * SECOND_US;
    let offers: readonly Holding[] = [];
    const runMs = timed(() => {
      offers = allocator.run(nowUs).offers.map((offer) => ({ ...offer }));
    });
    const answerMs = timed(() => {
      for (const { frameworkId, agentId, resources } of offers) {
        let rest = resources;
        const role = resources.kinds[0].allocationRole!;
        const task = wanted.allocatedTo(role);
        while (rest.contains(task)) {
          allocator.allocate(frameworkId, agentId, task);
          rest = rest.minus(task);
          const end = second + 1 + Math.floor(2 * TASK_SECONDS * draw());
          ending[end] ??= [];
          ending[end].push({ frameworkId, agentId, resources: task });
        }
        allocator.recover(frameworkId, agentId, rest, 5 * SECOND_US, nowUs, false);
      }
      for (const { frameworkId, agentId, resources } of ending[second] ?? [])
        allocator.recover(frameworkId, agentId, resources, null, nowUs, true);
    });
    if (second > seconds / 2) {
      runs.push(runMs);
      answers.push(answerMs);
    }
  }
  return { run: mean(runs), answers: mean(answers) };
}

/** Milliseconds of a batch run when all refuse everything, and of the run after one framework revived. */
function quiet(agents: number, frameworks: number): { readonly run: number; readonly revived: number } {
  const allocator = clusterOf(agents, frameworks);
  const hour = 3600 * SECOND_US;
  let nowUs = SECOND_US;
  for (; ; nowUs += SECOND_US) {
    const { offers } = allocator.run(nowUs);
    if (offers.length === 0) break;
    for (const { frameworkId, agentId, resources } of offers)
      allocator.recover(frameworkId, agentId, resources, hour, nowUs, false);
  }
  const runs = Array.from({ length: 100 }, () => {
    nowUs += SECOND_US;
    return timed(() => allocator.run(nowUs));
  });
  const revivals = Array.from({ length: 9 }, (_, i) => {
    allocator.revive(`framework-${i}`, []);
    let offers: readonly Holding[] = [];
    const ms = timed(() => {
      offers = allocator.run(nowUs).offers;
    });
    for (const { frameworkId, agentId, resources } of offers)
      allocator.recover(frameworkId, agentId, resources, hour, nowUs, false);
    return ms;
  });
  return { run: mean(runs), revived: mean(revivals) };
}

const { values } = parseArgs({ options: { largest: { type: 'string', default: '50000' } } });
console.log(
  '| agents | frameworks | all free | busy | answers | leftovers | answers | quiet | one revives |',
);
console.log(
  '| -----: | ---------: | -------: | ---: | ------: | --------: | ------: | ----: | ----------: |',
);
for (const [agents, frameworks] of GRID) {
  if (agents > Number(values.largest)) continue;
  const free = allFree(agents, frameworks);
  const full = busy(agents, frameworks, ALL);
  const half = busy(agents, frameworks, HALF);
  const still = agents * frameworks <= 2_000_000 ? quiet(agents, frameworks) : null;
  const cells = [free, full.run, full.answers, half.run, half.answers, still?.run, still?.revived].map(
    (ms) => ms?.toFixed(1) ?? '',
  );
  console.log(`| ${agents} | ${frameworks} | ${cells.join(' | ')} |`);
}
