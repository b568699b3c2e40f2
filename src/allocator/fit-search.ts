/** Finds the agent for a task under a fit, among all agents or a few. */
import type { ClusterState } from '../cluster/cluster-state.ts';
import type { RandomStream } from '../cluster/streams.ts';
import { bestFit } from '../policies/fits/best-fit.ts';
import { dotProduct } from '../policies/fits/dot-product.ts';
import { fragmentationGradient, type TypicalTask } from '../policies/fits/fgd.ts';
import { worstFit } from '../policies/fits/worst-fit.ts';
import type { AgentView, Fit, FitName } from '../policies/policy.ts';

/** The agents where request `q` fits, in order: all of the cluster's, or those of a sorted list. */
type Candidates = readonly number[] | null;

export class FitSearch {
  private readonly cluster: ClusterState;
  private readonly fit: Fit | 'first' | 'random';
  private readonly random: RandomStream;
  private readonly view: { -readonly [K in keyof AgentView]: AgentView[K] };

  constructor(
    cluster: ClusterState,
    fit: FitName | Fit,
    typical: readonly TypicalTask[],
    random: RandomStream,
  ) {
    this.cluster = cluster;
    this.random = random;
    this.fit = typeof fit === 'string' ? builtInFit(fit, typical, cluster.resources.indexOf('gpus')) : fit;
    const none = new Float64Array(0);
    this.view = { free: none, total: none, deviceFree: none };
  }

  /** The agent for request `q`, −1 if it fits on none of the candidates (`null`: all agents). */
  find(q: number, group: number, maxPerAgent: number, candidates: Candidates): number {
    if (this.fit === 'first') {
      if (candidates === null && maxPerAgent === 0) return this.cluster.firstFit(q);
      return this.next(0, q, group, maxPerAgent, candidates);
    }
    return this.fit === 'random'
      ? this.findRandom(q, group, maxPerAgent, candidates)
      : this.findHighest(this.fit, q, group, maxPerAgent, candidates);
  }

  private findHighest(
    fit: Fit,
    q: number,
    group: number,
    maxPerAgent: number,
    candidates: Candidates,
  ): number {
    const width = this.cluster.resources.length;
    const demand = this.cluster.requests.demand.subarray(q * width, (q + 1) * width);
    let best = -1;
    let bestScore = 0;
    let place = 0;
    for (;;) {
      const found = this.next(place, q, group, maxPerAgent, candidates);
      if (found < 0) return best;
      const score = fit.score(demand, this.viewOf(found));
      if (best < 0 || score > bestScore) {
        best = found;
        bestScore = score;
      }
      place = this.placeAfter(found, place, candidates);
    }
  }

  /** Uniform over the agents that fit, by reservoir sampling. */
  private findRandom(q: number, group: number, maxPerAgent: number, candidates: Candidates): number {
    let chosen = -1;
    let seen = 0;
    let place = 0;
    for (;;) {
      const found = this.next(place, q, group, maxPerAgent, candidates);
      if (found < 0) return chosen;
      if (this.random() * ++seen < 1) chosen = found;
      place = this.placeAfter(found, place, candidates);
    }
  }

  /** First agent that fits at or after a place: an agent number, or an index into the candidates. */
  private next(place: number, q: number, group: number, maxPerAgent: number, candidates: Candidates): number {
    if (candidates === null) return this.cluster.nextFit(place, q, group, maxPerAgent);
    for (let i = place; i < candidates.length; i++) {
      if (this.cluster.fits(candidates[i], q, group, maxPerAgent)) return candidates[i];
    }
    return -1;
  }

  private placeAfter(agent: number, place: number, candidates: Candidates): number {
    return candidates === null ? agent + 1 : candidates.indexOf(agent, place) + 1;
  }

  private viewOf(agent: number): AgentView {
    const { cluster, view } = this;
    const width = cluster.resources.length;
    view.free = cluster.free.subarray(agent * width, (agent + 1) * width);
    view.total = cluster.total.subarray(agent * width, (agent + 1) * width);
    view.deviceFree = cluster.deviceFreeOf(agent);
    return view;
  }
}

function builtInFit(name: FitName, typical: readonly TypicalTask[], gpu: number): Fit | 'first' | 'random' {
  switch (name) {
    case 'first':
    case 'random':
      return name;
    case 'best':
      return bestFit;
    case 'worst':
      return worstFit;
    case 'dot':
      return dotProduct;
    case 'fgd':
      return fragmentationGradient(typical, gpu);
  }
}
