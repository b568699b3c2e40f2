/**
 * A machine's disk for the state of one process: keys and values, written in batches. Writes that come while a batch is
 * on its way wait for it and go together (group commit). A crash keeps a prefix of what was not yet durable.
 */
import type { RandomStream } from '../../cluster/streams.ts';
import type { Actor, Timeline } from './timeline.ts';

export interface DiskChange {
  readonly key: string;
  readonly value: unknown;
}

interface Write {
  readonly changes: readonly DiskChange[];
  /** Told when this and all before it is durable; `null`: nobody waits. */
  readonly done: ((write: number) => void) | null;
  readonly number: number;
}

export class Disk implements Actor {
  /** How long a batch takes, µs. */
  latencyUs: number;
  private readonly timeline: Timeline;
  private readonly random: RandomStream;
  private readonly durable = new Map<string, unknown>();
  private underway: Write[] = [];
  private waiting: Write[] = [];
  /** Batches of before a crash do not end after it. */
  private era = 0;

  constructor(timeline: Timeline, random: RandomStream, latencyUs: number) {
    this.timeline = timeline;
    this.random = random;
    this.latencyUs = latencyUs;
  }

  /** @param done called with `number` when the changes, and all written before, are durable */
  write(changes: readonly DiskChange[], number: number, done: ((number: number) => void) | null): void {
    const write = { changes, number, done };
    if (this.underway.length > 0) this.waiting.push(write);
    else this.begin([write]);
  }

  /** What a process finds that starts now. */
  entries(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.durable);
  }

  /** The machine or the process ended: of the writes that are not durable, a prefix (by seed) becomes so. */
  crash(): void {
    const lost = [...this.underway, ...this.waiting];
    const kept = Math.floor(this.random() * (lost.length + 1));
    for (const write of lost.slice(0, kept)) this.apply(write);
    this.underway = [];
    this.waiting = [];
    this.era++;
  }

  /** Everything on it is gone. */
  wipe(): void {
    this.crash();
    this.durable.clear();
  }

  /** A batch is done. */
  occur(era: number): void {
    if (era !== this.era) return;
    const done = this.underway;
    this.underway = [];
    for (const write of done) this.apply(write);
    if (this.waiting.length > 0) {
      const next = this.waiting;
      this.waiting = [];
      this.begin(next);
    }
    for (const write of done) write.done?.(write.number);
  }

  private begin(batch: Write[]): void {
    this.underway = batch;
    this.timeline.at(this.timeline.nowUs + this.latencyUs, this, this.era, null);
  }

  private apply(write: Write): void {
    for (const { key, value } of write.changes)
      if (value === null) this.durable.delete(key);
      else this.durable.set(key, value);
  }
}
