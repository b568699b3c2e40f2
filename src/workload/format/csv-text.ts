/** A workload as the text of our CSV format. */
import type { Cluster } from '../../cluster/cluster.ts';
import { MILLI } from '../../cluster/resources.ts';
import { usToSeconds } from '../../cluster/time.ts';
import { jobId, OUTCOME_FINISHED, type Workload } from '../workload.ts';
import { constraintText } from './constraint-text.ts';
import { AMOUNT_COLUMNS, amountColumn, CSV_COLUMNS, CSV_FILES, OUTCOME_NAMES } from './csv-columns.ts';

type Fields = Readonly<Record<string, string>>;

/** Lines by file name; only files that have something to say. */
export function csvFiles(workload: Workload): Map<string, Iterable<string>> {
  const { cluster, weights } = workload;
  const files = new Map<string, Iterable<string>>([[CSV_FILES.jobs, jobsCsv(workload)]]);
  if (cluster !== null) files.set(CSV_FILES.agents, agentsCsv(cluster));
  if (cluster !== null && cluster.events.length > 0) files.set(CSV_FILES.events, eventsCsv(cluster));
  if (weights.size > 0) files.set(CSV_FILES.roles, rolesCsv(weights));
  return files;
}

/** Yields lines with their ends, the header first. Tasks alike that follow each other share a row. */
export function* jobsCsv(workload: Workload): Generator<string> {
  const { jobs, resources } = workload;
  const columns = [...usedColumns(workload), ...resources.map(amountColumn)];
  yield lineOf(columns);
  for (let job = 0; job < jobs.count; job++) {
    const ofJob = jobFields(workload, job);
    for (let stage = jobs.firstStage[job]; stage < jobs.firstStage[job + 1]; stage++) {
      const ofStage = stageFields(workload, stage);
      for (const ofTasks of taskFields(workload, stage)) {
        const fields: Fields = { ...ofJob, ...ofStage, ...ofTasks };
        yield lineOf(columns.map((column) => fields[column] ?? ''));
      }
    }
  }
}

/** The agents as they are at the start. */
export function* agentsCsv(cluster: Cluster): Generator<string> {
  const attributes = [...cluster.attributes];
  const isAbsent = cluster.absent.size > 0;
  yield lineOf([
    'agent',
    ...(isAbsent ? ['absent'] : []),
    ...cluster.resources.map(amountColumn),
    ...attributes.map(([name]) => `attribute:${name}`),
  ]);
  const width = cluster.resources.length;
  for (const [agent, id] of cluster.agentIds.entries()) {
    yield lineOf([
      id,
      ...(isAbsent ? [cluster.absent.has(agent) ? '1' : ''] : []),
      ...amountTexts(cluster.total.subarray(agent * width, (agent + 1) * width)),
      ...attributes.map(([, values]) => values[agent] ?? ''),
    ]);
  }
}

function* eventsCsv({ resources, agentIds, events }: Cluster): Generator<string> {
  yield lineOf(['seconds', 'agent', 'event', ...resources.map(amountColumn)]);
  for (const { timeUs, agent, kind, total } of events) {
    const amounts = total ? amountTexts(total) : resources.map(() => '');
    yield lineOf([String(usToSeconds(timeUs)), agentIds[agent], kind, ...amounts]);
  }
}

function* rolesCsv(weights: ReadonlyMap<string, number>): Generator<string> {
  yield lineOf(['role', 'weight']);
  for (const [role, weight] of weights) yield lineOf([role, String(weight)]);
}

/** Columns of jobs.csv without amounts, as far as some job or task needs them. */
function usedColumns(workload: Workload): string[] {
  const { jobs, stages, tasks, requests } = workload;
  const isUsed: Readonly<Record<string, boolean>> = {
    stage: stages.count !== jobs.count || needsSeveralRows(workload),
    after: stages.precedence !== null,
    estimateSeconds: jobs.estimateUs.some((us) => us >= 0),
    priority: jobs.priority.some((priority) => priority !== 0),
    gang: jobs.isGang.some((isGang) => isGang === 1),
    maxPerAgent: jobs.maxPerAgent !== null,
    spreadGroup: jobs.maxPerAgent !== null,
    constraints: requests.constraints.some((constraints) => constraints !== null),
    outcome: tasks.outcome !== null,
  };
  return CSV_COLUMNS.jobs.filter((column) => !(column in AMOUNT_COLUMNS) && (isUsed[column] ?? true));
}

function needsSeveralRows({ stages, tasks }: Workload): boolean {
  for (let stage = 0; stage < stages.count; stage++)
    for (let task = stages.firstTask[stage] + 1; task < stages.firstTask[stage + 1]; task++)
      if (!isAlike(tasks, task - 1, task)) return true;
  return false;
}

function jobFields(workload: Workload, job: number): Fields {
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

function stageFields({ jobs, stages }: Workload, stage: number): Fields {
  const base = jobs.firstStage[stages.job[stage]];
  const { precedence } = stages;
  const after = precedence
    ? [...precedence.after.subarray(precedence.firstAfter[stage], precedence.firstAfter[stage + 1])]
    : [];
  return { stage: String(stage - base), after: after.map((other) => other - base).join(' ') };
}

/** Fields of each run of equal tasks. */
function* taskFields({ stages, tasks, requests, resources }: Workload, stage: number): Generator<Fields> {
  const end = stages.firstTask[stage + 1];
  let start = stages.firstTask[stage];
  for (let task = start + 1; task <= end; task++) {
    if (task < end && isAlike(tasks, start, task)) continue;
    const request = tasks.request[start];
    const demand = requests.demand.subarray(request * resources.length, (request + 1) * resources.length);
    const texts = amountTexts(demand).map((text, r) => [
      amountColumn(resources[r]),
      text === '0' ? '' : text,
    ]);
    const outcome = tasks.outcome?.[start] ?? OUTCOME_FINISHED;
    yield {
      tasks: String(task - start),
      durationSeconds: String(usToSeconds(tasks.durationUs[start])),
      constraints: constraintText(requests.constraints[request]),
      outcome: outcome === OUTCOME_FINISHED ? '' : OUTCOME_NAMES[outcome],
      ...Object.fromEntries(texts),
    };
    start = task;
  }
}

function isAlike(tasks: Workload['tasks'], a: number, b: number): boolean {
  return (
    tasks.request[a] === tasks.request[b] &&
    tasks.durationUs[a] === tasks.durationUs[b] &&
    tasks.outcome?.[a] === tasks.outcome?.[b]
  );
}

/** Thousandths in natural units. */
function amountTexts(thousandths: Float64Array): string[] {
  return Array.from(thousandths, (amount) => String(amount / MILLI));
}

function lineOf(cells: readonly string[]): string {
  const quoted = cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell));
  return `${quoted.join(',')}\n`;
}
