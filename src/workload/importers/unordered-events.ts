/** Task events that come in any order: kept in columns, then played task by task in order of time. */
import { Growable } from '../growable.ts';
import type { TaskLog } from './task-log.ts';

export class UnorderedEvents {
  private readonly task = new Growable((n) => new Int32Array(n));
  private readonly kind = new Growable((n) => new Uint8Array(n));
  private readonly timeUs = new Growable((n) => new Float64Array(n));
  private readonly request = new Growable((n) => new Int32Array(n));

  /** Arguments as of `TaskLog.apply`. */
  add(task: number, kind: number, timeUs: number, request: number): void {
    this.task.push(task);
    this.kind.push(kind);
    this.timeUs.push(timeUs);
    this.request.push(request);
  }

  /** Applies all events to the log; those of one task at one instant in the order they were added. */
  play(log: TaskLog): void {
    const order = this.orderByTask();
    for (let first = 0; first < order.length; ) {
      let end = first + 1;
      while (end < order.length && this.task.at(order[end]) === this.task.at(order[first])) end++;
      this.sortByTime(order, first, end);
      for (let i = first; i < end; i++) {
        const event = order[i];
        log.apply(this.task.at(event), this.kind.at(event), this.timeUs.at(event), this.request.at(event));
      }
      first = end;
    }
  }

  /** Counting sort, since there may be hundreds of millions of events but few to a task. */
  private orderByTask(): Int32Array {
    const count = this.task.length;
    let taskCount = 0;
    for (let event = 0; event < count; event++) taskCount = Math.max(taskCount, this.task.at(event) + 1);
    const next = new Int32Array(taskCount + 1);
    for (let event = 0; event < count; event++) next[this.task.at(event) + 1]++;
    for (let task = 0; task < taskCount; task++) next[task + 1] += next[task];
    const order = new Int32Array(count);
    for (let event = 0; event < count; event++) order[next[this.task.at(event)]++] = event;
    return order;
  }

  private sortByTime(order: Int32Array, first: number, end: number): void {
    let isSorted = true;
    for (let i = first + 1; i < end && isSorted; i++)
      isSorted = this.timeUs.at(order[i - 1]) <= this.timeUs.at(order[i]);
    if (isSorted) return;
    order.subarray(first, end).sort((a, b) => this.timeUs.at(a) - this.timeUs.at(b) || a - b);
  }
}
