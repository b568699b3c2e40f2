/** Runs a batch on a real cluster, and tells of each task as it goes. */
import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import { stream } from '../../cluster/streams.ts';
import type { Batch } from '../../frameworks/batch.ts';
import { Scheduler } from '../../frameworks/scheduler.ts';
import type { URL as AgentUrl, FrameworkInfo, TaskStatus } from '../../protocol/v1/mesos.ts';
import type { MasterAddresses } from '../../real/scheduler-client/master-connection.ts';
import { runScheduler } from '../../real/scheduler-client/run-scheduler.ts';
import type { Sandbox } from '../../real/scheduler-client/sandbox-output.ts';
import type { SavedState } from '../../real/scheduler-client/saved-state.ts';
import { withGentleInterrupt } from '../signals.ts';
import { askMaster } from './cluster-of-master.ts';

export interface BatchObserver {
  /** @param sandbox where the task's files are; `null`: its agent has not been heard of in this process */
  status(status: TaskStatus, sandbox: Sandbox | null): void;
}

export interface FrameworkSettings {
  readonly name: string;
  readonly role: string;
  readonly user?: string;
  readonly principal?: string;
  readonly failoverSeconds: number;
}

/**
 * @returns why it did not get to its end; `null`: all tasks have ended
 * @throws InputError where no master answers at the start
 */
export async function runBatch(
  batch: Batch,
  settings: FrameworkSettings,
  addresses: MasterAddresses,
  state: SavedState,
  observer: BatchObserver,
): Promise<string | null> {
  await askMaster(addresses, { type: 'GET_HEALTH' });
  const origins = new Map<string, string>();
  let frameworkId = '';
  const tell = tellOnce();
  const scheduler = new Scheduler(
    frameworkInfo(settings),
    batch,
    stream(randomBytes(16).toString('hex'), 'scheduler'),
  );
  const running = runScheduler(scheduler, addresses, state, {
    event(event) {
      frameworkId = event.subscribed?.framework_id.value ?? frameworkId;
      for (const { agent_id, url } of event.offers?.offers ?? [])
        if (url) origins.set(agent_id.value, originOf(url));
      const status = event.update?.status;
      if (!status) return;
      const origin = origins.get(status.agent_id?.value ?? '');
      // A command task's executor has the task's id.
      const executorId = status.executor_id?.value ?? status.task_id.value;
      observer.status(status, origin === undefined ? null : { origin, frameworkId, executorId });
    },
    disconnected(problem) {
      // After its teardown the master closes the subscription.
      if (!batch.isDone) tell(problem);
    },
  });
  const interrupted = Promise.withResolvers<string>();
  const stop = () => {
    running.stop();
    interrupted.resolve('interrupted');
  };
  return withGentleInterrupt(stop, () => Promise.race([running.ended, interrupted.promise]));
}

/** Says that the connection is lost, once for as long as it is for the same reason. */
export function tellOnce(): (problem: string) => void {
  let last = '';
  return (problem) => {
    if (problem !== last)
      process.stderr.write(`mesolab: no connection to the master (${problem}); trying again\n`);
    last = problem;
  };
}

function originOf({ scheme, address }: AgentUrl): string {
  return `${scheme}://${address.ip ?? address.hostname}:${address.port}`;
}

export function frameworkInfo({
  name,
  role,
  user,
  principal,
  failoverSeconds,
}: FrameworkSettings): FrameworkInfo {
  return {
    user: user ?? userInfo().username,
    name,
    roles: [role],
    failover_timeout: failoverSeconds,
    checkpoint: true,
    capabilities: [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }, { type: 'RESERVATION_REFINEMENT' }],
    ...(principal !== undefined && { principal }),
  };
}
