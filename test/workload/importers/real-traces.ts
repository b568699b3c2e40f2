/** Real traces, and sums over what came out of them. */
import { TraceSource } from '../../../src/files/trace-source.ts';
import { type LoadedTrace, type LoadOptions, loadTrace } from '../../../src/workload/load-trace.ts';
import { OUTCOME_FAILED, type Workload } from '../../../src/workload/workload.ts';
import { tracePath } from '../../traces.ts';

/** @param file within the folder of real traces */
export function loadReal(file: string, options: LoadOptions = {}): Promise<LoadedTrace> {
  return loadTrace(new TraceSource(tracePath(file)), options);
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

export function failedTasks({ tasks }: Workload): number {
  return tasks.outcome?.filter((outcome) => outcome === OUTCOME_FAILED).length ?? 0;
}

/** Jobs by role. */
export function jobsByRole({ roles, jobs }: Workload): Record<string, number> {
  const counts = Object.fromEntries(roles.map((role) => [role, 0]));
  for (const role of jobs.role) counts[roles[role]]++;
  return counts;
}
