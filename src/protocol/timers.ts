/** Timers of a state machine: a binary heap by due time; those due at the same time fire in the order in which they were set. */

export interface Timer {
  readonly dueUs: number;
  readonly order: number;
  readonly fire: () => void;
  isCancelled: boolean;
}

export class Timers {
  private readonly heap: Timer[] = [];
  private nextOrder = 0;

  /** Infinity: none is set. */
  get nextUs(): number {
    this.dropCancelled();
    return this.heap.length > 0 ? this.heap[0].dueUs : Number.POSITIVE_INFINITY;
  }

  set(dueUs: number, fire: () => void): Timer {
    const timer: Timer = { dueUs, order: this.nextOrder++, fire, isCancelled: false };
    const { heap } = this;
    let place = heap.length;
    heap.push(timer);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (isBefore(heap[parent], timer)) break;
      heap[place] = heap[parent];
      place = parent;
    }
    heap[place] = timer;
    return timer;
  }

  /** Fires what is due, and what it sets that is due by then. */
  fireDue(nowUs: number): void {
    while (this.nextUs <= nowUs) this.pop().fire();
  }

  private dropCancelled(): void {
    while (this.heap.length > 0 && this.heap[0].isCancelled) this.pop();
  }

  private pop(): Timer {
    const { heap } = this;
    const top = heap[0];
    const last = heap.pop()!;
    const size = heap.length;
    if (size === 0) return top;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= size) break;
      if (child + 1 < size && isBefore(heap[child + 1], heap[child])) child++;
      if (isBefore(last, heap[child])) break;
      heap[place] = heap[child];
      place = child;
    }
    heap[place] = last;
    return top;
  }
}

export function cancelTimer(timer: Timer | null): null {
  if (timer !== null) timer.isCancelled = true;
  return null;
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.dueUs < b.dueUs || (a.dueUs === b.dueUs && a.order < b.order);
}
