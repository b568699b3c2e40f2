/** Measures of an agent, by the names of /metrics/snapshot (reference §16). */
import { cpus, freemem, loadavg, totalmem } from 'node:os';
import { MILLI } from '../../cluster/resources.ts';
import type { TaskState } from '../../protocol/v1/mesos.ts';
import type { Resources } from '../../resources/resources.ts';
import { type AgentView, runningExecutors, usedResources } from './views.ts';

const RESOURCES = ['cpus', 'gpus', 'mem', 'disk'];
const PHASES = ['registering', 'running', 'terminating'] as const;
const STATES: readonly (readonly [name: string, state: TaskState])[] = [
  ['staging', 'TASK_STAGING'],
  ['starting', 'TASK_STARTING'],
  ['running', 'TASK_RUNNING'],
  ['killing', 'TASK_KILLING'],
];

/** Told as 0 before anything is counted. */
const COUNTERS = [
  ...['finished', 'failed', 'killed', 'lost', 'gone', 'dropped', 'gone_by_operator'].map(
    (state) => `tasks_${state}`,
  ),
  'executors_terminated',
  'executors_preempted',
  'container_launch_errors',
  'recovery_errors',
  'valid_status_updates',
  'invalid_status_updates',
  'valid_framework_messages',
  'invalid_framework_messages',
];

export function agentMetrics(agent: AgentView, startedUs: number, nowUs: number): Map<string, number> {
  const { state } = agent;
  const measures = new Map<string, number>();
  const set = (name: string, value: number) => measures.set(`slave/${name}`, value);
  set('uptime_secs', (nowUs - startedUs) / 1e6);
  set('registered', state.phase === 'running' ? 1 : 0);
  set('frameworks_active', state.frameworks.size);
  const executors = runningExecutors(agent);
  for (const phase of PHASES)
    set(`executors_${phase}`, executors.filter((executor) => executor.phase === phase).length);
  const tasks = [...state.frameworks.values()].flatMap((framework) => [...framework.tasks.values()]);
  for (const [name, wanted] of STATES)
    set(`tasks_${name}`, tasks.filter((task) => task.state === wanted).length);
  for (const name of COUNTERS) set(name, state.counts.get(name) ?? 0);
  const used = usedResources(agent);
  setResources(set, '', state.total.nonRevocable(), used.nonRevocable());
  setResources(set, '_revocable', state.total.revocable(), used.revocable());
  const [load1, load5, load15] = loadavg();
  measures.set('system/load_1min', load1).set('system/load_5min', load5).set('system/load_15min', load15);
  measures.set('system/cpus_total', cpus().length);
  measures.set('system/mem_total_bytes', totalmem()).set('system/mem_free_bytes', freemem());
  return measures;
}

function setResources(
  set: (name: string, value: number) => void,
  kind: string,
  total: Resources,
  used: Resources,
): void {
  const [all, taken] = [total.quantities(), used.quantities()];
  for (const name of RESOURCES) {
    const [most, now] = [all.get(name) / MILLI, taken.get(name) / MILLI];
    set(`${name}${kind}_total`, most);
    set(`${name}${kind}_used`, now);
    set(`${name}${kind}_percent`, most === 0 ? 0 : now / most);
  }
}
