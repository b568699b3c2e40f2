/**
 * Plays a workload on a real cluster as a protocol simulation plays it on a virtual one: a framework for each role, and
 * the same books, so that results have the same shape and meaning.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { stream } from '../../cluster/streams.ts';
import { Scheduler } from '../../frameworks/scheduler.ts';
import { TRACE_DEFAULTS, Trace } from '../../frameworks/trace.ts';
import type { SchedulerEvent } from '../../protocol/v1/scheduler.ts';
import type { MasterAddresses } from '../../real/scheduler-client/master-connection.ts';
import { type RunningScheduler, runScheduler } from '../../real/scheduler-client/run-scheduler.ts';
import { FORGETFUL } from '../../real/scheduler-client/saved-state.ts';
import type { Run } from '../../results/run.ts';
import { DecisionDigest } from '../../sim/decision-digest.ts';
import type { ReplayOptions } from '../../sim/options.ts';
import { Books } from '../../sim/protocol/books.ts';
import { runSummary } from '../../sim/run-summary.ts';
import { runTables } from '../../sim/run-tables.ts';
import type { Workload } from '../../workload/workload.ts';
import { frameworkInfo } from '../submit/run-batch.ts';

/** Until all frameworks have subscribed. */
const LEAD_TIME_MS = 1000;
const PROGRESS_MS = 200;

export interface RealPlayProgress {
  update(endedTasks: number, nowUs: number): void;
  problem(message: string): void;
}

/**
 * @param shouldStop asked several times a second
 * @returns what happened, whether all of it did, and the median from launching a task to its run
 */
export async function playForReal(
  workload: Workload,
  options: ReplayOptions,
  addresses: MasterAddresses,
  principal: string | null,
  progress: RealPlayProgress,
  shouldStop: () => boolean,
): Promise<Pick<Run, 'summary' | 'tables'> & { readonly isComplete: boolean; readonly launchUs: number }> {
  const books = new Books(workload, options);
  const digest = new DecisionDigest();
  const launchedUs = new Map<string, number>();
  const launchesUs: number[] = [];
  const firstUs = workload.jobs.count > 0 ? workload.jobs.submitUs[0] : 0;
  const startUs = (Date.now() + LEAD_TIME_MS) * 1000 - firstUs;
  const traceUs = () => Date.now() * 1000 - startUs;
  const hear = (event: SchedulerEvent) => {
    books.advanceTo(traceUs());
    const status = event.update?.status;
    if (status?.source === 'SOURCE_EXECUTOR' && status.state === 'TASK_RUNNING') {
      const runsUs = Math.round(status.timestamp! * 1e6) - startUs;
      books.reported(status, runsUs);
      launchesUs.push(runsUs - launchedUs.get(status.task_id.value)!);
    }
    books.heard(event, traceUs());
  };
  const schedulers = workload.roles.map((role, number): RunningScheduler => {
    const info = frameworkInfo({
      name: `play ${role}`,
      role,
      failoverSeconds: 0,
      ...(principal !== null && { principal }),
    });
    const refuseUs = options.model.kind === 'protocol' ? options.model.refuseUs : TRACE_DEFAULTS.refuseUs;
    const application = new Trace(workload, number, { ...TRACE_DEFAULTS, startUs, refuseUs });
    const random = stream(randomBytes(16).toString('hex'), role);
    return runScheduler(new Scheduler(info, application, random), addresses, FORGETFUL, {
      event: hear,
      called: (call) => {
        books.advanceTo(traceUs());
        books.called(call, traceUs());
        for (const { launch } of call.accept?.operations ?? [])
          for (const { task_id } of launch?.task_infos ?? []) launchedUs.set(task_id.value, traceUs());
      },
      disconnected: (problem) => progress.problem(problem),
    });
  });
  let open = schedulers.length;
  for (const { ended } of schedulers)
    ended.then((problem) => {
      open--;
      if (problem !== null) progress.problem(`the master refused a framework: ${problem}`);
    });
  while (open > 0 && !shouldStop()) {
    await sleep(PROGRESS_MS);
    progress.update(books.settledCount, traceUs());
  }
  for (const scheduler of schedulers) scheduler.stop();
  books.advanceTo(traceUs());
  const { recorder, counts, offerCounts, idealUs, board } = books;
  recorder.finish(Math.max(0, books.lastChangeUs));
  const isComplete = books.isDone;
  const outcome = { workload, options, board, recorder, counts, offerCounts, digest, idealUs, isComplete };
  const launchUs = launchesUs.sort((a, b) => a - b)[launchesUs.length >> 1] ?? 0;
  return { summary: runSummary(outcome), tables: runTables(outcome), isComplete, launchUs };
}
