/** Five parallel jobs on ten processors, for seeing what EASY and conservative backfilling do and do not let ahead. */
import { buildCluster } from '../../cluster/cluster.ts';
import type { Run } from '../../results/run.ts';
import { WorkloadBuilder } from '../../workload/builder.ts';
import { playPolicy } from '../play-policy.ts';

export interface ExampleJob {
  readonly name: string;
  readonly processors: number;
  readonly minutes: number;
}

const PROCESSORS = 10;
const MINUTE_US = 60e6;
/** Between submissions. */
const GAP_US = 6e6;

/** In order of submission. The last, which may go ahead or not, is the reader's. */
export function exampleJobs(last: { readonly processors: number; readonly minutes: number }): ExampleJob[] {
  return [
    { name: 'A', processors: 6, minutes: 5 },
    { name: 'B', processors: 8, minutes: 3 },
    { name: 'C', processors: 4, minutes: 4 },
    { name: 'D', processors: 10, minutes: 2 },
    { name: 'E', ...last },
  ];
}

/**
 * Jobs, submitted a few seconds apart in the order given, each a role of its own, so that charts colour them.
 * @param estimateFactor what users say, in run times @param policies as for `simulate --policy`
 */
export function playJobs(
  jobs: readonly ExampleJob[],
  estimateFactor: number,
  policies: readonly string[],
): Run[] {
  const builder = new WorkloadBuilder('five jobs');
  const processor = builder.request({ cpus: 1 });
  jobs.forEach(({ name, processors, minutes }, index) => {
    const runUs = minutes * MINUTE_US;
    builder.job({
      id: name,
      role: name,
      submitUs: index * GAP_US,
      isGang: true,
      estimateUs: runUs * estimateFactor,
    });
    builder.tasks(processors, processor, runUs);
  });
  const agents = Array.from({ length: PROCESSORS }, (_, index) => ({
    id: `processor ${index + 1}`,
    resources: { cpus: 1 },
  }));
  const workload = builder.finish(buildCluster(agents));
  return policies.map((policy) => playPolicy(workload, policy, { seed: 'never drawn from' }));
}
