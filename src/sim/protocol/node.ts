/** A machine of the simulated world, and the supervisor that starts its process again when that ends. */
import type { Clock } from './clock.ts';
import type { Disk } from './disk.ts';
import type { Host, Network } from './network.ts';
import type { Actor, Timeline } from './timeline.ts';

export interface NodeProcess {
  readonly isRunning: boolean;
  /** It ends, without a word to others if its machine is gone too, and does not start again for `downUs`. */
  end(isSilent: boolean, downUs: number): void;
  clockWasSet(): void;
}

const START = 0;

export abstract class Node<P extends NodeProcess> implements Host, Actor {
  readonly name: string;
  readonly rack: string;
  readonly clock: Clock;
  readonly network: Network;
  partitions = 0;
  pausedUntilUs = 0;
  /** The process that runs on it; `null`: none at present. */
  process: P | null = null;
  /** Processes started so far. */
  starts = 0;
  /** `null`: it has none that matters. */
  readonly disk: Disk | null = null;
  /** Does not start by itself before then. */
  private downUntilUs = 0;
  private isOff = false;
  private readonly restartDelayUs: number;

  /** @param restartDelayUs from the end of a process to the start of the next */
  constructor(network: Network, name: string, rack: string, clock: Clock, restartDelayUs: number) {
    this.network = network;
    this.name = name;
    this.rack = rack;
    this.clock = clock;
    this.restartDelayUs = restartDelayUs;
  }

  /** Makes the process of a start; it is told to begin by `begin`. */
  protected abstract create(): P;
  protected abstract begin(process: P): void;

  get timeline(): Timeline {
    return this.network.timeline;
  }

  /** The machine loses power, and with it all that runs there. */
  powerOff(downUs: number): void {
    this.process?.end(true, downUs);
  }

  /** The machine is away, without a word, until it is switched on. */
  switchOff(): void {
    this.isOff = true;
    this.powerOff(0);
  }

  switchOn(): void {
    this.isOff = false;
    this.startAt(this.timeline.nowUs);
  }

  /** Its clock is set forward by so much, or, below 0, back. */
  setClock(byUs: number): void {
    this.clock.set(this.timeline.nowUs, byUs);
    this.process?.clockWasSet();
  }

  /** What runs in containers on it ends. @param status as wait(2) gives it */
  killExecutors(_status: number): void {}

  startAt(timeUs: number): void {
    this.timeline.at(timeUs, this, START, null);
  }

  occur(): void {
    if (this.process !== null || this.isOff || this.timeline.nowUs < this.downUntilUs) return;
    this.starts++;
    this.process = this.create();
    this.begin(this.process);
  }

  /** The process has ended; the supervisor starts another. @param downUs but not before */
  ended(downUs = 0): void {
    this.process = null;
    const { nowUs } = this.timeline;
    this.downUntilUs = Math.max(this.downUntilUs, nowUs + downUs);
    this.startAt(Math.max(this.downUntilUs, nowUs + this.restartDelayUs));
  }
}
