/** Starts the service framework: its scheduler on a cluster, and the server that takes its orders. */
import { randomBytes } from 'node:crypto';
import { stream } from '../../cluster/streams.ts';
import { Scheduler } from '../../frameworks/scheduler.ts';
import { Services } from '../../frameworks/services.ts';
import type { FrameworkInfo } from '../../protocol/v1/mesos.ts';
import type { MasterAddresses } from '../scheduler-client/master-connection.ts';
import { runScheduler, type SchedulerObserver } from '../scheduler-client/run-scheduler.ts';
import type { SavedState } from '../scheduler-client/saved-state.ts';
import { createServiceServer } from './service-server.ts';

export interface RunningServices {
  /** Such as `http://127.0.0.1:5040`. */
  readonly origin: string;
  /** Why the master will not have the framework. */
  readonly refused: Promise<string | null>;
  /** Instances go on, and are found again by the state. */
  stop(): Promise<void>;
}

export async function startServices(
  framework: FrameworkInfo,
  addresses: MasterAddresses,
  state: SavedState,
  listen: { readonly host: string; readonly port: number },
  observer: SchedulerObserver = {},
): Promise<RunningServices> {
  const services = new Services();
  const scheduler = new Scheduler(framework, services, stream(randomBytes(16).toString('hex'), 'scheduler'));
  const server = createServiceServer(
    services,
    () => Date.now() * 1000,
    () => running.wake(),
  );
  const origin = await server.listen(listen);
  const running = runScheduler(scheduler, addresses, state, observer);
  return {
    origin,
    refused: running.ended,
    async stop() {
      running.stop();
      await server.close();
    },
  };
}
