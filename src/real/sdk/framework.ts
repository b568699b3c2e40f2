/**
 * Frameworks in TypeScript, without the protocol: say what to do with offers and with what becomes of tasks. Subscription,
 * failover, acknowledgement, reconciliation and lost messages are taken care of. See docs/writing-a-framework.md.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { toMilli } from '../../cluster/resources.ts';
import { stream } from '../../cluster/streams.ts';
import type { Application, OfferUse } from '../../frameworks/application.ts';
import { describedTask, type TaskDescription } from '../../frameworks/described-task.ts';
import type { Demand, OpenOffer } from '../../frameworks/open-offer.ts';
import { Scheduler } from '../../frameworks/scheduler.ts';
import type { TaskInfo, TaskStatus } from '../../protocol/v1/mesos.ts';
import { basicAuthorization, parseMasters } from '../scheduler-client/master-addresses.ts';
import { runScheduler } from '../scheduler-client/run-scheduler.ts';
import { FORGETFUL } from '../scheduler-client/saved-state.ts';
import { openStateFile } from '../scheduler-client/state-file.ts';

export type { TaskState, TaskStatus } from '../../protocol/v1/mesos.ts';

export interface FrameworkOptions {
  /** `HOST:PORT` of the masters, separated by commas, or their `zk://…` or `etcd://…`. */
  readonly master: string;
  readonly name: string;
  /** Whose share it lives on. */
  readonly role?: string;
  /** That runs its tasks; the user of this process where it is left out. */
  readonly user?: string;
  readonly principal?: string;
  readonly secret?: string;
  /** Keeps id and tasks, so that a restarted framework goes on; without it, tasks end with the process. */
  readonly stateFile?: string;
  /** For how long resources that are declined shall not be offered again, seconds. */
  readonly refuseSeconds?: number;
}

/** Natural units: cores, MiB, devices. */
export type Amounts = Readonly<Record<string, number>>;

export interface TaskRequest extends Partial<TaskDescription> {
  readonly name: string;
  /** Such as `{ cpus: 0.5, mem: 64 }`. */
  readonly needs: Amounts;
  /** How many ports; the command finds them in `PORT0`, `PORT1`, … */
  readonly ports?: number;
}

export interface UsableOffer {
  readonly agentId: string;
  readonly hostname: string;
  /** `null`: the agent has no such attribute. */
  attribute(name: string): string | null;
  hasRoomFor(needs: Amounts): boolean;
  /** @returns the task's id; @throws Error where the offer has no room */
  launch(task: TaskRequest): string;
}

export interface FrameworkHandlers {
  /** What is not launched on is declined. */
  offer(offer: UsableOffer): void;
  /** A task that was launched here changed; after a final state it is not mentioned again. */
  update(taskId: string, status: TaskStatus): void;
  /** Whether there is anything to launch; without it, always. */
  wantsOffers?(): boolean;
}

export interface Framework {
  kill(taskId: string): void;
  /** Says that `wantsOffers` may have changed. */
  changed(): void;
  /** Ends when its last task has ended. */
  finish(): void;
  /** Settles at its end; rejects with the master's word where the master will not have it. */
  readonly ended: Promise<void>;
}

export function startFramework(options: FrameworkOptions, handlers: FrameworkHandlers): Framework {
  const { master, name, role = '*', user = userInfo().username, principal, secret, stateFile } = options;
  const application = new HandledApplication(handlers, (options.refuseSeconds ?? 5) * 1e6);
  const info = {
    user,
    name,
    roles: [role],
    checkpoint: stateFile !== undefined,
    failover_timeout: stateFile === undefined ? 0 : 7 * 24 * 3600,
    capabilities: (['MULTI_ROLE', 'PARTITION_AWARE', 'RESERVATION_REFINEMENT'] as const).map((type) => ({
      type,
    })),
    ...(principal !== undefined && { principal }),
  };
  const addresses = {
    masters: parseMasters(master, false),
    encoding: 'json',
    authorization: principal && secret ? basicAuthorization(principal, secret) : null,
    dispatcher: null,
  } as const;
  const state = stateFile === undefined ? null : openStateFile(stateFile);
  const scheduler = new Scheduler(info, application, stream(randomBytes(16).toString('hex'), 'scheduler'));
  const running = runScheduler(scheduler, addresses, state ?? FORGETFUL);
  return {
    kill(taskId) {
      application.toKill.push(taskId);
      running.wake();
    },
    changed: () => running.wake(),
    finish() {
      application.isFinishing = true;
      running.wake();
    },
    ended: running.ended.then((problem) => {
      state?.close();
      if (problem !== null) throw new Error(`the master refused: ${problem}`);
    }),
  };
}

class HandledApplication implements Application {
  readonly refuseUs: number;
  readonly nextTimerUs = Number.POSITIVE_INFINITY;
  isFinishing = false;
  toKill: string[] = [];
  private readonly handlers: FrameworkHandlers;

  constructor(handlers: FrameworkHandlers, refuseUs: number) {
    this.handlers = handlers;
    this.refuseUs = refuseUs;
  }

  start(): void {}

  tick(): void {}

  changes(): [] {
    return [];
  }

  get wantsOffers(): boolean {
    return !this.isFinishing && (this.handlers.wantsOffers?.() ?? true);
  }

  get isDone(): boolean {
    return this.isFinishing;
  }

  place(offers: readonly OpenOffer[]): readonly OfferUse[] {
    return offers.map((offer) => {
      const tasks: TaskInfo[] = [];
      if (!this.isFinishing) this.handlers.offer(usable(offer, tasks));
      return { offer, tasks, isHeld: false };
    });
  }

  taskChanged(taskId: string, _agentId: string, status: TaskStatus): void {
    this.handlers.update(taskId, status);
  }

  kills(): readonly string[] {
    const kills = this.toKill;
    this.toKill = [];
    return kills;
  }
}

function usable(offer: OpenOffer, tasks: TaskInfo[]): UsableOffer {
  return {
    agentId: offer.agentId,
    hostname: offer.offer.hostname,
    attribute: (name) => offer.attribute(name),
    hasRoomFor: (needs) => offer.hasRoomFor(demandOf(needs)),
    launch({ needs, ports = 0, ...info }) {
      const taskId = `${info.name}.${randomUUID()}`;
      tasks.push(describedTask(offer, taskId, info, { demand: demandOf(needs), constraints: [], ports }));
      return taskId;
    },
  };
}

function demandOf(needs: Amounts): Demand {
  return Object.entries(needs).map(([name, amount]) => ({ name, milli: toMilli(amount) }));
}
