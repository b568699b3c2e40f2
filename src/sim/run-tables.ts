/** The tables of a replay. */
import { TASK_ENDED, TASK_RUNNING, TASK_UNPLACED } from '../allocator/board.ts';
import { agentAmount } from '../cluster/cluster.ts';
import { usToSeconds } from '../cluster/time.ts';
import type { RunTables, TaskTable } from '../metrics/tables.ts';
import { jobId, jobTasks, OUTCOME_FAILED, OUTCOME_FINISHED } from '../workload/workload.ts';
import type { ReplayOutcome } from './outcome.ts';
import { figuresOf } from './run-summary.ts';

export function runTables(outcome: ReplayOutcome): RunTables {
  const { workload, options } = outcome;
  const { jobs } = workload;
  const figures = figuresOf(outcome);
  const jobNumbers = Array.from({ length: jobs.count }, (_, job) => job);
  return {
    jobs: {
      jobId: jobNumbers.map((job) => jobId(workload, job)),
      role: jobNumbers.map((job) => workload.roles[jobs.role[job]]),
      submitSeconds: jobs.submitUs.map(usToSeconds),
      ...figures,
      tasks: Int32Array.from(jobNumbers, (job) => {
        const [first, end] = jobTasks(workload, job);
        return end - first;
      }),
    },
    tasks: taskTable(outcome),
    agents: {
      agentId: options.cluster.agentIds,
      resources: Object.fromEntries(
        options.cluster.resources.map((name) => [
          name,
          Float64Array.from(options.cluster.agentIds, (_, agent) =>
            agentAmount(options.cluster, agent, name),
          ),
        ]),
      ),
    },
    rolesOverTime: rolesOverTime(outcome),
    clusterOverTime: clusterOverTime(outcome),
  };
}

function taskTable({ workload, board, isComplete }: ReplayOutcome): TaskTable {
  const { tasks, stages } = workload;
  const hasEnded = (task: number) => board.taskState[task] === TASK_ENDED;
  return {
    job: tasks.stage.map((stage) => stages.job[stage]),
    agent: board.agentOf,
    startSeconds: board.startUs.map(usToSeconds),
    endSeconds: Float64Array.from(tasks.durationUs, (durationUs, task) =>
      hasEnded(task) ? usToSeconds(board.startUs[task] + durationUs) : Number.NaN,
    ),
    attempts: Int32Array.from(board.agentOf, (agent, task) =>
      agent < 0 ? 0 : 1 + (board.extraAttempts.get(task) ?? 0),
    ),
    state: Array.from(board.taskState, (state, task) => {
      if (state === TASK_RUNNING) return 'running';
      if (state !== TASK_ENDED) return isComplete || state === TASK_UNPLACED ? 'unplaced' : 'waiting';
      const ending = board.outcome(task);
      return ending === OUTCOME_FINISHED ? 'finished' : ending === OUTCOME_FAILED ? 'failed' : 'killed';
    }),
  };
}

function rolesOverTime({ workload, recorder }: ReplayOutcome): RunTables['rolesOverTime'] {
  const { startsUs, roles: samples } = recorder.series;
  const { roles } = workload;
  const rows = (columnOf: (sample: (typeof samples)[number]) => Float64Array) =>
    Float64Array.from(
      { length: startsUs.length * roles.length },
      (_, row) => columnOf(samples[Math.floor(row / roles.length)])[row % roles.length],
    );
  return {
    timeSeconds: Float64Array.from({ length: startsUs.length * roles.length }, (_, row) =>
      usToSeconds(startsUs[Math.floor(row / roles.length)]),
    ),
    role: startsUs.flatMap(() => roles),
    dominantShare: rows((sample) => sample.share),
    entitlement: rows((sample) => sample.entitlement),
    waitingTasks: rows((sample) => sample.waiting),
    runningTasks: rows((sample) => sample.running),
  };
}

function clusterOverTime({ board, recorder }: ReplayOutcome): RunTables['clusterOverTime'] {
  const { startsUs, cluster: samples } = recorder.series;
  const { resources } = board.cluster;
  const rows = (columnOf: (sample: (typeof samples)[number]) => Float64Array) =>
    Float64Array.from(
      { length: startsUs.length * resources.length },
      (_, row) => columnOf(samples[Math.floor(row / resources.length)])[row % resources.length],
    );
  return {
    timeSeconds: Float64Array.from({ length: startsUs.length * resources.length }, (_, row) =>
      usToSeconds(startsUs[Math.floor(row / resources.length)]),
    ),
    resource: startsUs.flatMap(() => resources),
    utilisation: rows((sample) => sample.utilisation),
    fragmentation: rows((sample) => sample.fragmentation),
  };
}
