/** What nodes and processes of a simulated world see of it. */
import type { RandomStream } from '../../cluster/streams.ts';
import type { ElectedMaster } from '../../master/elected-master.ts';
import type { StoreEntry } from '../../master/election-io.ts';
import type { TaskStatus } from '../../protocol/v1/mesos.ts';
import type { SchedulerCall, SchedulerEvent } from '../../protocol/v1/scheduler.ts';
import type { CallServer } from './call.ts';
import type { Connection, Endpoint } from './connection.ts';
import type { Measures } from './measures.ts';
import type { Host, Network } from './network.ts';
import type { StepListener } from './process.ts';
import type { StoreService } from './store-service.ts';
import type { Timeline } from './timeline.ts';
import type { Traffic } from './traffic.ts';

/** A process of a master, as others reach it. */
export interface MasterServer extends Endpoint, CallServer {
  readonly host: Host;
  accept(connection: Connection): void;
}

export interface MasterHost extends Host {
  readonly process: MasterServer | null;
}

export interface NodeOptions {
  /** Of a write that is to be durable. */
  readonly diskLatencyUs: number;
  /** From the end of a process until its supervisor starts it again. */
  readonly restartDelayUs: { readonly master: number; readonly agent: number; readonly scheduler: number };
  /** From an agent's wish to the first step of what runs in the container. */
  readonly containerLaunchUs: number;
}

/** Something rare that a reader of the run may want to know. */
export interface WorldNote {
  readonly timeUs: number;
  readonly kind: 'leader-elected' | 'leader-lost' | 'master-aborted' | 'agent-exited' | 'scheduler-ended';
  readonly node: string;
  readonly detail: string;
}

export interface Surroundings {
  readonly options: NodeOptions;
  readonly timeline: Timeline;
  readonly network: Network;
  readonly store: StoreService;
  /** Key of the store that names the leader. */
  readonly leaderKey: string;
  readonly traffic: Traffic;
  readonly measures: Measures;
  readonly observer: {
    schedulerCalled(node: Host, call: SchedulerCall): void;
    schedulerHeard(node: Host, event: SchedulerEvent): void;
    executorUpdated(node: Host, status: TaskStatus): void;
  };
  readonly onStep: StepListener;
  /** A random stream of the world's seed; always the same one for the same name. */
  random(name: string): RandomStream;
  /** A name for a connection or an exchange, used once. */
  nextName(): string;
  /** The machine that the store names as leader. */
  masterOf(entry: StoreEntry | null): MasterHost | null;
  /** A TCP connection to a master's process; `null`: nobody answers there. */
  connect(client: Endpoint, server: MasterServer): Connection | null;
  /** The machine of a master's process. @param starts of the process on this host so far */
  createMaster(host: Host, starts: number): ElectedMaster;
  /** @param problem `null`: all its work is done */
  schedulerEnded(node: Host, problem: string | null): void;
  note(kind: WorldNote['kind'], host: Host, detail: string): void;
}
