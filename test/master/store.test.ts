import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StoreAnswer, StoreOperation } from '../../src/master/election-io.ts';
import { Store } from '../../src/master/store.ts';

const put = (key: string, value: unknown, lease: string | null = null): StoreOperation => ({
  kind: 'put',
  key,
  value,
  lease,
});

function transact(
  store: Store,
  compare: [key: string, target: 'create' | 'mod', revision: number][],
  success: StoreOperation[],
  failure: StoreOperation[] = [],
): Extract<StoreAnswer, { kind: 'transaction' }> {
  const compares = compare.map(([key, target, revision]) => ({ key, target, revision }));
  const answer = store.serve({ kind: 'transaction', compare: compares, success, failure }, 0);
  if (answer.kind !== 'transaction') throw new Error(answer.kind);
  return answer;
}

describe('transactions', () => {
  test('compare revisions of making and of changing; a key that is not there has revision 0', () => {
    const store = new Store();
    expect(transact(store, [['a', 'create', 0]], [put('a', 1)])).toMatchObject({
      hasSucceeded: true,
      revision: 2,
    });
    expect(transact(store, [['a', 'create', 0]], [put('a', 2)], [{ kind: 'get', key: 'a' }])).toMatchObject({
      hasSucceeded: false,
      revision: 2,
      entries: [{ key: 'a', value: 1, createRevision: 2, modRevision: 2 }],
    });
    transact(store, [['a', 'mod', 2]], [put('a', 3), put('b', 4)]);
    expect(
      transact(
        store,
        [
          ['a', 'create', 2],
          ['a', 'mod', 3],
        ],
        [{ kind: 'get-prefix', prefix: '' }],
      ).entries,
    ).toMatchObject([
      { key: 'a', value: 3, createRevision: 2, modRevision: 3 },
      { key: 'b', value: 4, createRevision: 3, modRevision: 3 },
    ]);
    transact(store, [], [{ kind: 'delete', key: 'a' }]);
    expect(transact(store, [['a', 'create', 0]], [put('a', 5)])).toMatchObject({
      hasSucceeded: true,
      revision: 5,
    });
    expect(store.get('a')).toMatchObject({ createRevision: 5 });
  });

  test('revisions of keys are those of a history in one order', () => {
    const operation = fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      value: fc.option(fc.nat(9)),
      guard: fc.option(fc.constantFrom('a', 'b', 'c')),
      isStale: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const store = new Store();
        const model = new Map<string, { value: number; create: number; mod: number }>();
        let revision = 1;
        for (const { key, value, guard, isStale } of operations) {
          const mod = guard === null ? 0 : (model.get(guard)?.mod ?? 0);
          const answer = transact(store, guard === null ? [] : [[guard, 'mod', isStale ? mod + 100 : mod]], [
            value === null ? { kind: 'delete', key } : put(key, value),
          ]);
          const mayAct = guard === null || !isStale;
          expect(answer.hasSucceeded).toBe(mayAct);
          if (mayAct && (value !== null || model.has(key))) revision++;
          if (mayAct && value === null) model.delete(key);
          else if (mayAct && value !== null)
            model.set(key, { value, create: model.get(key)?.create ?? revision, mod: revision });
          expect(answer.revision).toBe(revision);
        }
        for (const key of ['a', 'b', 'c']) {
          const entry = store.get(key);
          expect(
            entry && { value: entry.value, create: entry.createRevision, mod: entry.modRevision },
          ).toEqual(model.get(key) ?? null);
        }
      }),
    );
  });
});

describe('leases', () => {
  test('a lease that is kept alive holds its keys; one that runs out takes them along', () => {
    const store = new Store();
    const lease = (store.serve({ kind: 'grant-lease', ttlUs: 100 }, 0) as { lease: string }).lease;
    transact(store, [], [put('held', 1, lease), put('free', 2)]);
    expect(store.nextExpiryUs).toBe(100);
    expect(store.serve({ kind: 'keep-alive', lease }, 90)).toMatchObject({ ttlUs: 100 });
    store.expire(189);
    expect(store.get('held')).not.toBeNull();
    store.takeChanges();
    store.expire(190);
    expect(store.get('held')).toBeNull();
    expect(store.get('free')).not.toBeNull();
    expect(store.takeChanges()).toEqual([{ key: 'held', entry: null }]);
    expect(store.serve({ kind: 'keep-alive', lease }, 191)).toMatchObject({ ttlUs: 0 });
    const late = { kind: 'transaction', compare: [], success: [put('late', 1, lease)], failure: [] } as const;
    expect(store.serve(late, 192)).toEqual({ kind: 'failed' });
    expect(store.get('late')).toBeNull();
  });

  test('a key that is put again without the lease stays when the lease goes', () => {
    const store = new Store();
    const lease = (store.serve({ kind: 'grant-lease', ttlUs: 100 }, 0) as { lease: string }).lease;
    transact(store, [], [put('key', 1, lease)]);
    transact(store, [], [put('key', 2)]);
    store.serve({ kind: 'revoke-lease', lease }, 1);
    expect(store.get('key')).toMatchObject({ value: 2 });
  });
});
