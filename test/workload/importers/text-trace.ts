/** Traces written in the test itself, and workloads told in words, one line a job. */
import { satisfies } from '../../../src/cluster/constraints.ts';
import { MILLI } from '../../../src/cluster/resources.ts';
import { usToSeconds } from '../../../src/cluster/time.ts';
import type { TraceInput, TraceProbe } from '../../../src/workload/importers/importer.ts';
import { type LoadedTrace, type LoadOptions, loadTrace } from '../../../src/workload/load-trace.ts';
import { jobId, OUTCOME_FAILED, OUTCOME_KILLED, type Workload } from '../../../src/workload/workload.ts';

/** Text by file name; a trace of one file is as if the user had named that file. */
export class TextTrace implements TraceInput, TraceProbe {
  readonly name = 'trace';
  readonly files: readonly string[];
  readonly companions: readonly string[];
  private readonly texts: Readonly<Record<string, string>>;

  constructor(texts: Readonly<Record<string, string>>, companions: Readonly<Record<string, string>> = {}) {
    this.files = Object.keys(texts);
    this.companions = Object.keys(companions);
    this.texts = { ...texts, ...companions };
  }

  displayPath(file: string): string {
    return file;
  }

  head(file: string): string {
    return this.texts[file].slice(0, 4096);
  }

  async *open(file: string): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(this.texts[file]);
  }
}

/** Loads a trace, its format recognised unless stated. */
export function load(
  texts: Readonly<Record<string, string>>,
  options: LoadOptions = {},
): Promise<LoadedTrace> {
  return loadTrace(new TextTrace(texts), options);
}

/** Lines of a file from rows, with the line end that files have. */
export function lines(...rows: readonly string[]): string {
  return rows.map((row) => `${row}\n`).join('');
}

/**
 * One line a job: `id role @submit: tasks`, tasks as `2× cpus 0.5 mem 64 10s failed`, equal ones counted, stages
 * separated by `→` where a stage waits for all before it, else by `|` and followed by the stages it waits for.
 */
export function jobsOf(workload: Workload): string[] {
  return Array.from({ length: workload.jobs.count }, (_, job) => {
    const { jobs, stages } = workload;
    const traits = [
      jobs.isGang[job] ? ' gang' : '',
      jobs.priority[job] ? ` priority ${jobs.priority[job]}` : '',
      jobs.maxPerAgent?.[job] ? ` max ${jobs.maxPerAgent[job]} of group ${jobs.spreadGroup![job]}` : '',
    ].join('');
    const parts: string[] = [];
    for (let stage = jobs.firstStage[job]; stage < jobs.firstStage[job + 1]; stage++) {
      const { precedence } = stages;
      const after = precedence
        ? [...precedence.after.slice(precedence.firstAfter[stage], precedence.firstAfter[stage + 1])]
        : [];
      const waits =
        after.length === 0 ? '' : ` after ${after.map((s) => s - jobs.firstStage[job]).join(',')}`;
      parts.push(tasksOf(workload, stage) + waits);
    }
    const role = workload.roles[jobs.role[job]];
    return `${jobId(workload, job)} ${role} @${usToSeconds(jobs.submitUs[job])}${traits}: ${parts.join(' | ')}`;
  });
}

function tasksOf({ stages, tasks, requests, resources }: Workload, stage: number): string {
  const counts = new Map<string, number>();
  for (let task = stages.firstTask[stage]; task < stages.firstTask[stage + 1]; task++) {
    const request = tasks.request[task];
    const amounts = resources
      .map((name, r) => [name, requests.demand[request * resources.length + r] / MILLI] as const)
      .filter(([, amount]) => amount !== 0)
      .map(([name, amount]) => `${name} ${amount} `);
    const constraints = (requests.constraints[request] ?? []).map(
      ({ attribute, operator, values }) => `[${attribute} ${operator} ${values.join('|')}] `,
    );
    const outcome = tasks.outcome?.[task];
    const end = outcome === OUTCOME_FAILED ? ' failed' : outcome === OUTCOME_KILLED ? ' killed' : '';
    const text = `${amounts.join('')}${constraints.join('')}${usToSeconds(tasks.durationUs[task])}s${end}`;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => `${count}× ${text}`).join(', ');
}

/** One line an agent: `id cpus 32 mem 1024 {platform=A}`, with `absent` if it is away at first; then one line an event. */
export function clusterOf({ cluster }: Workload): string[] {
  if (cluster === null) return [];
  const amounts = (total: Float64Array) =>
    cluster.resources.map((name, r) => `${name} ${total[r] / MILLI}`).join(' ');
  const width = cluster.resources.length;
  const agents = cluster.agentIds.map((id, agent) => {
    const total = cluster.total.slice(agent * width, (agent + 1) * width);
    const attributes = [...cluster.attributes].map(([name, values]) => `${name}=${values[agent]}`);
    const absent = cluster.absent.has(agent) ? ' absent' : '';
    return `${id} ${amounts(total)}${attributes.length > 0 ? ` {${attributes.join(' ')}}` : ''}${absent}`;
  });
  const events = cluster.events.map(
    ({ timeUs, agent, kind, total }) =>
      `@${usToSeconds(timeUs)} ${cluster.agentIds[agent]} ${kind}${total ? ` ${amounts(total)}` : ''}`,
  );
  return [...agents, ...events];
}

/** Ids of the agents that a job's first task may run on. */
export function allowedAgents(workload: Workload, id: string): string[] {
  const { cluster, requests, stages, tasks, jobs } = workload;
  const job = workload.jobs.ids!.indexOf(id);
  const constraints = requests.constraints[tasks.request[stages.firstTask[jobs.firstStage[job]]]] ?? [];
  return cluster!.agentIds.filter((_, agent) =>
    constraints.every((c) => satisfies(c, cluster!.attributes.get(c.attribute)?.[agent] ?? null)),
  );
}
