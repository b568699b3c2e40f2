/** A workload as the text of jobs.csv and agents.csv. */
import type { Cluster } from '../../cluster/cluster.ts';
import type { Constraint } from '../../cluster/constraints.ts';
import { MILLI } from '../../cluster/resources.ts';
import { usToSeconds } from '../../cluster/time.ts';
import { jobId, OUTCOME_FINISHED, type Workload } from '../workload.ts';
import { AMOUNT_COLUMNS, JOB_CSV_COLUMNS, OUTCOME_NAMES } from './csv-columns.ts';

/** Yields lines with their ends, the header first. Tasks alike that follow each other share a row. */
export function* jobsCsv(workload: Workload): Generator<string> {
  const { jobs, stages, resources } = workload;
  const fixed = JOB_CSV_COLUMNS.filter((column) => !(column in AMOUNT_COLUMNS));
  const columns = [...fixed, ...resources.map(columnOf)];
  yield lineOf(columns);
  for (let job = 0; job < jobs.count; job++) {
    for (let stage = jobs.firstStage[job]; stage < jobs.firstStage[job + 1]; stage++) {
      const common = { ...jobFields(workload, job), ...stageFields(workload, stage) };
      for (const { first, count } of runsOfEqualTasks(
        workload,
        stages.firstTask[stage],
        stages.firstTask[stage + 1],
      )) {
        const fields: Record<string, string> = {
          ...common,
          ...taskFields(workload, first),
          tasks: String(count),
        };
        yield lineOf(columns.map((column) => fields[column] ?? ''));
      }
    }
  }
}

/** Agents as they are at the start; agents that come and go later have no place in the CSV twin. */
export function* agentsCsv(cluster: Cluster): Generator<string> {
  const attributes = [...cluster.attributes.keys()];
  yield lineOf([
    'agent',
    ...cluster.resources.map(columnOf),
    ...attributes.map((name) => `attribute:${name}`),
  ]);
  const width = cluster.resources.length;
  for (const [agent, id] of cluster.agentIds.entries()) {
    const amounts = cluster.resources.map((_, r) => String(cluster.total[agent * width + r] / MILLI));
    yield lineOf([id, ...amounts, ...attributes.map((name) => cluster.attributes.get(name)![agent] ?? '')]);
  }
}

function jobFields(workload: Workload, job: number): Record<string, string> {
  const { jobs } = workload;
  const most = jobs.maxPerAgent?.[job] ?? 0;
  return {
    job: jobId(workload, job),
    role: workload.roles[jobs.role[job]],
    submitSeconds: String(usToSeconds(jobs.submitUs[job])),
    priority: jobs.priority[job] === 0 ? '' : String(jobs.priority[job]),
    gang: jobs.isGang[job] === 1 ? '1' : '',
    estimateSeconds: jobs.estimateUs[job] < 0 ? '' : String(usToSeconds(jobs.estimateUs[job])),
    maxPerAgent: most === 0 ? '' : String(most),
    spreadGroup: most === 0 ? '' : String(jobs.spreadGroup![job]),
  };
}

function stageFields({ jobs, stages }: Workload, stage: number): Record<string, string> {
  const base = jobs.firstStage[stages.job[stage]];
  const { precedence } = stages;
  const after = precedence
    ? [...precedence.after.subarray(precedence.firstAfter[stage], precedence.firstAfter[stage + 1])]
    : [];
  return { stage: String(stage - base), after: after.map((other) => other - base).join(' ') };
}

function taskFields({ tasks, requests, resources }: Workload, task: number): Record<string, string> {
  const request = tasks.request[task];
  const amounts = resources.map((name, r) => {
    const amount = requests.demand[request * resources.length + r];
    return [columnOf(name), amount === 0 ? '' : String(amount / MILLI)];
  });
  const outcome = tasks.outcome?.[task] ?? OUTCOME_FINISHED;
  return {
    ...Object.fromEntries(amounts),
    durationSeconds: String(usToSeconds(tasks.durationUs[task])),
    constraints: (requests.constraints[request] ?? []).map(constraintText).join(';'),
    outcome: outcome === OUTCOME_FINISHED ? '' : OUTCOME_NAMES[outcome],
  };
}

function* runsOfEqualTasks(
  { tasks }: Workload,
  first: number,
  end: number,
): Generator<{ first: number; count: number }> {
  const isAlike = (a: number, b: number) =>
    tasks.request[a] === tasks.request[b] &&
    tasks.durationUs[a] === tasks.durationUs[b] &&
    tasks.outcome?.[a] === tasks.outcome?.[b];
  let start = first;
  for (let task = first + 1; task <= end; task++) {
    if (task < end && isAlike(start, task)) continue;
    yield { first: start, count: task - start };
    start = task;
  }
}

function constraintText({ attribute, operator, values }: Constraint): string {
  return `${attribute}${{ in: '=', notIn: '!=', less: '<', greater: '>' }[operator]}${values.join('|')}`;
}

function columnOf(resource: string): string {
  return Object.entries(AMOUNT_COLUMNS).find(([, name]) => name === resource)?.[0] ?? `resource:${resource}`;
}

function lineOf(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`;
}
