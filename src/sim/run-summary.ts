/** The figures of a replay, under the names of docs/metrics.md. */
import { TASK_ENDED, TASK_UNPLACED } from '../allocator/board.ts';
import type { TransactionCounts } from '../allocator/shared-state.ts';
import { MILLI } from '../cluster/resources.ts';
import { US_PER_SECOND, usToSeconds } from '../cluster/time.ts';
import { distribution } from '../metrics/distribution.ts';
import { type JobFigureColumns, jobFigures } from '../metrics/job-figures.ts';
import type {
  JobFigures,
  RoleMetrics,
  RunMetrics,
  RunSummary,
  SharedStateFigures,
} from '../metrics/summary.ts';
import type { JobColumns } from '../workload/workload.ts';
import type { ReplayOutcome } from './outcome.ts';

export function runSummary(outcome: ReplayOutcome): RunSummary {
  const figures = figuresOf(outcome);
  const { transactions } = outcome;
  const { roles, jobs } = outcome.workload;
  return {
    policy: outcome.options.policy.name,
    decisionDigest: outcome.digest.toString(),
    metrics: runMetrics(
      outcome,
      figures,
      Int32Array.from({ length: jobs.count }, (_, job) => job),
    ),
    roles: jobsByRole(jobs, roles.length).map((jobsOfRole, role) =>
      roleMetrics(outcome, figures, role, jobsOfRole),
    ),
    ...(transactions && { sharedState: sharedStateFigures(transactions, roles) }),
  };
}

function sharedStateFigures(
  { made, decidingUs, ...counts }: TransactionCounts,
  roles: readonly string[],
): SharedStateFigures {
  const decidingSeconds = Object.fromEntries(
    roles.map((name, role) => [name, usToSeconds(decidingUs[role])]),
  );
  return { transactions: made, ...counts, decidingSeconds };
}

/** Wait, response and slowdown of every job. */
export function figuresOf({ workload, board, idealUs, isComplete }: ReplayOutcome): JobFigureColumns {
  return jobFigures(
    workload,
    {
      startUs: board.startUs,
      hasEnded: (task) => board.taskState[task] === TASK_ENDED,
      isUnplaced: (task) =>
        board.taskState[task] === TASK_UNPLACED || (isComplete && board.taskState[task] !== TASK_ENDED),
      isGang: (stage) => board.isGang(stage),
    },
    idealUs,
  );
}

function runMetrics(outcome: ReplayOutcome, figures: JobFigureColumns, allJobs: Int32Array): RunMetrics {
  const { recorder, counts, board, workload, offerCounts } = outcome;
  const { resources } = board.cluster;
  const byResource = (amountOf: (r: number) => number) =>
    Object.fromEntries(resources.map((name, r) => [name, amountOf(r)]));
  const makespanUs = counts.lastEndUs < 0 ? 0 : counts.lastEndUs - workload.jobs.submitUs[0];
  const makespanSeconds = usToSeconds(makespanUs);
  return {
    ...figuresOver(outcome, figures, allJobs),
    makespanSeconds,
    throughputTasksPerSecond: makespanSeconds > 0 ? board.endedCount / makespanSeconds : 0,
    utilisation: byResource((r) => ratio(recorder.usedUs[r], recorder.capacityUs[r])),
    fragmentation: byResource((r) => ratio(recorder.fragmentedUs[r], recorder.capacityUs[r])),
    queueLength: { mean: ratio(recorder.waitingUs, recorder.spanUs), max: recorder.waitingMax },
    jainIndex: recorder.jainSpanUs > 0 ? recorder.jainUs / recorder.jainSpanUs : null,
    belowEntitlementShareSeconds:
      recorder.belowEntitlementUs.reduce((sum, us) => sum + us, 0) / US_PER_SECOND,
    envy: recorder.envySpanUs > 0 ? recorder.envyUs / recorder.envySpanUs : null,
    offers: { ...offerCounts },
    preemptions: counts.preemptions,
    lostAttempts: counts.lostAttempts,
    lostWork: byResource((r) => counts.lostWork[r] / MILLI / US_PER_SECOND),
  };
}

function roleMetrics(
  outcome: ReplayOutcome,
  figures: JobFigureColumns,
  role: number,
  jobsOfRole: Int32Array,
): RoleMetrics {
  const { recorder, workload } = outcome;
  const activeUs = recorder.activeUs[role];
  return {
    role: workload.roles[role],
    weight: recorder.weightOf(role),
    ...figuresOver(outcome, figures, jobsOfRole),
    meanDominantShare: ratio(recorder.shareUs[role], recorder.spanUs),
    meanEntitlement: ratio(recorder.entitlementUs[role], activeUs),
    meanActiveDominantShare: ratio(recorder.shareUs[role], activeUs),
    belowEntitlementShareSeconds: recorder.belowEntitlementUs[role] / US_PER_SECOND,
    backloggedSeconds: usToSeconds(recorder.backloggedUs[role]),
  };
}

function jobsByRole(jobs: JobColumns, roleCount: number): Int32Array[] {
  const counts = new Int32Array(roleCount);
  for (let job = 0; job < jobs.count; job++) counts[jobs.role[job]]++;
  const byRole = Array.from(counts, (count) => new Int32Array(count));
  counts.fill(0);
  for (let job = 0; job < jobs.count; job++) byRole[jobs.role[job]][counts[jobs.role[job]]++] = job;
  return byRole;
}

function figuresOver({ workload }: ReplayOutcome, figures: JobFigureColumns, chosen: Int32Array): JobFigures {
  const { jobs, stages } = workload;
  const values = new Float64Array(chosen.length);
  const over = (column: Float64Array) => {
    for (let i = 0; i < chosen.length; i++) values[i] = column[chosen[i]];
    return distribution(values);
  };
  let taskCount = 0;
  let unplaced = 0;
  for (const job of chosen) {
    taskCount += stages.firstTask[jobs.firstStage[job + 1]] - stages.firstTask[jobs.firstStage[job]];
    unplaced += figures.unplacedTasks[job];
  }
  return {
    jobs: chosen.length,
    tasks: taskCount,
    unplaced,
    waitSeconds: over(figures.waitSeconds),
    responseSeconds: over(figures.responseSeconds),
    boundedSlowdown: over(figures.boundedSlowdown),
    finishTimeFairness: over(figures.finishTimeFairness),
  };
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
