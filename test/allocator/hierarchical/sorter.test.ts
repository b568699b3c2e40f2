/** The order of clients (reference §12.2). */
import { describe, expect, test } from 'vitest';
import { ShareColumns } from '../../../src/allocator/hierarchical/share-columns.ts';
import { Sorter } from '../../../src/allocator/hierarchical/sorter.ts';
import { sorterOrderOf } from '../../../src/allocator/hierarchical/sorter-order.ts';
import { InputError } from '../../../src/cluster/errors.ts';
import { CANONICAL_RESOURCES } from '../../../src/cluster/resources.ts';
import { stream } from '../../../src/cluster/streams.ts';
import type { Policy } from '../../../src/policies/policy.ts';
import { parsePolicy, policies } from '../../../src/policies/registry.ts';
import { Resources } from '../../../src/resources/resources.ts';
import { quantities, resources } from './builders.ts';

const TOTAL = quantities({ cpus: 100, mem: 1000 });

function sorterOf(
  clients: readonly string[],
  policy: string | Policy = 'drf',
  excluded: readonly string[] = [],
  ties: 'count' | 'turns' = 'count',
): Sorter<string> {
  const columns = new ShareColumns(CANONICAL_RESOURCES, excluded);
  columns.addTotal(TOTAL, 1);
  const chosen = typeof policy === 'string' ? parsePolicy(policy) : policy;
  const sorter = new Sorter<string>({
    columns,
    order: sorterOrderOf(chosen),
    policy: chosen.name,
    random: stream('seed', 'sorter'),
    isTree: true,
    ties,
  });
  for (const client of clients) {
    sorter.add(client, client);
    sorter.activate(client);
  }
  return sorter;
}

const order = (sorter: Sorter<string>) => sorter.sorted().map(({ client }) => client);
const give = (sorter: Sorter<string>, client: string, text: string) =>
  sorter.allocated(client, 'agent', resources(text));

describe('DRF', () => {
  test('the lowest dominant share is first', () => {
    const sorter = sorterOf(['a', 'b', 'c']);
    give(sorter, 'a', 'cpus:30;mem:10');
    give(sorter, 'b', 'cpus:5;mem:200');
    give(sorter, 'c', 'cpus:10;mem:250');
    expect(order(sorter)).toEqual(['b', 'c', 'a']);
  });

  test('shares are divided by weights, also under the policy drf', () => {
    const sorter = sorterOf(['a', 'b']);
    sorter.setWeight('a', 4);
    give(sorter, 'a', 'cpus:30');
    give(sorter, 'b', 'cpus:10');
    expect(order(sorter)).toEqual(['a', 'b']);
  });

  test('a weight may come before its role', () => {
    const sorter = sorterOf([]);
    sorter.setWeight('a', 4);
    for (const client of ['a', 'b']) {
      sorter.add(client, client);
      sorter.activate(client);
      give(sorter, client, client === 'a' ? 'cpus:30' : 'cpus:10');
    }
    expect(order(sorter)).toEqual(['a', 'b']);
  });

  test('equal shares: who was allocated less often is first, then the name', () => {
    const sorter = sorterOf(['c', 'b', 'a']);
    expect(order(sorter)).toEqual(['a', 'b', 'c']);
    give(sorter, 'a', 'cpus:10');
    give(sorter, 'b', 'cpus:5');
    give(sorter, 'b', 'cpus:5');
    sorter.unallocated('a', 'agent', resources('cpus:10'));
    sorter.unallocated('b', 'agent', resources('cpus:10'));
    expect(order(sorter)).toEqual(['c', 'a', 'b']);
  });

  test('ties by turns: whose last turn is longest ago is first, whatever was before', () => {
    const sorter = sorterOf(['b', 'a'], 'drf', [], 'turns');
    for (let i = 0; i < 9; i++) {
      const [first] = order(sorter);
      give(sorter, first!, 'cpus:1');
      sorter.unallocated(first!, 'agent', resources('cpus:1'));
      expect(first).toBe(i % 2 === 0 ? 'a' : 'b');
    }
    sorter.add('c', 'c');
    sorter.activate('c');
    expect(order(sorter)).toEqual(['c', 'b', 'a']);
    give(sorter, 'c', 'cpus:1');
    sorter.unallocated('c', 'agent', resources('cpus:1'));
    expect(order(sorter)).toEqual(['b', 'a', 'c']);
  });

  test('excluded resources, ranges and sets do not count', () => {
    const sorter = sorterOf(['a', 'b'], 'drf', ['mem']);
    give(sorter, 'a', 'mem:900;ports:[1-1000];things:{x,y}');
    give(sorter, 'b', 'cpus:1');
    expect(order(sorter)).toEqual(['a', 'b']);
  });

  test('a shared resource counts once on an agent, however many copies are held', () => {
    const sorter = sorterOf(['a', 'b']);
    const volume = Resources.of([
      {
        name: 'mem',
        type: 'SCALAR',
        scalar: { value: 100 },
        reservations: [{ type: 'DYNAMIC', role: 'a' }],
        disk: { persistence: { id: 'v' } },
        shared: {},
      },
    ]);
    sorter.allocated('a', 'agent', volume);
    sorter.allocated('a', 'agent', volume);
    expect(sorter.usageOf('a')![CANONICAL_RESOURCES.indexOf('mem')]).toBe(100_000);
    sorter.allocated('a', 'other agent', volume);
    expect(sorter.usageOf('a')![CANONICAL_RESOURCES.indexOf('mem')]).toBe(200_000);
    sorter.unallocated('a', 'agent', volume);
    expect(sorter.usageOf('a')![CANONICAL_RESOURCES.indexOf('mem')]).toBe(200_000);
    sorter.unallocated('a', 'agent', volume);
    expect(sorter.usageOf('a')![CANONICAL_RESOURCES.indexOf('mem')]).toBe(100_000);
  });

  test('more capacity changes the order', () => {
    const columns = new ShareColumns(CANONICAL_RESOURCES, []);
    columns.addTotal(TOTAL, 1);
    const sorter = new Sorter<string>({
      columns,
      order: sorterOrderOf(parsePolicy('drf')),
      policy: 'drf',
      random: stream('seed', 'sorter'),
      isTree: true,
      ties: 'count',
    });
    for (const client of ['a', 'b']) {
      sorter.add(client, client);
      sorter.activate(client);
    }
    give(sorter, 'a', 'cpus:20');
    give(sorter, 'b', 'mem:300');
    expect(order(sorter)).toEqual(['a', 'b']);
    columns.addTotal(quantities({ mem: 9000, licences: 3 }), 1);
    give(sorter, 'a', 'licences:1');
    expect(order(sorter)).toEqual(['b', 'a']);
  });
});

describe('tree', () => {
  test('a role counts with all below it, and its sub-roles follow it', () => {
    const sorter = sorterOf(['a/x', 'a/y', 'b']);
    give(sorter, 'a/x', 'cpus:10');
    give(sorter, 'a/y', 'cpus:5');
    give(sorter, 'b', 'cpus:12');
    expect(order(sorter)).toEqual(['b', 'a/y', 'a/x']);
  });

  test('a role with sub-roles competes with them, and its own weight does not count there', () => {
    const sorter = sorterOf(['a', 'a/x']);
    sorter.setWeight('a', 100);
    give(sorter, 'a', 'cpus:10');
    give(sorter, 'a/x', 'cpus:5');
    expect(order(sorter)).toEqual(['a/x', 'a']);
    give(sorter, 'a/x', 'cpus:10');
    expect(order(sorter)).toEqual(['a', 'a/x']);
  });

  test('a role keeps what it holds when it gets sub-roles and when it loses them', () => {
    const sorter = sorterOf(['a', 'b']);
    give(sorter, 'a', 'cpus:20');
    give(sorter, 'b', 'cpus:10');
    sorter.add('a/x', 'a/x');
    sorter.activate('a/x');
    expect(order(sorter)).toEqual(['b', 'a/x', 'a']);
    sorter.remove('a/x');
    expect(order(sorter)).toEqual(['b', 'a']);
    sorter.remove('b');
    expect(order(sorter)).toEqual(['a']);
  });

  test('inactive clients are not listed, but count for those above them', () => {
    const sorter = sorterOf(['a/x', 'a/y', 'b']);
    give(sorter, 'a/x', 'cpus:20');
    give(sorter, 'b', 'cpus:10');
    sorter.deactivate('a/x');
    expect(order(sorter)).toEqual(['b', 'a/y']);
    sorter.activate('a/x');
    expect(order(sorter)).toEqual(['b', 'a/y', 'a/x']);
  });
});

describe('policies', () => {
  test('random: chances follow weights', () => {
    const sorter = sorterOf(['a', 'b/x', 'b/y'], 'random');
    sorter.setWeight('a', 3);
    const firsts = new Map<string, number>();
    for (let i = 0; i < 4000; i++) {
      const [first] = order(sorter);
      firsts.set(first!, (firsts.get(first!) ?? 0) + 1);
    }
    // 3/4 for a, 1/8 for each below b; five standard deviations.
    expect(Math.abs(firsts.get('a')! - 3000)).toBeLessThan(140);
    expect(Math.abs(firsts.get('b/x')! - 500)).toBeLessThan(105);
    expect(Math.abs(firsts.get('b/y')! - 500)).toBeLessThan(105);
  });

  test('fifo: who subscribed first is first', () => {
    const sorter = sorterOf(['z', 'm', 'a'], 'fifo');
    give(sorter, 'z', 'cpus:50');
    expect(order(sorter)).toEqual(['z', 'm', 'a']);
  });

  test('maxmin: the resource alone counts', () => {
    const sorter = sorterOf(['a', 'b'], 'maxmin:resource=mem');
    give(sorter, 'a', 'cpus:90;mem:10');
    give(sorter, 'b', 'cpus:1;mem:20');
    expect(order(sorter)).toEqual(['a', 'b']);
  });

  test('capacity: who uses the least of its guarantee is first', () => {
    const sorter = sorterOf(['a', 'b'], 'capacity');
    sorter.setGuarantee('a', quantities({ cpus: 80 }));
    sorter.setGuarantee('b', quantities({ cpus: 10 }));
    give(sorter, 'a', 'cpus:20');
    give(sorter, 'b', 'cpus:5');
    expect(order(sorter)).toEqual(['a', 'b']);
  });

  test('those that need what a master does not know are refused, all others work', () => {
    const refused = policies.filter((policy) => {
      try {
        sorterOrderOf(policy);
        return false;
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        expect((error as InputError).code).toBe('OPTION_CONFLICT');
        return true;
      }
    });
    expect(refused.map(({ name }) => name).sort()).toEqual(
      ['ceei', 'conservative', 'easy', 'hdrf', 'priority', 'proportional', 'sjf', 'tetris'].sort(),
    );
  });

  test('an order of one’s own is refused as soon as it looks at queues', () => {
    const own = (key: (role: { headDemand: Float64Array; usage: Float64Array }) => number): Policy => ({
      name: 'own',
      title: '',
      source: '',
      order: { kind: 'roles', key },
    });
    expect(() => sorterOrderOf(own(({ headDemand }) => headDemand[0]))).toThrow(/demand at the head/);
    const sorter = sorterOf(
      ['a', 'b'],
      own((role) => (role.usage[0] > 50_000 ? role.headDemand[0] : -role.usage[0])),
    );
    give(sorter, 'b', 'cpus:1');
    expect(order(sorter)).toEqual(['b', 'a']);
    give(sorter, 'b', 'cpus:90');
    expect(() => order(sorter)).toThrow(/demand at the head/);
  });

  test('a key that is no number is an error', () => {
    const sorter = sorterOf(['a'], {
      name: 'own',
      title: '',
      source: '',
      order: { kind: 'roles', key: ({ usage }) => 0 / usage[0] },
    });
    expect(() => order(sorter)).toThrow(/no key \(NaN\) for a/);
  });
});
