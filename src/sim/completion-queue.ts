/**
 * Completions to come, earliest first, of equal times the lowest task first: a timing wheel (Varghese & Lauck, SOSP
 * 1987) before a heap. Events are dropped unsorted into slices of time; only the slice at hand is kept in order, and it
 * is small enough for the cache, where a heap of everything that runs is not.
 */
import { EventQueue } from './event-queue.ts';

const SLICES = 8192;
/** A mean duration is cut into so many slices, so that the wheel reaches 16 of them ahead. */
const SLICES_PER_MEAN = 512;
/** So few events are kept in order at once: looking for the next slice that has one would cost more. */
const FEW = 64;
const NONE = -1;

export class CompletionQueue {
  private readonly sliceUs: number;
  /** Everything in slices up to `current`; not empty unless nothing is left. */
  private readonly near = new EventQueue();
  /** Everything beyond the wheel's reach at the time it came. */
  private readonly far = new EventQueue();
  /** First entry of slice s at `first[s % SLICES]`, for the slices after `current`. */
  private readonly first = new Int32Array(SLICES).fill(NONE);
  private current = 0;
  private wheelCount = 0;
  /** Entries of the wheel; `next` chains those of a slice, or the free ones. */
  private times = new Float64Array(64);
  private ids = new Int32Array(64);
  private next = new Int32Array(64);
  private used = 0;
  private free = NONE;

  /** @param meanUs how long after now an event typically comes; any value gives the same answers */
  constructor(meanUs: number) {
    this.sliceUs = Math.max(1, Math.ceil(meanUs / SLICES_PER_MEAN));
  }

  /** Time of the first event; Infinity if there is none. */
  get nextTime(): number {
    return this.near.nextTime;
  }

  push(time: number, id: number): void {
    const slice = Math.floor(time / this.sliceUs);
    if (this.wheelCount === 0 && this.far.length === 0 && this.near.length < FEW && slice > this.current)
      this.current = slice;
    if (slice <= this.current) this.near.push(time, id);
    else if (slice - this.current < SLICES) this.chain(slice, time, id);
    else this.far.push(time, id);
  }

  /** Takes out the first event and returns its id; the queue must not be empty. */
  pop(): number {
    const id = this.near.pop();
    if (this.near.length === 0 && (this.wheelCount > 0 || this.far.length > 0)) this.advance();
    return id;
  }

  /** Moves the first slice that has events into order. */
  private advance(): void {
    const farSlice = Math.floor(this.far.nextTime / this.sliceUs);
    if (this.wheelCount === 0) this.current = farSlice;
    else {
      do this.current++;
      while (this.first[this.current % SLICES] === NONE && this.current < farSlice);
    }
    const endUs = (this.current + 1) * this.sliceUs;
    while (this.far.nextTime < endUs) {
      const time = this.far.nextTime;
      this.near.push(time, this.far.pop());
    }
    const place = this.current % SLICES;
    for (let entry = this.first[place]; entry !== NONE; ) {
      const following = this.next[entry];
      this.near.push(this.times[entry], this.ids[entry]);
      this.next[entry] = this.free;
      this.free = entry;
      this.wheelCount--;
      entry = following;
    }
    this.first[place] = NONE;
  }

  private chain(slice: number, time: number, id: number): void {
    let entry = this.free;
    if (entry !== NONE) this.free = this.next[entry];
    else {
      if (this.used === this.times.length) this.grow();
      entry = this.used++;
    }
    const place = slice % SLICES;
    this.times[entry] = time;
    this.ids[entry] = id;
    this.next[entry] = this.first[place];
    this.first[place] = entry;
    this.wheelCount++;
  }

  private grow(): void {
    const times = new Float64Array(this.times.length * 2);
    const ids = new Int32Array(this.times.length * 2);
    const next = new Int32Array(this.times.length * 2);
    times.set(this.times);
    ids.set(this.ids);
    next.set(this.next);
    this.times = times;
    this.ids = ids;
    this.next = next;
  }
}
