/** The beginning of a workload: its first jobs, with the roles and requests that they use. */
import type { JobColumns, RequestColumns, StageColumns, Workload } from './workload.ts';

/** The first `count` jobs by submit time; the whole workload if it has no more. */
export function firstJobs(workload: Workload, count: number): Workload {
  return count >= workload.jobs.count ? workload : leadingJobs(workload, count);
}

/** The jobs submitted before `untilUs`. They are replayed to their end, however long they run. */
export function jobsSubmittedBefore(workload: Workload, untilUs: number): Workload {
  const firstLater = workload.jobs.submitUs.findIndex((submitUs) => submitUs >= untilUs);
  return firstLater < 0 ? workload : leadingJobs(workload, firstLater);
}

function leadingJobs(workload: Workload, jobCount: number): Workload {
  const { jobs, stages, tasks, requests } = workload;
  const stageCount = jobs.firstStage[jobCount];
  const taskCount = stages.firstTask[stageCount];
  const role = renumber(jobs.role.subarray(0, jobCount), workload.roles.length);
  const request = renumber(tasks.request.subarray(0, taskCount), requests.count);
  return {
    ...workload,
    roles: role.kept.map((number) => workload.roles[number]),
    jobs: { ...leadingColumns(jobs, jobCount), role: role.numbers },
    stages: leadingStages(stages, stageCount),
    tasks: {
      count: taskCount,
      stage: tasks.stage.slice(0, taskCount),
      request: request.numbers,
      durationUs: tasks.durationUs.slice(0, taskCount),
      outcome: tasks.outcome?.slice(0, taskCount) ?? null,
    },
    requests: keptRequests(requests, request.kept, workload.resources.length),
  };
}

function leadingColumns(jobs: JobColumns, count: number): JobColumns {
  return {
    count,
    ids: jobs.ids?.slice(0, count) ?? null,
    role: jobs.role,
    submitUs: jobs.submitUs.slice(0, count),
    priority: jobs.priority.slice(0, count),
    isGang: jobs.isGang.slice(0, count),
    estimateUs: jobs.estimateUs.slice(0, count),
    maxPerAgent: jobs.maxPerAgent?.slice(0, count) ?? null,
    spreadGroup: jobs.spreadGroup?.slice(0, count) ?? null,
    firstStage: jobs.firstStage.slice(0, count + 1),
  };
}

function leadingStages({ job, firstTask, precedence }: StageColumns, count: number): StageColumns {
  if (!precedence)
    return { count, job: job.slice(0, count), firstTask: firstTask.slice(0, count + 1), precedence };
  const firstAfter = precedence.firstAfter.slice(0, count + 1);
  const after = precedence.after.slice(0, firstAfter[count]);
  const kept = after.length > 0 ? { firstAfter, after } : null;
  return { count, job: job.slice(0, count), firstTask: firstTask.slice(0, count + 1), precedence: kept };
}

function keptRequests(requests: RequestColumns, kept: readonly number[], width: number): RequestColumns {
  const demand = new Float64Array(kept.length * width);
  kept.forEach((old, number) => {
    demand.set(requests.demand.subarray(old * width, (old + 1) * width), number * width);
  });
  return { count: kept.length, demand, constraints: kept.map((old) => requests.constraints[old]) };
}

/** The numbers that occur, renumbered from 0 in their old order. */
function renumber(column: Int32Array, count: number): { kept: number[]; numbers: Int32Array } {
  const newNumber = new Int32Array(count).fill(-1);
  for (const old of column) newNumber[old] = 0;
  const kept: number[] = [];
  for (let old = 0; old < count; old++) {
    if (newNumber[old] === 0) newNumber[old] = kept.push(old) - 1;
  }
  return { kept, numbers: column.map((old) => newNumber[old]) };
}
