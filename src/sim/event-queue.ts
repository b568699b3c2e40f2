/** A 4-ary heap of (time, id) in flat arrays: the earliest time first, of equal times the lowest id. */

export class EventQueue {
  length = 0;
  private times = new Float64Array(64);
  private ids = new Int32Array(64);

  /** Time of the first event; Infinity if there is none. */
  get nextTime(): number {
    return this.length > 0 ? this.times[0] : Number.POSITIVE_INFINITY;
  }

  push(time: number, id: number): void {
    if (this.length === this.times.length) this.grow();
    const { times, ids } = this;
    let place = this.length++;
    while (place > 0) {
      const parent = (place - 1) >> 2;
      if (times[parent] < time || (times[parent] === time && ids[parent] < id)) break;
      times[place] = times[parent];
      ids[place] = ids[parent];
      place = parent;
    }
    times[place] = time;
    ids[place] = id;
  }

  /** Takes out the first event and returns its id; the queue must not be empty. */
  pop(): number {
    const { times, ids } = this;
    const first = ids[0];
    const last = --this.length;
    const time = times[last];
    const id = ids[last];
    let place = 0;
    for (;;) {
      let child = 4 * place + 1;
      if (child >= last) break;
      const end = Math.min(child + 4, last);
      for (let other = child + 1; other < end; other++) {
        if (times[other] < times[child] || (times[other] === times[child] && ids[other] < ids[child]))
          child = other;
      }
      if (time < times[child] || (time === times[child] && id < ids[child])) break;
      times[place] = times[child];
      ids[place] = ids[child];
      place = child;
    }
    times[place] = time;
    ids[place] = id;
    return first;
  }

  private grow(): void {
    const times = new Float64Array(this.times.length * 2);
    const ids = new Int32Array(this.ids.length * 2);
    times.set(this.times);
    ids.set(this.ids);
    this.times = times;
    this.ids = ids;
  }
}
