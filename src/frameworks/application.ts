/** What a scheduler schedules: the part of a framework that knows its tasks, and nothing of connections. */
import type { TaskInfo, TaskStatus } from '../protocol/v1/mesos.ts';
import type { OpenOffer } from './open-offer.ts';

export interface SavedChange {
  readonly key: string;
  /** `null`: deleted. */
  readonly value: unknown;
}

/** What an application does with an offer; a held one comes again, others are given back where nothing is launched. */
export interface OfferUse {
  readonly offer: OpenOffer;
  readonly tasks: readonly TaskInfo[];
  readonly isHeld: boolean;
}

export interface Application {
  /** `entries` are those that `changes` asked to keep, of an earlier run. */
  start(entries: Readonly<Record<string, unknown>>, nowUs: number): void;
  /** Without this, offers are suppressed. */
  readonly wantsOffers: boolean;
  /** For how long what it declines, or leaves of an offer, shall not be offered again. */
  readonly refuseUs: number;
  /** @param offers new ones, and those held; every one is answered for */
  place(offers: readonly OpenOffer[], nowUs: number): readonly OfferUse[];
  /** A task that `place` launched changed. After a final state it is not mentioned again. */
  taskChanged(taskId: string, agentId: string, status: TaskStatus, nowUs: number): void;
  /** Tasks to kill since last asked. */
  kills(): readonly string[];
  /** What to keep since last asked. */
  changes(): readonly SavedChange[];
  /** When `tick` is wanted, µs; Infinity: never. */
  readonly nextTimerUs: number;
  tick(nowUs: number): void;
  /** All work is done, and no task is left. */
  readonly isDone: boolean;
}
