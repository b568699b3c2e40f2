/** The allocator makes the offers of its literal, slow specification, whatever happens in between. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HierarchicalAllocator } from '../../../src/allocator/hierarchical/hierarchical-allocator.ts';
import type { AgentTerms, Fairness, FrameworkTerms } from '../../../src/allocator/hierarchical/terms.ts';
import { stream } from '../../../src/cluster/streams.ts';
import type { Resource } from '../../../src/protocol/v1/mesos.ts';
import { Resources } from '../../../src/resources/resources.ts';
import {
  agentTerms,
  frameworkTerms,
  optionsOf,
  quantities,
  quota,
  resources,
  SECOND_US,
} from './builders.ts';
import { NaiveAllocator } from './naive-allocator.ts';

const ROLES = ['a', 'b', 'a/x', 'a/x/z', 'b/y', 'c'];

const scalar = (name: string, value: number, rest: Partial<Resource> = {}): Resource => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  ...rest,
});
const REFINED = scalar('mem', 512, {
  reservations: [
    { type: 'STATIC', role: 'a' },
    { type: 'DYNAMIC', role: 'a/x' },
  ],
});
const SHARED = scalar('disk', 64, {
  reservations: [{ type: 'DYNAMIC', role: 'a' }],
  disk: { persistence: { id: 'v' }, volume: { container_path: 'v', mode: 'RW' } },
  shared: {},
});
const REVOCABLE = scalar('cpus', 2, { revocable: {} });
const MOUNT = scalar('disk', 300, { disk: { source: { type: 'MOUNT', mount: { root: '/m' } } } });

/** No two resources that quota may cut share a name, so that nothing is drawn but the order of agents. */
const TOTALS = [
  resources('cpus:4;mem:4096;ports:[1-10]'),
  resources('cpus:8;mem:1024'),
  resources('cpus:2;mem:512;cpus(a):2;mem(b):256;disk(a/x):100'),
  resources('cpus:0.005;ports:[1-4]'),
  resources('cpus:6;mem:2048;gpus:2'),
  Resources.of([scalar('cpus', 3), scalar('mem', 700), REVOCABLE, REFINED]),
  Resources.of([
    scalar('cpus', 1),
    SHARED,
    scalar('cpus', 5, { reservations: [{ type: 'STATIC', role: 'a' }] }),
  ]),
  Resources.of([scalar('cpus', 5), MOUNT, scalar('mem', 400)]),
];

const AGENT_TERMS: readonly AgentTerms[] = [
  agentTerms({ hostname: 'h0' }),
  agentTerms({ hostname: 'h1', attributes: [{ name: 'rack', type: 'TEXT', text: { value: 'r1' } }] }),
  agentTerms({ hostname: 'h2', capabilities: new Set(['MULTI_ROLE']) }),
  agentTerms({ hostname: 'h3', capabilities: new Set() }),
  agentTerms({ hostname: 'h4', domain: { fault_domain: { region: { name: 'far' }, zone: { name: 'z' } } } }),
];

const FRAMEWORK_TERMS: readonly FrameworkTerms[] = [
  frameworkTerms(['a', 'b']),
  frameworkTerms(['a/x', 'c']),
  frameworkTerms(['a'], { capabilities: new Set([]) }),
  frameworkTerms(['b', 'b/y', 'a/x/z'], {
    capabilities: new Set([
      'MULTI_ROLE',
      'GPU_RESOURCES',
      'SHARED_RESOURCES',
      'REVOCABLE_RESOURCES',
      'RESERVATION_REFINEMENT',
      'REGION_AWARE',
    ]),
  }),
  frameworkTerms(['a', 'a/x'], {
    capabilities: new Set(['MULTI_ROLE', 'GPU_RESOURCES', 'SHARED_RESOURCES', 'RESERVATION_REFINEMENT']),
    offerFilters: {
      a: { min_allocatable_resources: { quantities: [{ quantities: { cpus: { value: 3 } } }] } },
      'a/x': { min_allocatable_resources: { quantities: [] } },
    },
  }),
  frameworkTerms(['c', 'b'], {
    offerConstraints: {
      role_constraints: {
        c: {
          groups: [
            { attribute_constraints: [{ selector: { attribute_name: 'rack' }, predicate: { exists: {} } }] },
          ],
        },
      },
    },
  }),
];

const QUOTAS = [
  null,
  quota({ cpus: 6 }),
  quota({}, { cpus: 5, mem: 1500, disk: 100 }),
  quota({ cpus: 2, mem: 700, disk: 350 }, { cpus: 4, mem: 3000 }),
  quota({}, { cpus: 0 }),
];

/** What the numbers name depends on who is there when it happens. */
type Step = readonly [kind: string, which: number, what: number, more: number];

const step = (kind: string, weight: number) => ({
  arbitrary: fc.tuple(fc.constant(kind), fc.nat(30), fc.nat(30), fc.nat(30)) as fc.Arbitrary<Step>,
  weight,
});
const steps = fc.array(
  fc.oneof(
    step('run', 12),
    step('answer', 20),
    step('finish', 6),
    step('addAgent', 6),
    step('addFramework', 5),
    step('updateAgent', 2),
    step('removeAgent', 1),
    step('switchAgent', 1),
    step('whitelist', 1),
    step('updateFramework', 2),
    step('removeFramework', 1),
    step('switchFramework', 2),
    step('suppress', 2),
    step('revive', 2),
    step('quota', 4),
    step('weight', 2),
    step('reserve', 2),
    step('reserveAvailable', 1),
  ),
  { minLength: 40, maxLength: 120, size: 'max' },
);

/** Mesos's own half the time. */
const fairness = fc.constantFrom<Fairness>(
  { ties: 'count', agents: 'whole' },
  { ties: 'count', agents: 'whole' },
  { ties: 'turns', agents: 'whole' },
  { ties: 'turns', agents: 'split' },
);

interface Holding {
  readonly frameworkId: string;
  readonly agentId: string;
  readonly resources: Resources;
}

/** Plays the same steps on both and compares. */
class Play {
  private readonly real: HierarchicalAllocator;
  private readonly naive: NaiveAllocator;
  private readonly both: readonly [HierarchicalAllocator, NaiveAllocator];
  private nowUs = 0;
  private ids = 0;
  private offers: Holding[] = [];
  private tasks: Holding[] = [];
  madeCount = 0;

  constructor(seed: string, excludedResources: readonly string[], fairness: Fairness) {
    const options = { region: 'near', excludedResources, fairness };
    this.real = new HierarchicalAllocator(optionsOf({ ...options, random: stream(seed, 'allocator') }));
    this.naive = new NaiveAllocator(optionsOf({ ...options, random: stream(seed, 'allocator') }));
    this.both = [this.real, this.naive];
  }

  do([kind, which, what, more]: Step): void {
    const { both } = this;
    const agent = pick([...this.naive.agents.values()], which);
    const framework = pick([...this.naive.frameworks.values()], which);
    switch (kind) {
      case 'run':
        this.run([0, 0, SECOND_US / 4, SECOND_US, 3 * SECOND_US][what % 5]);
        return;
      case 'answer':
        this.answer(which, what, more);
        return;
      case 'finish': {
        const task = pick(this.tasks, which);
        if (!task) return;
        this.tasks.splice(this.tasks.indexOf(task), 1);
        this.recover(task, null, true);
        return;
      }
      case 'addAgent': {
        const id = `a${this.ids++}`;
        const total = TOTALS[what % TOTALS.length];
        const used = new Map<string, Resources>();
        if (framework && more % 3 === 0) {
          const resources = total
            .unreserved()
            .nonRevocable()
            .scalars()
            .shrinkTo(quantities({ cpus: 1 }));
          const role = framework.terms.roles[0];
          if (!resources.isEmpty) used.set(framework.id, resources.allocatedTo(role));
        }
        for (const [frameworkId, resources] of used) this.tasks.push({ frameworkId, agentId: id, resources });
        for (const each of both) each.addAgent(id, AGENT_TERMS[more % AGENT_TERMS.length], total, used);
        return;
      }
      case 'addFramework': {
        const id = `f${(what * 7) % 10}-${this.ids++}`;
        const terms = FRAMEWORK_TERMS[what % FRAMEWORK_TERMS.length];
        const suppressedRoles = new Set(more % 4 === 0 ? terms.roles.slice(0, 1) : []);
        const start = { used: new Map(), isActive: more % 5 > 0, suppressedRoles };
        for (const each of both) each.addFramework(id, terms, start);
        return;
      }
      case 'updateAgent': {
        if (!agent) return;
        const total =
          agent.held.size === 0 ? TOTALS[what % TOTALS.length] : agent.total.plus(resources('mem:10'));
        for (const each of both) each.updateAgent(agent.id, AGENT_TERMS[more % AGENT_TERMS.length], total);
        return;
      }
      case 'removeAgent': {
        if (!agent) return;
        for (const each of both) each.removeAgent(agent.id);
        this.forget(({ agentId }) => agentId === agent.id);
        return;
      }
      case 'switchAgent': {
        if (!agent) return;
        for (const each of both) {
          if (what % 3 === 0) each.deactivateAgent(agent.id);
          else each.activateAgent(agent.id);
        }
        return;
      }
      case 'whitelist': {
        const hosts = what % 2 === 0 ? null : new Set(['h0', 'h1', `h${more % 5}`]);
        for (const each of both) each.setWhitelist(hosts);
        return;
      }
      case 'updateFramework': {
        if (!framework) return;
        const terms = FRAMEWORK_TERMS[what % FRAMEWORK_TERMS.length];
        const suppressed = new Set(more % 3 === 0 ? terms.roles.slice(1) : []);
        for (const each of both) each.updateFramework(framework.id, terms, suppressed);
        return;
      }
      case 'removeFramework': {
        if (!framework) return;
        for (const each of both) each.removeFramework(framework.id);
        this.forget(({ frameworkId }) => frameworkId === framework.id);
        return;
      }
      case 'switchFramework': {
        if (!framework) return;
        const { isActive } = framework;
        for (const each of both) {
          if (isActive) each.deactivateFramework(framework.id);
          else each.activateFramework(framework.id);
        }
        return;
      }
      case 'suppress':
      case 'revive': {
        if (!framework) return;
        const roles = what % 3 === 0 ? [] : framework.terms.roles.slice(0, 1);
        for (const each of both) each[kind](framework.id, roles);
        return;
      }
      case 'quota':
        for (const each of both) each.setQuota(['a', 'b', 'c'][which % 3], QUOTAS[what % QUOTAS.length]);
        return;
      case 'weight':
        for (const each of both) each.setWeight(ROLES[which % ROLES.length], [0.5, 1, 2, 3.7][what % 4]);
        return;
      case 'reserve':
        this.reserve(which, what);
        return;
      case 'reserveAvailable': {
        if (!agent) return;
        const consumed = this.naive
          .available(agent)
          .unreserved()
          .nonRevocable()
          .scalars()
          .shrinkTo(quantities({ cpus: 1, mem: 64 * (1 + (what % 40)) }));
        if (consumed.isEmpty) return;
        const converted = consumed.pushReservation(reservation(ROLES[more % ROLES.length]));
        const results = both.map((each) => each.updateAvailable(agent.id, [{ consumed, converted }]));
        expect(results).toEqual([true, true]);
      }
    }
  }

  run(afterUs: number): void {
    const { real, naive } = this;
    this.nowUs += afterUs;
    const made = real.run(this.nowUs).offers;
    const lines = made.map((o) => `${o.frameworkId} ${o.role} ${o.agentId} ${o.resources}`).sort();
    expect(lines).toEqual(naive.run(this.nowUs));
    this.madeCount += made.length;
    this.offers.push(...made);
    for (const role of ROLES) {
      expect(real.dominantShare(role)).toBe(naive.dominantShare(role));
      expect(real.filterCount(role)).toBe(naive.filterCount(role));
    }
    for (const agent of naive.agents.values()) {
      const view = real.agents().get(agent.id)!;
      expect(String(view.available)).toBe(String(naive.available(agent)));
      expect(view.total.equals(agent.total)).toBe(true);
    }
  }

  /** Launches upon some of an offer's scalars, and declines the rest, with or without a filter. */
  private answer(which: number, what: number, more: number): void {
    const offer = pick(this.offers, which);
    if (!offer) return;
    this.offers.splice(this.offers.indexOf(offer), 1);
    const refuseUs = [0, SECOND_US / 2, 2 * SECOND_US, 5 * SECOND_US, null][more % 5];
    const isLaunched = what % 3 === 0;
    const used = isLaunched
      ? offer.resources
          .nonShared()
          .scalars()
          .shrinkTo(quantities({ cpus: 1, mem: 128, gpus: 1 }))
      : Resources.empty;
    if (!used.isEmpty) {
      this.real.allocate(offer.frameworkId, offer.agentId, used);
      this.tasks.push({ ...offer, resources: used });
    }
    const rest = offer.resources.minus(used);
    if (!rest.isEmpty) this.recover({ ...offer, resources: rest }, refuseUs, false);
  }

  private recover({ frameworkId, agentId, resources }: Holding, refuseUs: number | null, was: boolean): void {
    for (const each of this.both) each.recover(frameworkId, agentId, resources, refuseUs, this.nowUs, was);
  }

  /** An offer's unreserved cpus become reserved to its role. */
  private reserve(which: number, what: number): void {
    const offer = pick(this.offers, which);
    if (!offer) return;
    const consumed = offer.resources
      .unreserved()
      .nonRevocable()
      .scalars()
      .shrinkTo(quantities({ cpus: 1 + (what % 3) }));
    if (consumed.isEmpty) return;
    const role = consumed.kinds[0].allocationRole!;
    const conversion = { consumed, converted: consumed.pushReservation(reservation(role)) };
    for (const each of this.both)
      each.updateAllocation(offer.frameworkId, offer.agentId, offer.resources, [conversion]);
    this.offers.splice(this.offers.indexOf(offer), 1, {
      ...offer,
      resources: offer.resources.minus(consumed).plus(conversion.converted),
    });
  }

  private forget(isGone: (holding: Holding) => boolean): void {
    this.offers = this.offers.filter((holding) => !isGone(holding));
    this.tasks = this.tasks.filter((holding) => !isGone(holding));
  }
}

test('offers equal those of the specification', () => {
  let madeCount = 0;
  fc.assert(
    fc.property(fc.nat(), fc.boolean(), fairness, steps, (seed, isExcluding, fairness, all) => {
      const play = new Play(String(seed), isExcluding ? ['mem'] : [], fairness);
      for (const one of all) play.do(one);
      play.run(SECOND_US);
      madeCount += play.madeCount;
    }),
    { numRuns: 300 },
  );
  expect(madeCount).toBeGreaterThan(0);
}, 60_000);

function pick<Thing>(things: readonly Thing[], which: number): Thing | undefined {
  return things.length === 0 ? undefined : things[which % things.length];
}

function reservation(role: string) {
  return { type: 'DYNAMIC', role, principal: null, labels: null } as const;
}
