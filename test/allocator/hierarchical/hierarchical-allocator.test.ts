/** The rules of the allocator one by one; sections are those of reference/mesos-v1.md. */
import { describe, expect, test } from 'vitest';
import { HierarchicalAllocator } from '../../../src/allocator/hierarchical/hierarchical-allocator.ts';
import { shrink } from '../../../src/allocator/hierarchical/shrink.ts';
import { stream } from '../../../src/cluster/streams.ts';
import { Resources } from '../../../src/resources/resources.ts';
import {
  ACTIVE,
  agentTerms,
  allocatorOf,
  frameworkTerms,
  NOTHING_USED,
  offersOf,
  optionsOf,
  quantities,
  quota,
  resources,
  SECOND_US,
} from './builders.ts';

const US = SECOND_US;

/** Takes the whole offer back, or (`refuseUs`) has it declined. */
function decline(
  allocator: HierarchicalAllocator,
  run: string[],
  nowUs: number,
  refuseUs: number | null,
): void {
  for (const line of run) {
    const [frameworkId, , agentId] = line.split(' ');
    const held = allocator.agents().get(agentId)!.held.get(frameworkId)!;
    for (const part of held.byAllocationRole().values())
      allocator.recover(frameworkId, agentId, part, refuseUs, nowUs, false);
  }
}

describe('when runs happen (12.3)', () => {
  test('a batch run comes an interval after the last, from the start on', () => {
    const allocator = new HierarchicalAllocator(optionsOf({ startUs: 5 * US }));
    expect(allocator.nextRunUs).toBe(6 * US);
    allocator.run(6.25 * US);
    expect(allocator.nextRunUs).toBe(7.25 * US);
  });

  test('agents and frameworks that come are looked at in one run at once', () => {
    const allocator = allocatorOf(['cpus:1', 'cpus:2'], { f: ['r'] });
    expect(allocator.nextRunUs).toBeLessThanOrEqual(0);
    expect(offersOf(allocator, 10)).toEqual(['f r a1 cpus:1', 'f r a2 cpus:2']);
    expect(allocator.nextRunUs).toBe(US);
    expect(allocator.runCount).toBe(1);
  });

  test('only agents that something happened to are looked at', () => {
    const allocator = allocatorOf(['cpus:1'], { f: ['r'] });
    const run = offersOf(allocator, 0);
    decline(allocator, run, 0, null);
    allocator.addAgent('new', agentTerms(), resources('cpus:3'), NOTHING_USED);
    expect(offersOf(allocator, 1)).toEqual(['f r new cpus:3']);
    expect(offersOf(allocator, US)).toEqual(['f r a1 cpus:1']);
  });

  test('what comes free, weights and quota ask for no run', () => {
    const allocator = allocatorOf(['cpus:1'], { f: ['r'] });
    decline(allocator, offersOf(allocator, 0), 0, null);
    allocator.setWeight('r', 2);
    allocator.setQuota('r', quota({ cpus: 1 }));
    expect(allocator.nextRunUs).toBe(US);
    expect(offersOf(allocator, 1)).toEqual([]);
  });

  test('a paused allocator makes no offers, and does not remember what was asked of it', () => {
    const allocator = allocatorOf([], { f: ['r'] });
    allocator.run(0);
    allocator.pause();
    allocator.addAgent('a', agentTerms(), resources('cpus:1'), NOTHING_USED);
    expect(allocator.nextRunUs).toBe(US);
    expect(offersOf(allocator, US)).toEqual([]);
    allocator.resume();
    expect(allocator.nextRunUs).toBe(2 * US);
    expect(offersOf(allocator, 2 * US)).toEqual(['f r a cpus:1']);
  });
});

describe('fair sharing (12.4, stage 2)', () => {
  test('roles by share, then frameworks of the role by theirs, as Mesos chooses', () => {
    const allocator = allocatorOf([], { f1: ['role1'] });
    const add = (id: string, text: string, nowUs: number) => {
      allocator.addAgent(id, agentTerms(), resources(text), NOTHING_USED);
      return offersOf(allocator, nowUs).map((line) => line.split(' ').slice(0, 3).join(' '));
    };
    expect(add('a1', 'cpus:2;mem:1024', 0)).toEqual(['f1 role1 a1']);
    allocator.addFramework('f2', frameworkTerms(['role2']), ACTIVE);
    expect(add('a2', 'cpus:1;mem:512', 1)).toEqual(['f2 role2 a2']);
    // role1 has 2/3 of the cpus and role2 has 1/3: role2 gets more, of which it then has 5/7 of the memory.
    expect(add('a3', 'cpus:3;mem:2048', 2)).toEqual(['f2 role2 a3']);
    expect(allocator.dominantShare('role2')).toBe(2560 / 3584);
    // In role1, f3 has nothing yet and so comes before f1.
    allocator.addFramework('f3', frameworkTerms(['role1']), ACTIVE);
    expect(add('a4', 'cpus:4;mem:4096', 3)).toEqual(['f3 role1 a4']);
    expect(allocator.dominantShare('role1')).toBe(5120 / 7680);
    // f4 has nothing at all, but its role has more than the other.
    allocator.addFramework('f4', frameworkTerms(['role1']), ACTIVE);
    expect(add('a5', 'cpus:1;mem:512', 4)).toEqual(['f2 role2 a5']);
  });

  test('the order is looked at anew for each agent: weights 3 to 1', () => {
    const allocator = allocatorOf(
      Array.from({ length: 8 }, () => 'cpus:1'),
      { f: ['f'], g: ['g'] },
    );
    allocator.setWeight('f', 3);
    const { offers } = allocator.run(0);
    expect(offers.filter(({ role }) => role === 'f')).toHaveLength(6);
  });

  test('frameworks of one role share what the role gets', () => {
    const allocator = allocatorOf(
      Array.from({ length: 8 }, () => 'cpus:1'),
      { f: ['r'], g: ['r'], h: ['s'] },
    );
    const { offers } = allocator.run(0);
    const count = (id: string) => offers.filter(({ frameworkId }) => frameworkId === id).length;
    expect([count('f'), count('g'), count('h')]).toEqual([2, 2, 4]);
  });

  test('what tasks use counts, also of agents that come with it', () => {
    const allocator = allocatorOf([], { f: ['f'], g: ['g'] });
    const used = resources('cpus:4').allocatedTo('f');
    allocator.addAgent('a', agentTerms(), resources('cpus:4'), new Map([['f', used]]));
    allocator.addAgent('b', agentTerms(), resources('cpus:4'), NOTHING_USED);
    expect(offersOf(allocator, 0)).toEqual(['g g b cpus:4']);
    expect(allocator.dominantShare('f')).toBe(0.5);
    expect(allocator.dominantShare('f', 'f')).toBe(0.5);
  });

  test('offers go framework by framework', () => {
    const allocator = allocatorOf(
      Array.from({ length: 6 }, () => 'cpus:1'),
      { f: ['f'], g: ['g'] },
    );
    const ids = allocator.run(0).offers.map(({ frameworkId }) => frameworkId);
    expect(ids).toEqual(['f', 'f', 'f', 'g', 'g', 'g']);
  });

  test('reservations go to their role and those below it only', () => {
    const allocator = allocatorOf(['cpus(a/x):1;mem(a):64;mem(b):128'], { f: ['a/x/y'], g: ['c'] });
    expect(offersOf(allocator, 0)).toEqual(['f a/x/y a1 cpus(a/x):1;mem(a):64']);
  });

  test('no less than the minimum is offered: the master’s, or the framework’s own for its role', () => {
    const allocator = allocatorOf(['cpus:0.001;mem:16;ports:[1-9]'], { f: ['f'] });
    expect(offersOf(allocator, 0)).toEqual([]);
    const offerFilters = {
      g: { min_allocatable_resources: { quantities: [{ quantities: { mem: { value: 16 } } }] } },
    };
    allocator.addFramework('g', frameworkTerms(['g'], { offerFilters }), ACTIVE);
    expect(offersOf(allocator, 1)).toEqual(['g g a1 cpus:0.001;mem:16;ports:[1-9]']);
  });

  test('agents with GPUs need GPU_RESOURCES, of other regions REGION_AWARE', () => {
    const allocator = allocatorOf(['cpus:1;gpus:1'], { f: ['f'] }, { region: 'here' });
    const domain = { fault_domain: { region: { name: 'there' }, zone: { name: 'z' } } };
    allocator.addAgent('far', agentTerms({ domain }), resources('cpus:1'), NOTHING_USED);
    expect(offersOf(allocator, 0)).toEqual([]);
    const capabilities = new Set(['MULTI_ROLE', 'GPU_RESOURCES'] as const);
    allocator.addFramework('g', frameworkTerms(['g'], { capabilities }), ACTIVE);
    const aware = new Set(['MULTI_ROLE', 'REGION_AWARE'] as const);
    allocator.addFramework('h', frameworkTerms(['h'], { capabilities: aware }), ACTIVE);
    expect(offersOf(allocator, 1)).toEqual(['g g a1 cpus:1;gpus:1', 'h h far cpus:1']);
  });

  test('revocable resources need REVOCABLE_RESOURCES, refined reservations RESERVATION_REFINEMENT', () => {
    const total = Resources.of([
      { name: 'cpus', type: 'SCALAR', scalar: { value: 1 } },
      { name: 'cpus', type: 'SCALAR', scalar: { value: 2 }, revocable: {} },
      {
        name: 'mem',
        type: 'SCALAR',
        scalar: { value: 64 },
        reservations: [
          { type: 'STATIC', role: 'a' },
          { type: 'DYNAMIC', role: 'a/x' },
        ],
      },
    ]);
    const allocator = allocatorOf([], { f: ['a/x'] });
    allocator.addAgent('agent', agentTerms(), total, NOTHING_USED);
    expect(offersOf(allocator, 0)).toEqual(['f a/x agent cpus:1']);
    const capabilities = new Set(['MULTI_ROLE', 'REVOCABLE_RESOURCES', 'RESERVATION_REFINEMENT'] as const);
    allocator.addFramework('g', frameworkTerms(['a/x'], { capabilities }), ACTIVE);
    expect(offersOf(allocator, 1)).toEqual(['g a/x agent cpus{REV}:2;mem(a/x):64']);
  });

  test('a shared resource is offered once a run, and again in the next though it is held', () => {
    const total = Resources.of([
      {
        name: 'disk',
        type: 'SCALAR',
        scalar: { value: 64 },
        reservations: [{ type: 'DYNAMIC', role: 'r' }],
        disk: { persistence: { id: 'v' }, volume: { container_path: 'v', mode: 'RW' } },
        shared: {},
      },
    ]);
    const capabilities = new Set(['MULTI_ROLE', 'SHARED_RESOURCES'] as const);
    const allocator = new HierarchicalAllocator(optionsOf({ minAllocatable: [] }));
    allocator.addAgent('agent', agentTerms(), total, NOTHING_USED);
    for (const id of ['f', 'g']) allocator.addFramework(id, frameworkTerms(['r'], { capabilities }), ACTIVE);
    expect(offersOf(allocator, 0)).toEqual(['f r agent disk(r)[v]<SHARED>x1:64']);
    expect(offersOf(allocator, US)).toEqual(['g r agent disk(r)[v]<SHARED>x1:64']);
  });

  test('agents that are old get no frameworks with many roles, or none of a tree', () => {
    const allocator = allocatorOf([], { f: ['r'], g: ['r/x'] });
    allocator.addAgent('old', agentTerms({ capabilities: new Set() }), resources('cpus:1'), NOTHING_USED);
    const flat = agentTerms({ capabilities: new Set(['MULTI_ROLE']) });
    allocator.addAgent('flat', flat, resources('cpus:1'), NOTHING_USED);
    allocator.suppress('f', []);
    expect(offersOf(allocator, 0)).toEqual([]);
    allocator.revive('f', []);
    expect(offersOf(allocator, 0)).toEqual(['f r flat cpus:1']);
  });

  test('offer constraints keep agents away (2.10)', () => {
    const rack = (value: string) => [{ name: 'rack', type: 'TEXT', text: { value } } as const];
    const allocator = allocatorOf([], {});
    const group = {
      attribute_constraints: [
        { selector: { attribute_name: 'rack' }, predicate: { text_equals: { value: 'b' } } },
      ],
    };
    const offerConstraints = { role_constraints: { r: { groups: [group] } } };
    allocator.addFramework('f', frameworkTerms(['r'], { offerConstraints }), ACTIVE);
    allocator.addAgent('a', agentTerms({ attributes: rack('a') }), resources('cpus:1'), NOTHING_USED);
    allocator.addAgent('b', agentTerms({ attributes: rack('b') }), resources('cpus:1'), NOTHING_USED);
    expect(offersOf(allocator, 0)).toEqual(['f r b cpus:1']);
    allocator.updateAgent('a', agentTerms({ attributes: rack('b') }), resources('cpus:1'));
    expect(offersOf(allocator, 1)).toEqual(['f r a cpus:1']);
  });

  test('only agents that are active and on the whitelist are offered (14.6)', () => {
    const allocator = allocatorOf(['cpus:1', 'cpus:2', 'cpus:3'], { f: ['r'] });
    allocator.deactivateAgent('a1');
    allocator.setWhitelist(new Set(['h1', 'h2']));
    expect(offersOf(allocator, 0)).toEqual(['f r a2 cpus:2']);
    allocator.activateAgent('a1');
    expect(allocator.nextRunUs).toBe(US);
    expect(offersOf(allocator, US)).toEqual(['f r a1 cpus:1']);
    allocator.setWhitelist(null);
    expect(offersOf(allocator, 2 * US)).toEqual(['f r a3 cpus:3']);
  });
});

describe('quota (12.4, 14.3)', () => {
  test('guarantees come before shares, chopped to what is lacking where headroom is needed', () => {
    const allocator = allocatorOf(['cpus:10;mem:1000'], { f: ['f'], g: ['g'] });
    allocator.setQuota('g', quota({ cpus: 4, mem: 100 }, { cpus: 4, mem: 100 }));
    expect(offersOf(allocator, 0)).toEqual(['f f a1 cpus:6;mem:900', 'g g a1 cpus:4;mem:100']);
  });

  test('a role bursts above its guarantee in the same offer', () => {
    const allocator = allocatorOf(['cpus:10;mem:1000;ports:[1-5]'], { f: ['f'], g: ['g'] });
    allocator.setQuota('g', quota({ cpus: 4 }));
    expect(offersOf(allocator, 0)).toEqual(['g g a1 cpus:10;mem:1000;ports:[1-5]']);
  });

  test('what guarantees still need is held back from others', () => {
    const allocator = allocatorOf(['cpus:10;mem:1000'], { f: ['f'], g: ['g'] });
    allocator.suppress('g', []);
    allocator.setQuota('g', quota({ cpus: 4 }));
    expect(offersOf(allocator, 0)).toEqual(['f f a1 cpus:6;mem:1000']);
    allocator.revive('g', []);
    expect(offersOf(allocator, 0)).toEqual(['g g a1 cpus:4']);
  });

  test('a role without frameworks has its guarantee held back too', () => {
    const allocator = allocatorOf(['cpus:10'], { f: ['f'] });
    allocator.setQuota('nobody', quota({ cpus: 7 }));
    expect(offersOf(allocator, 0)).toEqual(['f f a1 cpus:3']);
  });

  test('no more than the limits is offered, reservations counted, unnamed resources unlimited', () => {
    const allocator = allocatorOf(['cpus:10;mem:1000;cpus(f):3'], { f: ['f'] });
    allocator.setQuota('f', quota({}, { cpus: 5 }));
    expect(offersOf(allocator, 0)).toEqual(['f f a1 cpus:2;cpus(f):3;mem:1000']);
    expect(String(allocator.role('f')!.consumed)).toBe('cpus:5;mem:1000');
    expect(String(allocator.role('f')!.allocated)).toBe('');
  });

  test('reservations alone are no progress towards a guarantee, and come with the shares', () => {
    const allocator = allocatorOf(['cpus(f):3', 'cpus:5'], { f: ['f'], g: ['g'] });
    allocator.setQuota('f', quota({ cpus: 3 }));
    // The reservation meets the guarantee: both are equals for the other agent, and so is the first by its name.
    const run = offersOf(allocator, 0);
    expect(run).toContain('f f a1 cpus(f):3');
    expect(run).toHaveLength(2);
  });

  test('a guarantee counts what sub-roles hold', () => {
    const allocator = allocatorOf(['cpus:10'], { f: ['r/x'], g: ['other'] });
    const used = resources('cpus:4').allocatedTo('r/x');
    allocator.addAgent('b', agentTerms(), resources('cpus:4'), new Map([['f', used]]));
    allocator.setQuota('r', quota({ cpus: 4 }));
    expect(offersOf(allocator, 0)).toEqual(['g other a1 cpus:10']);
  });

  test('revocable resources are neither limited nor headroom', () => {
    const revocable = Resources.of([{ name: 'cpus', type: 'SCALAR', scalar: { value: 9 }, revocable: {} }]);
    const capabilities = new Set(['MULTI_ROLE', 'REVOCABLE_RESOURCES'] as const);
    const allocator = allocatorOf([], {});
    allocator.addAgent('a', agentTerms(), resources('cpus:5').plus(revocable), NOTHING_USED);
    allocator.addFramework('f', frameworkTerms(['f'], { capabilities }), ACTIVE);
    allocator.setQuota('f', quota({}, { cpus: 1 }));
    allocator.setQuota('nobody', quota({ cpus: 5 }));
    expect(offersOf(allocator, 0)).toEqual(['f f a cpus{REV}:9']);
  });

  test('quota of a nested role is a fault of the caller', () => {
    const allocator = allocatorOf([], {});
    expect(() => allocator.setQuota('a/b', quota({ cpus: 1 }))).toThrow(/top-level/);
  });

  test('which of several resources is cut is drawn; a disk of its own is offered whole or not at all', () => {
    const root = (path: string, value: number) =>
      ({
        name: 'disk',
        type: 'SCALAR',
        scalar: { value },
        disk: { source: { type: 'PATH', path: { root: path } } },
      }) as const;
    const two = Resources.of([root('/a', 5), root('/b', 5)]);
    const cuts = new Set<string>();
    const random = stream('seed', 'cut');
    for (let i = 0; i < 40; i++) {
      const cut = shrink(two, quantities({ disk: 7 }), random);
      expect(cut.quantities().get('disk')).toBe(7000);
      cuts.add(JSON.stringify(cut.toWire()));
    }
    expect(cuts.size).toBe(2);
    const mount = Resources.of([
      {
        name: 'disk',
        type: 'SCALAR',
        scalar: { value: 5 },
        disk: { source: { type: 'MOUNT', mount: { root: '/m' } } },
      },
    ]);
    expect(shrink(mount, quantities({ disk: 4 }), random).isEmpty).toBe(true);
    expect(shrink(mount, quantities({ disk: 5 }), random)).toBe(mount);
  });
});

describe('filters (2.8)', () => {
  test('what was declined stays away until the time is over, at least for the next batch', () => {
    const allocator = allocatorOf(['cpus:1'], { f: ['r'] });
    decline(allocator, offersOf(allocator, 0), 0.5 * US, 0.1 * US);
    expect(allocator.filterCount('r')).toBe(1);
    expect(offersOf(allocator, US)).toEqual([]);
    expect(offersOf(allocator, 2 * US)).toHaveLength(1);
    expect(allocator.filterCount('r')).toBe(0);
  });

  test('a batch run at the very end of a filter, or late, still finds it', () => {
    const allocator = allocatorOf(['cpus:1'], { f: ['r'] });
    decline(allocator, offersOf(allocator, 0), 0, US);
    expect(offersOf(allocator, 1.5 * US)).toEqual([]);
    expect(offersOf(allocator, 2.5 * US)).toHaveLength(1);
  });

  test('0 seconds: no filter', () => {
    const allocator = allocatorOf(['cpus:1'], { f: ['r'] });
    decline(allocator, offersOf(allocator, 0), 0, 0);
    expect(offersOf(allocator, US)).toHaveLength(1);
  });

  test('more than was declined, or something else, is offered', () => {
    const allocator = allocatorOf(['cpus:4;mem:100'], { f: ['r'] });
    allocator.run(0);
    const parts = [resources('cpus:1;mem:100'), resources('cpus:3')].map((part) => part.allocatedTo('r'));
    allocator.recover('f', 'a1', parts[0], 100 * US, 0, false);
    expect(offersOf(allocator, US)).toEqual([]);
    allocator.recover('f', 'a1', parts[1], 100 * US, US, false);
    expect(offersOf(allocator, 2 * US)).toEqual(['f r a1 cpus:4;mem:100']);
  });

  test('filters are of one framework in one role', () => {
    const allocator = allocatorOf(['cpus:1'], { f: ['r', 's'], g: ['s'] });
    decline(allocator, offersOf(allocator, 0), 0, 100 * US);
    const second = offersOf(allocator, US);
    decline(allocator, second, US, 100 * US);
    const third = offersOf(allocator, 2 * US);
    decline(allocator, third, 2 * US, 100 * US);
    expect([...second, ...third]).toHaveLength(2);
    expect(offersOf(allocator, 3 * US)).toEqual([]);
    expect(allocator.filterCount('r') + allocator.filterCount('s')).toBe(3);
  });

  test.each([
    ['revive', (allocator: HierarchicalAllocator) => allocator.revive('f', ['r'])],
    [
      'deactivation',
      (allocator: HierarchicalAllocator) => {
        allocator.deactivateFramework('f');
        allocator.activateFramework('f');
      },
    ],
    [
      'other attributes',
      (allocator: HierarchicalAllocator) => {
        const attributes = [{ name: 'rack', type: 'TEXT', text: { value: 'r' } } as const];
        allocator.updateAgent('a1', agentTerms({ hostname: 'h1', attributes }), resources('cpus:1'));
      },
    ],
  ])('%s voids filters', (_, happen) => {
    const allocator = allocatorOf(['cpus:1'], { f: ['r'] });
    decline(allocator, offersOf(allocator, 0), 0, 100 * US);
    happen(allocator);
    expect(allocator.filterCount('r')).toBe(0);
    expect(offersOf(allocator, 1)).toEqual(['f r a1 cpus:1']);
  });

  test('thousands of void filters are swept, and those in force stay', () => {
    const count = 1500;
    const allocator = allocatorOf(
      Array.from({ length: count }, () => 'cpus:1'),
      { f: ['r'] },
    );
    for (let round = 0; round < 3; round++) {
      const run = offersOf(allocator, 0);
      expect(run).toHaveLength(count);
      decline(allocator, run, 0, 10 * US);
      expect(allocator.filterCount('r')).toBe(count);
      if (round < 2) allocator.revive('f', []);
    }
    expect(allocator.filterCount('r')).toBe(count);
    expect(offersOf(allocator, 9 * US)).toEqual([]);
    allocator.removeAgent('a1');
    expect(allocator.filterCount('r')).toBe(count - 1);
    expect(offersOf(allocator, 10 * US)).toEqual([]);
    expect(offersOf(allocator, 11 * US)).toHaveLength(count - 1);
    expect(allocator.filterCount('r')).toBe(0);
  });

  test('suppressed roles get nothing until they are revived; offers that are out stay', () => {
    const allocator = allocatorOf(['cpus:1', 'cpus:2'], { f: ['r', 's'] });
    allocator.suppress('f', ['r']);
    const run = offersOf(allocator, 0);
    expect(run).toEqual(['f s a1 cpus:1', 'f s a2 cpus:2']);
    allocator.suppress('f', []);
    decline(allocator, run, 0, null);
    expect(offersOf(allocator, US)).toEqual([]);
    allocator.revive('f', ['r']);
    expect(offersOf(allocator, US)).toEqual(['f r a1 cpus:1', 'f r a2 cpus:2']);
  });
});

describe('who comes and goes (2.4, 12.5)', () => {
  test('a role that a framework left gets no offers, and counts as long as it holds something', () => {
    const allocator = allocatorOf(['cpus:2', 'cpus:2'], { f: ['r'] });
    allocator.run(0);
    const held = resources('cpus:2').allocatedTo('r');
    allocator.recover('f', 'a2', held, null, 0, false);
    allocator.updateFramework('f', frameworkTerms(['s']), new Set());
    expect(offersOf(allocator, US)).toEqual(['f s a2 cpus:2']);
    expect(allocator.dominantShare('r')).toBe(0.5);
    expect([...allocator.role('r')!.frameworks]).toEqual(['f']);
    allocator.recover('f', 'a1', held, null, US, false);
    expect(allocator.role('r')).toBeNull();
  });

  test('what a removed framework held is free', () => {
    const allocator = allocatorOf(['cpus:2'], { f: ['r'] });
    allocator.run(0);
    allocator.allocate('f', 'a1', resources('cpus:1').allocatedTo('r'));
    allocator.removeFramework('f');
    expect(String(allocator.agents().get('a1')!.available)).toBe('cpus:2');
    expect(allocator.agents().get('a1')!.allocated.size).toBe(0);
    expect(allocator.role('r')).toBeNull();
    allocator.recover('f', 'a1', resources('cpus:1').allocatedTo('r'), null, 0, true);
    expect(String(allocator.agents().get('a1')!.available)).toBe('cpus:2');
  });

  test('launched resources are told from offered ones', () => {
    const allocator = allocatorOf(['cpus:3'], { f: ['r'] });
    allocator.run(0);
    const task = resources('cpus:1').allocatedTo('r');
    allocator.allocate('f', 'a1', task);
    expect(String(allocator.role('r')!.allocated)).toBe('cpus:1');
    expect(String(allocator.role('r')!.held)).toBe('cpus:3');
    allocator.recover('f', 'a1', task, null, 0, true);
    expect(String(allocator.role('r')!.allocated)).toBe('');
    expect(String(allocator.role('r')!.held)).toBe('cpus:2');
  });

  test('a framework that comes after its agents finds what its tasks use', () => {
    const allocator = allocatorOf([], {});
    const used = resources('cpus:3').allocatedTo('r');
    allocator.addAgent('a', agentTerms(), resources('cpus:4'), new Map([['f', used]]));
    expect(String(allocator.agents().get('a')!.available)).toBe('cpus:1');
    allocator.addFramework('f', frameworkTerms(['r']), { ...ACTIVE, used: new Map([['a', used]]) });
    expect(allocator.dominantShare('r')).toBe(0.75);
    expect(offersOf(allocator, 0)).toEqual(['f r a cpus:1']);
  });

  test('more may be held than there is: nothing is left until enough came back', () => {
    const allocator = allocatorOf(['cpus:4;mem:100'], { f: ['r'] });
    allocator.run(0);
    allocator.updateAgent('a1', agentTerms({ hostname: 'h1' }), resources('cpus:2;mem:200'));
    expect(String(allocator.agents().get('a1')!.available)).toBe('mem:100');
    allocator.recover('f', 'a1', resources('cpus:1').allocatedTo('r'), null, 0, false);
    expect(String(allocator.agents().get('a1')!.available)).toBe('mem:100');
    allocator.recover('f', 'a1', resources('cpus:2').allocatedTo('r'), null, 0, false);
    expect(String(allocator.agents().get('a1')!.available)).toBe('cpus:1;mem:100');
  });

  test('reserving what is offered changes the agent’s total and leaves shares as they are', () => {
    const allocator = allocatorOf(['cpus:4'], { f: ['r'] });
    const [{ resources: offered }] = allocator.run(0).offers;
    const consumed = resources('cpus:1').allocatedTo('r');
    const reservation = { type: 'DYNAMIC', role: 'r', principal: null, labels: null } as const;
    allocator.updateAllocation('f', 'a1', offered, [
      { consumed, converted: consumed.pushReservation(reservation) },
    ]);
    expect(String(allocator.agents().get('a1')!.total)).toBe('cpus:3;cpus(r):1');
    expect(String(allocator.role('r')!.reserved)).toBe('cpus:1');
    expect(String(allocator.role('r')!.held)).toBe('cpus:3');
    expect(allocator.dominantShare('r')).toBe(1);
  });

  test('what an operation does away with is gone from the agent, its role and its framework', () => {
    const allocator = allocatorOf(['cpus:4', 'cpus:4'], { f: ['r'], g: ['s'] });
    const { offers } = allocator.run(0);
    const { resources: offered, agentId } = offers.find(({ frameworkId }) => frameworkId === 'f')!;
    const consumed = resources('cpus:2').allocatedTo('r');
    allocator.updateAllocation('f', agentId, offered, [{ consumed, converted: Resources.empty }]);
    expect(String(allocator.agents().get(agentId)!.held.get('f'))).toBe('cpus:2');
    expect(allocator.dominantShare('r')).toBe(2 / 6);
    expect(allocator.dominantShare('r', 'f')).toBe(2 / 6);
    expect(allocator.dominantShare('s')).toBe(4 / 6);
  });

  test('an operator reserves only what nobody holds', () => {
    const allocator = allocatorOf(['cpus:4', 'cpus:4'], { f: ['r'] });
    allocator.deactivateAgent('a1');
    allocator.run(0);
    const consumed = resources('cpus:1');
    const reservation = { type: 'DYNAMIC', role: 'r', principal: null, labels: null } as const;
    const conversions = [{ consumed, converted: consumed.pushReservation(reservation) }];
    expect(allocator.updateAvailable('a1', conversions)).toBe(true);
    expect(allocator.updateAvailable('a2', conversions)).toBe(false);
    expect(String(allocator.agents().get('a1')!.available)).toBe('cpus:3;cpus(r):1');
  });
});

describe('inverse offers (2.9)', () => {
  const unavailability = { start: { nanoseconds: 5 }, duration: { nanoseconds: 7 } };
  const inverse = (allocator: HierarchicalAllocator, nowUs: number) =>
    allocator.run(nowUs).inverseOffers.map(({ frameworkId, agentId }) => `${frameworkId} ${agentId}`);

  test('all that hold something on an agent with maintenance are asked, once at a time', () => {
    const allocator = allocatorOf(['cpus:1', 'cpus:1'], { f: ['r'], g: ['s'] });
    allocator.run(0);
    allocator.updateUnavailability('a1', unavailability);
    expect(allocator.nextRunUs).toBeLessThanOrEqual(0);
    const [holder] = allocator.agents().get('a1')!.held.keys();
    expect(inverse(allocator, 1)).toEqual([`${holder} a1`]);
    expect(inverse(allocator, US)).toEqual([]);
    allocator.answerInverseOffer(holder, 'a1', 'ACCEPT', 1.5 * US, US);
    expect(allocator.agents().get('a1')!.maintenance!.answers.get(holder)).toEqual({
      status: 'ACCEPT',
      answeredUs: US,
    });
    expect(inverse(allocator, 2 * US)).toEqual([]);
    expect(inverse(allocator, 3 * US)).toEqual([`${holder} a1`]);
    allocator.answerInverseOffer(holder, 'a1', null, null, 3 * US);
    allocator.deactivateFramework(holder);
    expect(inverse(allocator, 4 * US)).toEqual([]);
  });

  test('a new schedule asks anew', () => {
    const allocator = allocatorOf(['cpus:1'], { f: ['r'] });
    allocator.updateUnavailability('a1', unavailability);
    allocator.run(0);
    allocator.answerInverseOffer('f', 'a1', 'DECLINE', 1000 * US, 0);
    expect(inverse(allocator, US)).toEqual([]);
    allocator.updateUnavailability('a1', unavailability);
    expect(inverse(allocator, US)).toEqual(['f a1']);
  });
});

test('the order of agents is drawn (12.6)', () => {
  const firstOf = (seed: string) => {
    const agents = Array.from({ length: 6 }, () => 'cpus:1');
    const allocator = allocatorOf(agents, { f: ['r'] }, { random: stream(seed, 'allocator') });
    return allocator.run(0).offers.map(({ agentId }) => agentId);
  };
  expect(firstOf('1')).toEqual(firstOf('1'));
  expect(new Set(Array.from({ length: 20 }, (_, i) => firstOf(String(i))[0])).size).toBeGreaterThan(3);
});
