/**
 * Who does not want to be offered what, for how long (reference §2.8). A filter holds back an offer whose resources are
 * all contained in those that were refused; it ends by time, or when its framework, role or agent voids it.
 */
import type { Resources } from '../../resources/resources.ts';

/** Longest life of a filter. */
export const REFUSE_US_MAX = 365 * 86_400 * 1e6;

/** A framework in a role. */
export interface FilteredSubscription {
  /** Filters installed before the last change of it are void. */
  filterGeneration: number;
  /** Filters in force. */
  filterCount: number;
}

export interface FilteredAgent {
  readonly filters: AgentFilters;
  filterEnded(): void;
}

interface Filter {
  readonly subscription: FilteredSubscription;
  readonly agent: FilteredAgent;
  /** As the agent has them, without an allocation. */
  readonly refused: Resources;
  readonly untilUs: number;
  readonly generation: number;
  isDropped: boolean;
}

/** By subscription; an agent keeps its own. */
export type AgentFilters = Map<FilteredSubscription, Filter[]>;

export class OfferFilters {
  /** Binary heap, the next to end on top; holds void filters until they end or are swept. */
  private heap: Filter[] = [];
  private voidCount = 0;

  add(subscription: FilteredSubscription, agent: FilteredAgent, refused: Resources, untilUs: number): void {
    const filter: Filter = {
      subscription,
      agent,
      refused,
      untilUs,
      generation: subscription.filterGeneration,
      isDropped: false,
    };
    const filters = agent.filters.get(subscription);
    if (filters) filters.push(filter);
    else agent.filters.set(subscription, [filter]);
    subscription.filterCount++;
    this.push(filter);
  }

  isFiltered(subscription: FilteredSubscription, agent: FilteredAgent, resources: Resources): boolean {
    const filters = agent.filters.get(subscription);
    if (filters === undefined) return false;
    if (filters[0].generation !== subscription.filterGeneration) dropVoid(filters, agent, subscription);
    for (const filter of filters) if (filter.refused.contains(resources)) return true;
    return false;
  }

  /** All filters of the framework in the role are void. */
  clearSubscription(subscription: FilteredSubscription): void {
    this.voidCount += subscription.filterCount;
    subscription.filterCount = 0;
    subscription.filterGeneration++;
    this.sweepIfWorthwhile();
  }

  clearAgent(agent: FilteredAgent): void {
    for (const filters of agent.filters.values()) {
      for (const filter of filters) {
        if (!isVoid(filter)) {
          filter.subscription.filterCount--;
          this.voidCount++;
        }
        filter.isDropped = true;
      }
    }
    agent.filters.clear();
    this.sweepIfWorthwhile();
  }

  /** Filters that end before `endUs` are gone. */
  expire(endUs: number): void {
    const { heap } = this;
    while (heap.length > 0 && heap[0].untilUs < endUs) {
      const filter = this.pop();
      if (isVoid(filter)) {
        this.voidCount--;
      } else {
        filter.subscription.filterCount--;
        filter.agent.filterEnded();
      }
      drop(filter);
    }
  }

  /** A framework that revives often must not leave its filters of the past behind. */
  private sweepIfWorthwhile(): void {
    if (this.voidCount < 1000 || this.voidCount * 2 < this.heap.length) return;
    const kept: Filter[] = [];
    for (const filter of this.heap) {
      if (isVoid(filter)) drop(filter);
      else kept.push(filter);
    }
    this.heap = kept.sort((a, b) => a.untilUs - b.untilUs);
    this.voidCount = 0;
  }

  private push(filter: Filter): void {
    const { heap } = this;
    let place = heap.length;
    for (; place > 0; ) {
      const parent = (place - 1) >> 1;
      if (heap[parent].untilUs <= filter.untilUs) break;
      heap[place] = heap[parent];
      place = parent;
    }
    heap[place] = filter;
  }

  private pop(): Filter {
    const { heap } = this;
    const top = heap[0];
    const last = heap.pop()!;
    if (heap.length === 0) return top;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1].untilUs < heap[child].untilUs) child++;
      if (heap[child].untilUs >= last.untilUs) break;
      heap[place] = heap[child];
      place = child;
    }
    heap[place] = last;
    return top;
  }
}

function isVoid(filter: Filter): boolean {
  return filter.isDropped || filter.generation !== filter.subscription.filterGeneration;
}

/** Takes the filter from its agent's. */
function drop(filter: Filter): void {
  if (filter.isDropped) return;
  filter.isDropped = true;
  const { agent, subscription } = filter;
  const filters = agent.filters.get(subscription);
  if (filters === undefined) return;
  const place = filters.indexOf(filter);
  if (place >= 0) filters.splice(place, 1);
  if (filters.length === 0) agent.filters.delete(subscription);
}

/** Void filters come before all others, since they were installed before. */
function dropVoid(filters: Filter[], agent: FilteredAgent, subscription: FilteredSubscription): void {
  const first = filters.findIndex((filter) => filter.generation === subscription.filterGeneration);
  for (const filter of filters.splice(0, first < 0 ? filters.length : first)) filter.isDropped = true;
  if (filters.length === 0) agent.filters.delete(subscription);
}
