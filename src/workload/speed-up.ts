/** The same work in less time: how a trace of hours is played on a real cluster within minutes. */
import type { Workload } from './workload.ts';

/** Divides all times of the workload by `speed`: submissions, durations and estimates. @param speed above 0 */
export function speedUp(workload: Workload, speed: number): Workload {
  const faster = (times: Float64Array) => times.map((us) => (us < 0 ? us : Math.round(us / speed)));
  const { jobs, tasks } = workload;
  return {
    ...workload,
    jobs: { ...jobs, submitUs: faster(jobs.submitUs), estimateUs: faster(jobs.estimateUs) },
    tasks: { ...tasks, durationUs: faster(tasks.durationUs) },
  };
}
