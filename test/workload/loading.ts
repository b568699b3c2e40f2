/** Loads traces in tests, and adds up what came out. */
import { TraceSource } from '../../src/files/trace-source.ts';
import { type LoadedTrace, type LoadOptions, loadTrace } from '../../src/workload/load-trace.ts';
import type { Workload } from '../../src/workload/workload.ts';
import { tracePath } from '../traces.ts';

export function load(path: string, options: LoadOptions = {}): Promise<LoadedTrace> {
  return loadTrace(new TraceSource(path), options);
}

/** @param file within the folder of real traces */
export function loadReal(file: string, options: LoadOptions = {}): Promise<LoadedTrace> {
  return load(tracePath(file), options);
}

/** What all tasks ask for together, in thousandths. */
export function totalMilli({ resources, requests, tasks }: Workload, resource: string): number {
  const column = resources.indexOf(resource);
  return tasks.request.reduce(
    (sum, request) => sum + requests.demand[request * resources.length + column],
    0,
  );
}

/** Run times of all tasks together. */
export function totalSeconds({ tasks }: Workload): number {
  return tasks.durationUs.reduce((sum, us) => sum + us, 0) / 1e6;
}

/** Jobs by role. */
export function jobsByRole({ roles, jobs }: Workload): Record<string, number> {
  const counts = Object.fromEntries(roles.map((role) => [role, 0]));
  for (const role of jobs.role) counts[roles[role]]++;
  return counts;
}

/** The job as a person would write it down; `seconds` and `requests` by task. */
export function describeJob(workload: Workload, job: number) {
  const { jobs, stages, tasks, requests, resources, roles } = workload;
  const first = stages.firstTask[jobs.firstStage[job]];
  const end = stages.firstTask[jobs.firstStage[job + 1]];
  const amounts = (request: number) =>
    Object.fromEntries(
      resources.map((name, r) => [name, requests.demand[request * resources.length + r] / 1000]),
    );
  return {
    id: jobs.ids?.[job] ?? null,
    role: roles[jobs.role[job]],
    submitSeconds: jobs.submitUs[job] / 1e6,
    estimateSeconds: jobs.estimateUs[job] < 0 ? null : jobs.estimateUs[job] / 1e6,
    isGang: jobs.isGang[job] === 1,
    priority: jobs.priority[job],
    seconds: Array.from(tasks.durationUs.subarray(first, end), (us) => us / 1e6),
    requests: Array.from(tasks.request.subarray(first, end), amounts),
    outcomes: Array.from({ length: end - first }, (_, task) => tasks.outcome?.[first + task] ?? 0),
  };
}
