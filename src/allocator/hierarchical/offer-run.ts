/**
 * One allocation run (reference §12.4): quota guarantees first, then fair sharing of the rest, agent by agent in random
 * order, each agent to the frameworks in the sorters' order, with what quota guarantees still need held back.
 */
import { Quantities } from '../../resources/quantities.ts';
import type { Resources } from '../../resources/resources.ts';
import { type AgentState, NOT_QUIET } from './agent.ts';
import type { Books, RoleClients } from './books.ts';
import { FairParts } from './fair-parts.ts';
import { isEnough, type Subscription } from './framework.ts';
import { shrink, shuffled, withinLimits } from './shrink.ts';
import type { SorterNode } from './sorter-node.ts';
import type { Quota } from './terms.ts';

export interface Offer {
  readonly frameworkId: string;
  readonly role: string;
  readonly agentId: string;
  /** Allocated to the role. */
  readonly resources: Resources;
}

interface Draft {
  readonly subscription: Subscription;
  readonly agent: AgentState;
  resources: Resources;
}

interface QuotaState {
  readonly quota: Quota;
  consumed: Quantities;
}

export class OfferRun {
  private readonly books: Books;
  /** By top-level role with a quota. */
  private readonly quotas = new Map<string, QuotaState>();
  /** Unreserved resources that guarantees still need, and those that there are. */
  private required = Quantities.empty;
  private available = Quantities.empty;
  /** A resource that is shared is offered once a run. */
  private readonly offeredShared = new Map<AgentState, Resources>();
  private readonly drafts: Draft[] = [];
  private offerCount = 0;
  /** What was offered in this run, to which a later stage may add; `null`: there is one stage only. */
  private draftsOf: Map<AgentState, Draft[]> | null = null;
  private lacking: { version: number; roles: readonly SorterNode<RoleClients>[] } | null = null;
  private fresh: { since: number; version: number; roles: readonly SorterNode<RoleClients>[] } | null = null;

  constructor(books: Books) {
    this.books = books;
  }

  /** @param agents candidates that may be offered */
  run(agents: AgentState[]): Offer[] {
    const { random } = this.books.options;
    this.countQuota();
    const hasGuarantees = this.hasGuarantees();
    const isSplit = this.books.fairness.agents === 'split';
    if (hasGuarantees || isSplit) this.draftsOf = new Map();
    if (hasGuarantees) for (const agent of shuffled(agents, random)) this.guarantee(agent);
    const order = shuffled(agents, random);
    if (isSplit) {
      const { roleSorter, columns } = this.books;
      const fair = new FairParts(roleSorter, columns, random);
      for (const agent of order) this.share(agent, fair);
    }
    for (const agent of order) this.share(agent, null);
    return this.listed();
  }

  private countQuota(): void {
    const { books, quotas } = this;
    const { root } = books.roleTree;
    for (const { path, quota, consumed } of root.children.values()) {
      if (quota === null) continue;
      quotas.set(path, { quota, consumed });
      this.required = this.required.plus(quota.guarantees.minus(consumed));
    }
    if (!this.required.isEmpty) this.available = books.nonRevocable.minus(root.reserved).minus(root.held);
  }

  private hasGuarantees(): boolean {
    for (const { quota } of this.quotas.values()) if (!quota.guarantees.isEmpty) return true;
    return false;
  }

  /** Stage 1: an agent to roles whose guarantees are not met yet. */
  private guarantee(agent: AgentState): void {
    const { books } = this;
    const roles = this.lackingRoles();
    if (roles.length === 0 || !books.isEnoughForAny(agent.available)) return;
    if (agent.refusedEpoch === books.epoch) return;
    const { random } = books.options;
    for (const { client: role } of roles) {
      const state = this.quotas.get(role!.path)!;
      if (agent.available.isEmpty) break;
      const { quota } = state;
      let lack = quota.guarantees.minus(state.consumed);
      if (lack.isEmpty) continue;
      for (const { client } of role!.frameworks.sorted()) {
        if (lack.isEmpty) break;
        const subscription = client!;
        const all = this.allocatable(agent, role!.path);
        if (all.isEmpty) break;
        const usable = this.usable(subscription, agent, all);
        if (usable === null) continue;
        const scalars = quotaScalars(usable);
        const guaranteed = shrink(scalars, lack, random);
        // Reservations alone bring a role no nearer to its guarantee: it gets them in stage 2.
        if (guaranteed.isEmpty) continue;
        const others = usable.filter(
          (kind) => kind.role === role!.path || kind.type !== 'SCALAR' || kind.isRevocable,
        );
        let extra = scalars.minus(guaranteed);
        const consumed = state.consumed.plus(guaranteed.quantities());
        extra = this.limited(extra, quota, consumed);
        extra = this.withoutHeadroom(extra);
        const out = guaranteed.plus(others).plus(extra);
        if (!this.isWanted(subscription, agent, out)) continue;
        this.offer(subscription, agent, out);
        const taken = guaranteed.plus(extra).quantities();
        lack = lack.minus(taken);
        state.consumed = state.consumed.plus(taken);
        this.required = this.required.minus(guaranteed.quantities());
        this.available = this.available.minus(taken);
      }
    }
  }

  /**
   * Stage 2: what is left of an agent, to whoever is first.
   * @param fair nobody gets more than is fair, and some of the agent may be left; `null`: whatever is there
   */
  private share(agent: AgentState, fair: FairParts | null): void {
    const { books } = this;
    const { epoch } = books;
    if (agent.available.isEmpty) return;
    const since = agent.refusedEpoch;
    if (since === epoch) return;
    if (!books.isEnoughForAny(agent.available)) {
      if (since === NOT_QUIET && fair === null) agent.judgeQuiet(epoch);
      return;
    }
    const { offerCount } = this;
    const roles = since === NOT_QUIET ? books.roleSorter.sorted() : this.freshRoles(since);
    let hasShrunk = false;
    for (const node of roles) {
      if (agent.available.isEmpty) break;
      if (this.shareInRole(agent, node, since, fair)) hasShrunk = true;
    }
    if (fair !== null) return;
    // What was held back, or is shared, may be there in the next run. After an offer, the judgement of before is worth
    // more: it still holds when what was offered comes back.
    if (!hasShrunk && !agent.hasShared && this.offerCount === offerCount) agent.judgeQuiet(epoch);
  }

  /** @returns whether quota made less of an offer than the framework would otherwise have been made */
  private shareInRole(
    agent: AgentState,
    node: SorterNode<RoleClients>,
    since: number,
    fair: FairParts | null,
  ): boolean {
    const role = node.client!;
    const state = this.quotas.size === 0 ? undefined : this.quotas.get(role.path);
    let hasShrunk = false;
    for (const client of role.frameworks.sorted()) {
      const subscription = client.client!;
      if (subscription.openedEpoch <= since) continue;
      const all = this.allocatable(agent, role.path);
      if (all.isEmpty) break;
      const usable = this.usable(subscription, agent, all);
      if (usable === null) continue;
      if (agent.isPlain && this.isCutTooFar(usable, state, subscription)) {
        hasShrunk = true;
        continue;
      }
      const allowed = this.cut(usable, state);
      if (allowed !== usable) hasShrunk = true;
      const out = fair === null ? allowed : this.fairPart(allowed, node, client, fair);
      if (!this.isWanted(subscription, agent, out)) continue;
      this.offer(subscription, agent, out);
      this.countCut(out, state);
    }
    return hasShrunk;
  }

  /** Unreserved scalars only as far as the role's limits and the headroom allow; all else, reservations too, in full. */
  private cut(usable: Resources, state: QuotaState | undefined): Resources {
    if (state === undefined && this.required.isEmpty) return usable;
    const scalars = quotaScalars(usable);
    let extra = state === undefined ? scalars : this.limited(scalars, state.quota, state.consumed);
    extra = this.withoutHeadroom(extra);
    if (extra === scalars) return usable;
    return withoutQuotaScalars(usable).plus(extra);
  }

  /** Empty: nothing that fairness could be measured in is left to the framework. */
  private fairPart(
    allowed: Resources,
    role: SorterNode<RoleClients>,
    framework: SorterNode<Subscription>,
    fair: FairParts,
  ): Resources {
    const scalars = quotaScalars(allowed);
    const part = fair.within(role, framework, scalars);
    if (part === scalars || part.isEmpty) return part.isEmpty ? part : allowed;
    return withoutQuotaScalars(allowed).plus(part);
  }

  /** Of plain resources: whether what limits and headroom leave is less than the minimum. Told without making it. */
  private isCutTooFar(
    usable: Resources,
    state: QuotaState | undefined,
    { minAllocatable }: Subscription,
  ): boolean {
    if ((state === undefined && this.required.isEmpty) || minAllocatable.length === 0) return false;
    const quantities = usable.quantities();
    const most = (name: string) => {
      const limit = state?.quota.limits.get(name);
      const withinLimit = limit === undefined ? Infinity : limit - state!.consumed.get(name);
      const surplus = this.required.isEmpty ? Infinity : this.available.get(name) - this.required.get(name);
      return Math.min(quantities.get(name), withinLimit, surplus);
    };
    return !minAllocatable.some(({ names, millis }) => names.every((name, i) => most(name) >= millis[i]));
  }

  /** Sub-roles count for no limit here: Mesos does not hold them to their top-level role's within a run. */
  private countCut(out: Resources, state: QuotaState | undefined): void {
    if (state === undefined && this.required.isEmpty) return;
    const quantities = quotaScalars(out).quantities();
    if (state !== undefined) state.consumed = state.consumed.plus(quantities);
    this.available = this.available.minus(quantities);
  }

  /** Roles that may still be offered something for their guarantee, in order. */
  private lackingRoles(): readonly SorterNode<RoleClients>[] {
    const { roleSorter } = this.books;
    const sorted = roleSorter.sorted();
    if (this.lacking?.version !== roleSorter.version) {
      const roles = sorted.filter(({ client }) => {
        const state = this.quotas.get(client!.path);
        return (
          state !== undefined &&
          !state.quota.guarantees.minus(state.consumed).isEmpty &&
          client!.frameworks.sorted().length > 0
        );
      });
      this.lacking = { version: roleSorter.version, roles };
    }
    return this.lacking.roles;
  }

  /** Roles with a framework that opened since the epoch, in order. */
  private freshRoles(since: number): readonly SorterNode<RoleClients>[] {
    const { roleSorter } = this.books;
    const sorted = roleSorter.sorted();
    if (this.fresh?.since !== since || this.fresh.version !== roleSorter.version) {
      const roles = sorted.filter(({ client }) => client!.openedEpoch > since);
      this.fresh = { since, version: roleSorter.version, roles };
    }
    return this.fresh.roles;
  }

  private allocatable(agent: AgentState, role: string): Resources {
    if (agent.isPlain) return agent.available;
    const all = agent.available.allocatableTo(role);
    const shared = this.offeredShared.get(agent);
    return shared === undefined ? all : all.filter((kind) => !shared.kinds.includes(kind));
  }

  /** What the framework can make use of; `null`: it cannot be offered the agent. */
  private usable(subscription: Subscription, agent: AgentState, all: Resources): Resources | null {
    const { framework, role } = subscription;
    const { filterGpuResources, region } = this.books.options;
    if (!isEnough(all, subscription.minAllocatable)) return null;
    if (!framework.isCapableOf(agent, filterGpuResources, region)) return null;
    if (!framework.admits(agent, role)) return null;
    return agent.isPlain ? all : framework.strip(all);
  }

  private limited(scalars: Resources, quota: Quota, consumed: Quantities): Resources {
    if (quota.limits.size === 0) return scalars;
    return shrink(
      scalars,
      withinLimits(scalars.quantities(), quota.limits, consumed),
      this.books.options.random,
    );
  }

  private withoutHeadroom(scalars: Resources): Resources {
    if (this.required.isEmpty || scalars.isEmpty) return scalars;
    return shrink(scalars, this.available.minus(this.required), this.books.options.random);
  }

  private isWanted(subscription: Subscription, agent: AgentState, out: Resources): boolean {
    const { framework, role } = subscription;
    const { capabilities } = agent.terms;
    return (
      isEnough(out, subscription.minAllocatable) &&
      (capabilities.has('MULTI_ROLE') || !framework.terms.capabilities.has('MULTI_ROLE')) &&
      (capabilities.has('HIERARCHICAL_ROLE') || !role.includes('/')) &&
      !this.books.filters.isFiltered(subscription, agent, out)
    );
  }

  private offer(subscription: Subscription, agent: AgentState, out: Resources): void {
    const { framework, role } = subscription;
    const resources = out.allocatedTo(role);
    this.offerCount++;
    agent.take(framework.id, resources, out);
    this.books.track(framework, agent, resources);
    if (agent.hasShared) {
      const before = this.offeredShared.get(agent) ?? out.shared();
      this.offeredShared.set(agent, before.plus(out.shared()));
    }
    const earlier = this.draftsOf?.get(agent);
    const draft = earlier?.find((draft) => draft.subscription === subscription);
    if (draft) draft.resources = draft.resources.plus(resources);
    else this.addDraft({ subscription, agent, resources }, earlier);
  }

  private addDraft(draft: Draft, earlier: Draft[] | undefined): void {
    this.drafts.push(draft);
    if (earlier) earlier.push(draft);
    else this.draftsOf?.set(draft.agent, [draft]);
  }

  /** Framework by framework, as each is told at once. */
  private listed(): Offer[] {
    const byFramework = new Map<string, Offer[]>();
    for (const { subscription, agent, resources } of this.drafts) {
      const frameworkId = subscription.framework.id;
      const offer = { frameworkId, role: subscription.role, agentId: agent.id, resources };
      const offers = byFramework.get(frameworkId);
      if (offers) offers.push(offer);
      else byFramework.set(frameworkId, [offer]);
    }
    return [...byFramework.values()].flat();
  }
}

/** What quota and headroom can cut. */
function quotaScalars(usable: Resources): Resources {
  return usable.filter((kind) => kind.type === 'SCALAR' && kind.role === null && !kind.isRevocable);
}

function withoutQuotaScalars(usable: Resources): Resources {
  return usable.filter((kind) => kind.role !== null || kind.type !== 'SCALAR' || kind.isRevocable);
}
