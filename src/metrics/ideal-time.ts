/** The time a job would take alone in its fair part of the cluster: the divisor of finish-time fairness. */
import { jobTasks, type Workload } from '../workload/workload.ts';

/**
 * max(longest chain of stages, work in the job's most wanted resource ÷ what the job's part has of it), after
 * Mahajan et al., NSDI 2020 (Themis), section 3, with 1/N generalised to a weight's part of the active weights.
 * @param demand thousandths, `[request * capacity.length + r]`
 * @param part 0 … 1 of the cluster; @returns µs
 */
export function idealTimeUs(
  workload: Workload,
  job: number,
  capacity: Float64Array,
  demand: Float64Array,
  part: number,
): number {
  const [first, end] = jobTasks(workload, job);
  const { durationUs, request } = workload.tasks;
  const width = capacity.length;
  let idealUs = chainUs(workload, job);
  for (let r = 0; r < width; r++) {
    let work = 0;
    for (let task = first; task < end; task++) work += demand[request[task] * width + r] * durationUs[task];
    if (capacity[r] > 0) idealUs = Math.max(idealUs, work / (capacity[r] * part));
  }
  return idealUs;
}

/** Length of the longest chain of stages; a stage takes as long as its longest task. */
function chainUs(workload: Workload, job: number): number {
  const { jobs, stages } = workload;
  const { precedence } = stages;
  const first = jobs.firstStage[job];
  const end = jobs.firstStage[job + 1];
  if (precedence === null && end === first + 1) return longestTaskUs(workload, first);
  const chains = new Map<number, number>();
  const chainTo = (stage: number): number => {
    const known = chains.get(stage);
    if (known !== undefined) return known;
    let before = 0;
    if (precedence) {
      for (let e = precedence.firstAfter[stage]; e < precedence.firstAfter[stage + 1]; e++) {
        before = Math.max(before, chainTo(precedence.after[e]));
      }
    }
    const chain = before + longestTaskUs(workload, stage);
    chains.set(stage, chain);
    return chain;
  };
  let longest = 0;
  for (let stage = first; stage < end; stage++) longest = Math.max(longest, chainTo(stage));
  return longest;
}

function longestTaskUs({ stages, tasks }: Workload, stage: number): number {
  let longest = 0;
  for (let task = stages.firstTask[stage]; task < stages.firstTask[stage + 1]; task++) {
    if (tasks.durationUs[task] > longest) longest = tasks.durationUs[task];
  }
  return longest;
}
