/** The allocator of reference §12.4 and §12.5, word for word: what `src/allocator/hierarchical` has to do, slowly. */

import { minAllocatableOf } from '../../../src/allocator/hierarchical/framework.ts';
import { shrink, shuffled, withinLimits } from '../../../src/allocator/hierarchical/shrink.ts';
import {
  type AgentTerms,
  type Fairness,
  type FrameworkStart,
  type FrameworkTerms,
  type HierarchicalOptions,
  MESOS_FAIRNESS,
  type Quota,
} from '../../../src/allocator/hierarchical/terms.ts';
import type { RandomStream } from '../../../src/cluster/streams.ts';
import { agentFilter } from '../../../src/protocol/offer-constraints.ts';
import type { Conversion } from '../../../src/resources/operations.ts';
import { Quantities } from '../../../src/resources/quantities.ts';
import { Resources } from '../../../src/resources/resources.ts';
import { NaiveSorter } from './naive-sorter.ts';

interface Agent {
  id: string;
  terms: AgentTerms;
  total: Resources;
  held: Map<string, Resources>;
  isActivated: boolean;
}

interface Framework {
  id: string;
  terms: FrameworkTerms;
  isActive: boolean;
  suppressed: Set<string>;
  tracked: Set<string>;
  filters: { role: string; agentId: string; refused: Resources; untilUs: number }[];
}

export class NaiveAllocator {
  private readonly options: HierarchicalOptions;
  private readonly fairness: Fairness;
  private readonly random: RandomStream;
  readonly agents = new Map<string, Agent>();
  readonly frameworks = new Map<string, Framework>();
  private readonly roleSorter: NaiveSorter;
  private readonly frameworkSorters = new Map<string, NaiveSorter>();
  private readonly quotas = new Map<string, Quota>();
  private whitelist: ReadonlySet<string> | null = null;
  private candidates = new Set<string>();
  private areAllCandidates = false;
  private isRunRequested = false;
  private nextBatchUs: number;

  constructor(options: HierarchicalOptions) {
    this.options = options;
    this.fairness = options.fairness ?? MESOS_FAIRNESS;
    this.random = options.random;
    this.roleSorter = new NaiveSorter(true, options.excludedResources, this.fairness.ties);
    this.nextBatchUs = options.startUs + options.intervalUs;
  }

  addFramework(id: string, terms: FrameworkTerms, start: FrameworkStart): void {
    const framework: Framework = {
      id,
      terms,
      isActive: start.isActive,
      suppressed: new Set(start.suppressedRoles),
      tracked: new Set(),
      filters: [],
    };
    this.frameworks.set(id, framework);
    for (const role of terms.roles) this.track(framework, role);
    for (const [agentId, resources] of start.used) this.trackAllocated(framework, agentId, resources);
    this.reactivate(framework);
    if (start.isActive) this.addCandidates();
  }

  updateFramework(id: string, terms: FrameworkTerms, suppressed: ReadonlySet<string>): void {
    const framework = this.frameworks.get(id)!;
    const gone = framework.terms.roles.filter((role) => !terms.roles.includes(role));
    const revived = [...framework.suppressed].filter(
      (role) => !suppressed.has(role) && terms.roles.includes(role),
    );
    framework.terms = terms;
    framework.suppressed = new Set(suppressed);
    for (const role of terms.roles) this.track(framework, role);
    this.reactivate(framework);
    this.dropFilters(framework, [...gone, ...revived]);
    for (const role of gone) this.untrackIfEmpty(framework, role);
    if (revived.length > 0) this.addCandidates();
  }

  removeFramework(id: string): void {
    const framework = this.frameworks.get(id)!;
    for (const agent of this.agents.values()) {
      const held = agent.held.get(id);
      if (held) this.untrackAllocated(framework, agent.id, held);
      agent.held.delete(id);
    }
    for (const role of [...framework.tracked]) this.untrackIfEmpty(framework, role);
    this.frameworks.delete(id);
  }

  activateFramework(id: string): void {
    const framework = this.frameworks.get(id)!;
    framework.isActive = true;
    this.reactivate(framework);
    this.addCandidates();
  }

  deactivateFramework(id: string): void {
    const framework = this.frameworks.get(id)!;
    framework.isActive = false;
    framework.filters = [];
    this.reactivate(framework);
  }

  addAgent(id: string, terms: AgentTerms, total: Resources, used: ReadonlyMap<string, Resources>): void {
    this.agents.set(id, { id, terms, total, held: new Map(used), isActivated: true });
    for (const [frameworkId, resources] of used) {
      const framework = this.frameworks.get(frameworkId);
      if (framework) this.trackAllocated(framework, id, resources);
    }
    this.addCandidate(id);
  }

  updateAgent(id: string, terms: AgentTerms, total: Resources): void {
    const agent = this.agents.get(id)!;
    const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
    if (!isSame(terms.attributes, agent.terms.attributes)) this.dropAgentFilters(id);
    const flat = (t: AgentTerms) => [t.hostname, t.attributes, t.domain, [...t.capabilities].sort()];
    if (!isSame(flat(terms), flat(agent.terms)) || !total.equals(agent.total)) this.addCandidate(id);
    agent.terms = terms;
    agent.total = total;
  }

  removeAgent(id: string): void {
    const agent = this.agents.get(id)!;
    this.agents.delete(id);
    for (const [frameworkId, resources] of agent.held) {
      const framework = this.frameworks.get(frameworkId);
      if (framework) this.untrackAllocated(framework, id, resources);
    }
    this.dropAgentFilters(id);
    this.candidates.delete(id);
  }

  activateAgent(id: string): void {
    this.agents.get(id)!.isActivated = true;
  }

  deactivateAgent(id: string): void {
    this.agents.get(id)!.isActivated = false;
  }

  setWhitelist(hosts: ReadonlySet<string> | null): void {
    this.whitelist = hosts;
  }

  recover(
    frameworkId: string,
    agentId: string,
    resources: Resources,
    refuseUs: number | null,
    nowUs: number,
    _wasAllocated: boolean,
  ): void {
    const agent = this.agents.get(agentId);
    const framework = this.frameworks.get(frameworkId);
    if (!agent || !framework) return;
    const rest = agent.held.get(frameworkId)!.minus(resources);
    if (rest.isEmpty) agent.held.delete(frameworkId);
    else agent.held.set(frameworkId, rest);
    const [role] = resources.byAllocationRole().keys();
    this.untrackAllocated(framework, agentId, resources);
    if (refuseUs === null || refuseUs === 0 || !framework.terms.roles.includes(role)) return;
    const untilUs = nowUs + Math.max(this.options.intervalUs, refuseUs);
    framework.filters.push({ role, agentId, refused: resources.unallocated(), untilUs });
  }

  updateAllocation(
    frameworkId: string,
    agentId: string,
    offered: Resources,
    conversions: readonly Conversion[],
  ): void {
    const agent = this.agents.get(agentId)!;
    const [role] = offered.byAllocationRole().keys();
    const apply = (to: Resources, change: (r: Resources) => Resources) =>
      conversions.reduce(
        (r, { consumed, converted }) => r.minus(change(consumed)).plus(change(converted)),
        to,
      );
    const updated = apply(offered, (r) => r.allocatedTo(role));
    agent.held.set(frameworkId, agent.held.get(frameworkId)!.minus(offered).plus(updated));
    agent.total = apply(agent.total, (r) => r.unallocated());
    this.roleSorter.updated(role, agentId, offered, updated);
    this.frameworkSorters.get(role)!.updated(frameworkId, agentId, offered, updated);
  }

  updateAvailable(agentId: string, conversions: readonly Conversion[]): boolean {
    const agent = this.agents.get(agentId)!;
    let available = this.available(agent);
    for (const { consumed, converted } of conversions) {
      if (!available.contains(consumed)) return false;
      available = available.minus(consumed).plus(converted);
    }
    for (const { consumed, converted } of conversions)
      agent.total = agent.total.minus(consumed).plus(converted);
    return true;
  }

  suppress(frameworkId: string, roles: readonly string[]): void {
    const framework = this.frameworks.get(frameworkId)!;
    for (const role of roles.length === 0 ? framework.terms.roles : roles) framework.suppressed.add(role);
    this.reactivate(framework);
  }

  revive(frameworkId: string, roles: readonly string[]): void {
    const framework = this.frameworks.get(frameworkId)!;
    const revived = roles.length === 0 ? framework.terms.roles : roles;
    this.dropFilters(framework, revived);
    for (const role of revived) framework.suppressed.delete(role);
    this.reactivate(framework);
    this.addCandidates();
  }

  setQuota(role: string, quota: Quota | null): void {
    if (quota) this.quotas.set(role, quota);
    else this.quotas.delete(role);
  }

  setWeight(role: string, weight: number): void {
    this.roleSorter.weights.set(role, weight);
  }

  dominantShare(role: string): number {
    return this.roleSorter.dominantShare(role, this.totalQuantities());
  }

  filterCount(role: string): number {
    return [...this.frameworks.values()].flatMap(({ filters }) => filters.filter((f) => f.role === role))
      .length;
  }

  available(agent: Agent): Resources {
    const held = [...agent.held.values()].reduce(
      (sum, r) => sum.plus(r.nonShared().unallocated()),
      Resources.empty,
    );
    return agent.total.nonShared().minus(held).plus(agent.total.shared());
  }

  run(nowUs: number): string[] {
    const batchUs = this.nextBatchUs;
    if (nowUs >= batchUs) {
      this.addCandidates();
      this.nextBatchUs = nowUs + this.options.intervalUs;
    } else if (!this.isRunRequested) return [];
    for (const framework of this.frameworks.values())
      framework.filters = framework.filters.filter(({ untilUs }) => untilUs >= Math.min(nowUs, batchUs));
    const ids = this.areAllCandidates ? [...this.agents.keys()] : [...this.candidates];
    this.candidates = new Set();
    this.areAllCandidates = false;
    this.isRunRequested = false;
    return this.allocate(ids.map((id) => this.agents.get(id)!));
  }

  private addCandidate(id: string): void {
    this.candidates.add(id);
    this.isRunRequested = true;
  }

  private addCandidates(): void {
    this.isRunRequested = true;
    this.areAllCandidates = true;
  }

  private allocate(candidates: Agent[]): string[] {
    const { random, quotas, frameworkSorters, roleSorter } = this;
    const agents = candidates.filter((a) => a.isActivated && (this.whitelist?.has(a.terms.hostname) ?? true));
    const topLevelRoles = new Set([...this.allRoles()].map((role) => role.split('/')[0]));
    const consumed = new Map<string, Quantities>();
    for (const role of topLevelRoles)
      if (quotas.has(role)) consumed.set(role, this.reservations(role).plus(this.heldUnreserved(role)));
    let required = Quantities.empty;
    for (const [role, quota] of quotas)
      required = required.plus(quota.guarantees.minus(consumed.get(role) ?? Quantities.empty));
    let available = this.headroom();
    const offeredShared = new Map<Agent, Resources>();
    const offers = new Map<string, Resources>();

    const record = (agent: Agent, role: string, framework: Framework, out: Resources) => {
      const allocated = out.allocatedTo(role);
      const key = `${framework.id} ${role} ${agent.id}`;
      offers.set(key, (offers.get(key) ?? Resources.empty).plus(allocated));
      offeredShared.set(agent, (offeredShared.get(agent) ?? Resources.empty).plus(out.shared()));
      agent.held.set(framework.id, (agent.held.get(framework.id) ?? Resources.empty).plus(allocated));
      this.trackAllocated(framework, agent.id, allocated);
    };
    const offerable = (agent: Agent, role: string) =>
      this.available(agent)
        .allocatableTo(role)
        .filter((kind) => !(offeredShared.get(agent)?.kinds.includes(kind) ?? false));

    if ([...quotas.values()].some(({ guarantees }) => !guarantees.isEmpty)) {
      for (const agent of shuffled(agents, random)) {
        for (const role of roleSorter.sort(this.totalQuantities())) {
          const quota = quotas.get(role);
          if (!quota || quota.guarantees.isEmpty) continue;
          if (this.available(agent).isEmpty) break;
          let lack = quota.guarantees.minus(consumed.get(role)!);
          if (lack.isEmpty) continue;
          for (const id of frameworkSorters.get(role)!.sort(this.totalQuantities())) {
            if (lack.isEmpty) break;
            const framework = this.frameworks.get(id)!;
            if (!agentFilter(framework.terms.offerConstraints)(role, describe(agent))) continue;
            let res = offerable(agent, role);
            if (res.isEmpty) break;
            if (!this.isAllocatable(res, role, framework) || !this.isCapable(framework, agent)) continue;
            res = strip(res, framework);
            const scalars = res.filter((k) => k.type === 'SCALAR' && k.role === null && !k.isRevocable);
            const guaranteed = shrink(scalars, lack, random);
            if (guaranteed.isEmpty) continue;
            let out = guaranteed.plus(
              res.filter((k) => k.role === role || k.type !== 'SCALAR' || k.isRevocable),
            );
            let extra = scalars.minus(guaranteed);
            if (quota.limits.size > 0)
              extra = shrink(
                extra,
                withinLimits(
                  extra.quantities(),
                  quota.limits,
                  consumed.get(role)!.plus(guaranteed.quantities()),
                ),
                random,
              );
            if (!required.isEmpty && !extra.isEmpty) extra = shrink(extra, available.minus(required), random);
            out = out.plus(extra);
            if (!this.isAllocatable(out, role, framework) || this.isFiltered(framework, role, agent, out))
              continue;
            const taken = guaranteed.plus(extra).quantities();
            lack = lack.minus(taken);
            consumed.set(role, consumed.get(role)!.plus(taken));
            required = required.minus(guaranteed.quantities());
            available = available.minus(taken);
            record(agent, role, framework, out);
          }
        }
      }
    }

    const share = (agent: Agent, isFair: boolean) => {
      for (const role of roleSorter.sort(this.totalQuantities())) {
        if (this.available(agent).isEmpty) break;
        const quota = quotas.get(role);
        for (const id of frameworkSorters.get(role)!.sort(this.totalQuantities())) {
          const framework = this.frameworks.get(id)!;
          if (!agentFilter(framework.terms.offerConstraints)(role, describe(agent))) continue;
          let res = offerable(agent, role);
          if (res.isEmpty) break;
          if (!this.isAllocatable(res, role, framework) || !this.isCapable(framework, agent)) continue;
          res = strip(res, framework);
          let out = res.filter((k) => k.role !== null || k.type !== 'SCALAR' || k.isRevocable);
          let extra = res.filter((k) => k.type === 'SCALAR' && k.role === null && !k.isRevocable);
          if (quota && quota.limits.size > 0)
            extra = shrink(
              extra,
              withinLimits(extra.quantities(), quota.limits, consumed.get(role)!),
              random,
            );
          if (!required.isEmpty && !extra.isEmpty) extra = shrink(extra, available.minus(required), random);
          if (isFair) {
            extra = this.fairPart(framework, role, extra, parts);
            if (extra.isEmpty) continue;
          }
          out = out.plus(extra);
          if (!this.isAllocatable(out, role, framework) || this.isFiltered(framework, role, agent, out))
            continue;
          if (quota) consumed.set(role, consumed.get(role)!.plus(extra.quantities()));
          available = available.minus(extra.quantities());
          record(agent, role, framework, out);
        }
      }
    };
    const parts = this.fairParts();
    const order = shuffled(agents, random);
    if (this.fairness.agents === 'split') for (const agent of order) share(agent, true);
    for (const agent of order) share(agent, false);
    return [...offers].map(([key, resources]) => `${key} ${resources}`).sort();
  }

  /** What is due to each role with a framework that takes offers, to the roles above them, and (`ROLE/.`) to it alone. */
  private fairParts(): Map<string, number> {
    const total = this.totalQuantities();
    const active = [...this.frameworkSorters].flatMap(([role, s]) => (s.sort(total).length > 0 ? role : []));
    const parts = new Map([['', 1]]);
    const visit = (path: string) => {
      const below = active.flatMap((role) =>
        role === path
          ? '.'
          : path === '' || role.startsWith(`${path}/`)
            ? role.slice(path === '' ? 0 : path.length + 1)
            : [],
      );
      const children = [...new Set(below.map((rest) => rest.split('/')[0]))]
        .sort()
        .map((token) => ({ token, at: path === '' ? token : `${path}/${token}` }));
      const weightOf = ({ token, at }: { token: string; at: string }) =>
        token === '.' ? 1 : (this.roleSorter.weights.get(at) ?? 1);
      const all = children.reduce((weight, child) => weight + weightOf(child), 0);
      for (const child of children) {
        parts.set(child.at, (parts.get(path)! * weightOf(child)) / all);
        if (child.token !== '.') visit(child.at);
      }
    };
    visit('');
    return parts;
  }

  /** So much of the scalars, in whole units, that neither framework, role nor those above it have more than is due. */
  private fairPart(
    framework: Framework,
    role: string,
    scalars: Resources,
    parts: ReadonlyMap<string, number>,
  ): Resources {
    const total = this.totalQuantities();
    const held = (counts: (id: string, allocationRole: string) => boolean) =>
      sum(
        [...this.agents.values()].map(({ held }) =>
          [...held]
            .filter(([id]) => this.frameworks.has(id))
            .flatMap(([id, r]) =>
              [...r.byAllocationRole()].flatMap(([at, part]) => (counts(id, at) ? part : [])),
            )
            .reduce((all, part) => all.plus(part.unallocated()), Resources.empty)
            .quantities(),
        ),
      );
    const peers = this.frameworkSorters.get(role)!.sort(total).length;
    const own = parts.get(`${role}/.`)!;
    const bounds = [
      { part: own / peers, usage: held((id, at) => id === framework.id && at === role) },
      { part: own, usage: held((_, at) => at === role) },
      ...role.split('/').map((_, i, tokens) => {
        const path = tokens.slice(0, i + 1).join('/');
        return { part: parts.get(path)!, usage: held((_, at) => at === path || at.startsWith(`${path}/`)) };
      }),
    ];
    const fraction = Math.min(
      ...[...scalars.quantities()]
        .filter(([name]) => !this.options.excludedResources.includes(name))
        .flatMap(([name, milli]) =>
          bounds.map(({ part, usage }) => (part * total.get(name) - usage.get(name)) / milli),
        ),
    );
    if (fraction >= 1) return scalars;
    const most = [...scalars.quantities()].map(([name, milli]): [string, number] => [
      name,
      1000 * Math.floor(Math.max(0, fraction * milli) / 1000),
    ]);
    return shrink(scalars, Quantities.of(most), this.random);
  }

  private isAllocatable(resources: Resources, role: string, framework: Framework): boolean {
    if (resources.isEmpty) return false;
    const least = minAllocatableOf(framework.terms.offerFilters[role]) ?? this.options.minAllocatable;
    return least.length === 0 || least.some((one) => resources.quantities().contains(one));
  }

  private isCapable({ terms }: Framework, agent: Agent): boolean {
    const { filterGpuResources, region } = this.options;
    if (filterGpuResources && agent.total.hasGpus && !terms.capabilities.has('GPU_RESOURCES')) return false;
    const own = agent.terms.domain?.fault_domain?.region.name;
    return own === undefined || own === region || terms.capabilities.has('REGION_AWARE');
  }

  private isFiltered(framework: Framework, role: string, agent: Agent, out: Resources): boolean {
    if (framework.terms.capabilities.has('MULTI_ROLE') && !agent.terms.capabilities.has('MULTI_ROLE'))
      return true;
    if (role.includes('/') && !agent.terms.capabilities.has('HIERARCHICAL_ROLE')) return true;
    return framework.filters.some(
      (f) => f.role === role && f.agentId === agent.id && f.refused.contains(out),
    );
  }

  /** Roles with quota, frameworks or reservations. */
  private allRoles(): Set<string> {
    const reserved = [...this.agents.values()].flatMap(({ total }) =>
      total.kinds.flatMap(({ role }) => role ?? []),
    );
    return new Set([...this.quotas.keys(), ...this.frameworkSorters.keys(), ...reserved]);
  }

  private reservations(role: string): Quantities {
    const isBelow = (r: string | null) => r !== null && (r === role || r.startsWith(`${role}/`));
    return sum(
      [...this.agents.values()].map(({ total }) => total.filter((k) => isBelow(k.role)).quantities()),
    );
  }

  private heldUnreserved(role: string): Quantities {
    const isBelow = (r: string | null) => r !== null && (r === role || r.startsWith(`${role}/`));
    return sum(
      this.allHeld().map((r) =>
        r
          .unreserved()
          .nonRevocable()
          .filter((k) => isBelow(k.allocationRole))
          .quantities(),
      ),
    );
  }

  private headroom(): Quantities {
    const agents = [...this.agents.values()];
    const reserved = sum(agents.map(({ total }) => total.reservedTo().quantities()));
    // Mesos counts a shared resource that is held in two roles twice here, and so holds back too much.
    const allocated = agents.map(({ held }) =>
      [...held]
        .filter(([id]) => this.frameworks.has(id))
        .reduce((all, [, r]) => all.plus(r.unallocated()), Resources.empty),
    );
    const allocatedReserved = sum(allocated.map((r) => r.reservedTo().quantities()));
    return this.totalQuantities()
      .minus(sum(allocated.map((r) => r.quantities())))
      .minus(reserved.minus(allocatedReserved))
      .minus(sum(agents.map((agent) => this.available(agent).revocable().quantities())));
  }

  private totalQuantities(): Quantities {
    return sum([...this.agents.values()].map(({ total }) => total.quantities()));
  }

  private allHeld(): Resources[] {
    return [...this.agents.values()].flatMap(({ held }) =>
      [...held].flatMap(([id, resources]) => (this.frameworks.has(id) ? [resources] : [])),
    );
  }

  private track(framework: Framework, role: string): void {
    if (framework.tracked.has(role)) return;
    framework.tracked.add(role);
    let sorter = this.frameworkSorters.get(role);
    if (!sorter) {
      sorter = new NaiveSorter(false, this.options.excludedResources, this.fairness.ties);
      this.frameworkSorters.set(role, sorter);
      this.roleSorter.add(role);
      this.roleSorter.activate(role);
    }
    sorter.add(framework.id);
  }

  private untrackIfEmpty(framework: Framework, role: string): void {
    const sorter = this.frameworkSorters.get(role)!;
    if (!sorter.holdsNothing(framework.id)) return;
    framework.tracked.delete(role);
    sorter.remove(framework.id);
    if (sorter.root.children.length > 0) return;
    this.frameworkSorters.delete(role);
    this.roleSorter.remove(role);
  }

  private trackAllocated(framework: Framework, agentId: string, resources: Resources): void {
    for (const [role, part] of resources.byAllocationRole()) {
      this.track(framework, role);
      this.roleSorter.allocated(role, agentId, part);
      this.frameworkSorters.get(role)!.allocated(framework.id, agentId, part);
    }
  }

  private untrackAllocated(framework: Framework, agentId: string, resources: Resources): void {
    for (const [role, part] of resources.byAllocationRole()) {
      this.roleSorter.unallocated(role, agentId, part);
      this.frameworkSorters.get(role)!.unallocated(framework.id, agentId, part);
      if (!framework.terms.roles.includes(role)) this.untrackIfEmpty(framework, role);
    }
  }

  private reactivate(framework: Framework): void {
    for (const role of framework.tracked) {
      const takes =
        framework.isActive && framework.terms.roles.includes(role) && !framework.suppressed.has(role);
      const sorter = this.frameworkSorters.get(role)!;
      if (takes) sorter.activate(framework.id);
      else sorter.deactivate(framework.id);
    }
  }

  private dropFilters(framework: Framework, roles: readonly string[]): void {
    framework.filters = framework.filters.filter(({ role }) => !roles.includes(role));
  }

  private dropAgentFilters(id: string): void {
    for (const framework of this.frameworks.values())
      framework.filters = framework.filters.filter(({ agentId }) => agentId !== id);
  }
}

function describe({ terms: { hostname, attributes, domain } }: Agent) {
  return { hostname, attributes, domain: domain ?? undefined };
}

function strip(resources: Resources, { terms }: Framework): Resources {
  return resources.filter(
    (k) =>
      (!k.isShared || terms.capabilities.has('SHARED_RESOURCES')) &&
      (!k.isRevocable || terms.capabilities.has('REVOCABLE_RESOURCES')) &&
      (k.reservations.length < 2 || terms.capabilities.has('RESERVATION_REFINEMENT')),
  );
}

function sum(all: readonly Quantities[]): Quantities {
  return all.reduce((a, b) => a.plus(b), Quantities.empty);
}
