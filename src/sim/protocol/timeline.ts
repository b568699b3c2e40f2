/** The order of all that happens in a simulated world: a 4-ary heap of events, earliest first, ties in the order they were made. */

/** What events happen to. */
export interface Actor {
  /** @param what a number that the actor chose when it asked for the event */
  occur(what: number, payload: unknown): void;
}

/** Handle of an event that is never to happen. */
const NEVER = -1;

export class Timeline {
  nowUs = 0;
  /** Events that happened so far. */
  eventCount = 0;
  private length = 0;
  private made = 0;
  private times = new Float64Array(1024);
  private orders = new Float64Array(1024);
  private slots = new Int32Array(1024);
  /** By slot. */
  private actors: (Actor | null)[] = [];
  private whats = new Int32Array(1024);
  private payloads: unknown[] = [];
  private freeSlots = new Int32Array(1024);
  private freeCount = 0;
  private slotCount = 0;

  /** Time of the first event to come; Infinity if there is none. */
  get nextUs(): number {
    return this.length > 0 ? this.times[0] : Number.POSITIVE_INFINITY;
  }

  /**
   * Asks for `actor.occur(what, payload)` at `timeUs`, which must not be past; at Infinity it never happens.
   * @returns a handle by which the event can be cancelled until it happens
   */
  at(timeUs: number, actor: Actor, what: number, payload: unknown): number {
    if (!(timeUs >= this.nowUs)) throw new Error(`event at ${timeUs} µs, but it is ${this.nowUs} µs already`);
    if (timeUs === Number.POSITIVE_INFINITY) return NEVER;
    if (this.length === this.times.length) this.grow();
    const slot = this.freeCount > 0 ? this.freeSlots[--this.freeCount] : this.slotCount++;
    this.actors[slot] = actor;
    this.whats[slot] = what;
    this.payloads[slot] = payload;
    const { times, orders, slots } = this;
    let place = this.length++;
    while (place > 0) {
      const parent = (place - 1) >> 2;
      if (times[parent] <= timeUs) break;
      times[place] = times[parent];
      orders[place] = orders[parent];
      slots[place] = slots[parent];
      place = parent;
    }
    times[place] = timeUs;
    orders[place] = this.made++;
    slots[place] = slot;
    return slot;
  }

  /** The event of that handle, which must not have happened, does not. */
  cancel(handle: number): void {
    if (handle === NEVER) return;
    this.actors[handle] = null;
    this.payloads[handle] = null;
  }

  /** Lets the first event happen, unless it was cancelled; false if there is none. */
  playNext(): boolean {
    if (this.length === 0) return false;
    this.nowUs = this.times[0];
    const slot = this.slots[0];
    this.removeFirst();
    const actor = this.actors[slot];
    const payload = this.payloads[slot];
    this.actors[slot] = null;
    this.payloads[slot] = null;
    this.freeSlots[this.freeCount++] = slot;
    if (actor === null) return true;
    this.eventCount++;
    actor.occur(this.whats[slot], payload);
    return true;
  }

  private removeFirst(): void {
    const { times, orders, slots } = this;
    const last = --this.length;
    const time = times[last];
    const order = orders[last];
    const slot = slots[last];
    let place = 0;
    for (;;) {
      let child = 4 * place + 1;
      if (child >= last) break;
      const end = Math.min(child + 4, last);
      for (let other = child + 1; other < end; other++)
        if (times[other] < times[child] || (times[other] === times[child] && orders[other] < orders[child]))
          child = other;
      if (time < times[child] || (time === times[child] && order < orders[child])) break;
      times[place] = times[child];
      orders[place] = orders[child];
      slots[place] = slots[child];
      place = child;
    }
    times[place] = time;
    orders[place] = order;
    slots[place] = slot;
  }

  private grow(): void {
    const size = this.times.length * 2;
    this.times = enlarged(this.times, new Float64Array(size));
    this.orders = enlarged(this.orders, new Float64Array(size));
    this.slots = enlarged(this.slots, new Int32Array(size));
    this.whats = enlarged(this.whats, new Int32Array(size));
    this.freeSlots = enlarged(this.freeSlots, new Int32Array(size));
  }
}

function enlarged<Column extends Float64Array | Int32Array>(from: Column, into: Column): Column {
  into.set(from);
  return into;
}
