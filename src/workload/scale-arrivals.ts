/** The same jobs arriving faster or slower: how a trace is put under another load. */
import type { Workload } from './workload.ts';

/**
 * Divides every submit time by `load`: 1.2 brings the same work in 1 ÷ 1.2 of the time. Durations, and the times at
 * which the trace's agents come and go, stay as they are.
 * @param load above 0
 */
export function scaleArrivals(workload: Workload, load: number): Workload {
  const submitUs = workload.jobs.submitUs.map((us) => Math.round(us / load));
  return { ...workload, jobs: { ...workload.jobs, submitUs } };
}
