/** Work that is ready to be placed: first come first served among the kinds of work for which an offer has room. */

interface Lane {
  readonly kind: number;
  /** Numbers of items, ascending from `head` on. */
  readonly items: number[];
  head: number;
}

export class WorkQueue {
  private readonly laneOfKind = new Map<number, Lane>();
  /** Lanes that are not empty. */
  private readonly lanes: Lane[] = [];
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** Items are served in the order of their numbers, which need not be that of being added. */
  add(item: number, kind: number): void {
    let lane = this.laneOfKind.get(kind);
    if (lane === undefined) {
      lane = { kind, items: [], head: 0 };
      this.laneOfKind.set(kind, lane);
    }
    if (lane.head === lane.items.length) this.lanes.push(lane);
    insert(lane, item);
    this.count++;
  }

  /** Removes and gives the first item whose kind can be used, −1 where there is none. */
  takeFirst(canUse: (kind: number, item: number) => boolean): number {
    let best: Lane | null = null;
    for (const lane of this.lanes) {
      const item = lane.items[lane.head];
      if (best !== null && item > best.items[best.head]) continue;
      if (canUse(lane.kind, item)) best = lane;
    }
    if (best === null) return -1;
    const item = best.items[best.head++];
    this.count--;
    if (best.head === best.items.length) {
      best.items.length = 0;
      best.head = 0;
      this.lanes.splice(this.lanes.indexOf(best), 1);
    }
    return item;
  }
}

/** Nearly always at the end; an item that comes back is among the first. */
function insert(lane: Lane, item: number): void {
  const { items } = lane;
  let place = items.length;
  while (place > lane.head && items[place - 1] > item) place--;
  if (place === lane.head && lane.head > 0) items[--lane.head] = item;
  else items.splice(place, 0, item);
}
