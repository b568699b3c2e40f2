/** Wait, response and slowdown of every job, from when its tasks ran. Definitions: docs/metrics.md. */
import { US_PER_SECOND, usToSeconds } from '../cluster/time.ts';
import { jobTasks, type Workload } from '../workload/workload.ts';

/** Run times below this are taken as this in the bounded slowdown (Feitelson et al., JSSPP 1997). */
const SHORTEST_RUN_SECONDS = 10;

/** One entry a job; NaN where the job did not get so far. */
export interface JobFigureColumns {
  readonly startSeconds: Float64Array;
  readonly endSeconds: Float64Array;
  readonly waitSeconds: Float64Array;
  readonly responseSeconds: Float64Array;
  readonly boundedSlowdown: Float64Array;
  readonly finishTimeFairness: Float64Array;
  readonly unplacedTasks: Int32Array;
}

/** How the tasks of a run went. */
export interface TaskRuns {
  /** NaN: never started. */
  readonly startUs: Float64Array;
  /** Whether the task has ended (finished, failed or killed). */
  hasEnded(task: number): boolean;
  /** Whether the task will never start. */
  isUnplaced(task: number): boolean;
  /** Whether a job's tasks of a stage start together. */
  isGang(stage: number): boolean;
}

/** @param idealUs run time each job would have alone in its weight's part of the cluster, µs; NaN where unknown */
export function jobFigures(workload: Workload, runs: TaskRuns, idealUs: Float64Array): JobFigureColumns {
  const { jobs, tasks, stages } = workload;
  const column = () => new Float64Array(jobs.count).fill(Number.NaN);
  const figures = {
    startSeconds: column(),
    endSeconds: column(),
    waitSeconds: column(),
    responseSeconds: column(),
    boundedSlowdown: column(),
    finishTimeFairness: column(),
    unplacedTasks: new Int32Array(jobs.count),
  };
  for (let job = 0; job < jobs.count; job++) {
    const [first, end] = jobTasks(workload, job);
    let firstStartUs = Number.POSITIVE_INFINITY;
    let gangStartUs = Number.NEGATIVE_INFINITY;
    let lastEndUs = Number.NEGATIVE_INFINITY;
    let ended = 0;
    let started = 0;
    for (let task = first; task < end; task++) {
      if (runs.isUnplaced(task)) figures.unplacedTasks[job]++;
      const startUs = runs.startUs[task];
      if (Number.isNaN(startUs)) continue;
      started++;
      firstStartUs = Math.min(firstStartUs, startUs);
      if (tasks.stage[task] === jobs.firstStage[job]) gangStartUs = Math.max(gangStartUs, startUs);
      if (!runs.hasEnded(task)) continue;
      ended++;
      lastEndUs = Math.max(lastEndUs, startUs + tasks.durationUs[task]);
    }
    if (started === 0) continue;
    const isGang = stages.count > 0 && runs.isGang(jobs.firstStage[job]);
    const startUs = isGang && gangStartUs > Number.NEGATIVE_INFINITY ? gangStartUs : firstStartUs;
    const submitUs = jobs.submitUs[job];
    const waitSeconds = (startUs - submitUs) / US_PER_SECOND;
    figures.startSeconds[job] = usToSeconds(startUs);
    figures.waitSeconds[job] = waitSeconds;
    if (ended < end - first) continue;
    const runSeconds = (lastEndUs - startUs) / US_PER_SECOND;
    figures.endSeconds[job] = usToSeconds(lastEndUs);
    figures.responseSeconds[job] = (lastEndUs - submitUs) / US_PER_SECOND;
    figures.boundedSlowdown[job] = Math.max(
      1,
      (waitSeconds + runSeconds) / Math.max(runSeconds, SHORTEST_RUN_SECONDS),
    );
    if (idealUs[job] > 0) figures.finishTimeFairness[job] = (lastEndUs - submitUs) / idealUs[job];
  }
  return figures;
}
