import fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import type { Board } from '../../src/allocator/board.ts';
import { FrameworkOrder } from '../../src/allocator/framework-order.ts';
import type { OfferFilters } from '../../src/allocator/offer-filters.ts';
import { parsePolicy } from '../../src/policies/registry.ts';
import { play } from '../sim/play.ts';
import { randomCase } from '../sim/random-case.ts';

/** What the order works on, to be looked at from outside. */
interface Inside {
  readonly board: Board;
  readonly filters: OfferFilters;
  readonly active: readonly number[];
}

afterEach(() => vi.restoreAllMocks());

const amounts = fc.record({ cpus: fc.constantFrom(0.5, 2, 6), mem: fc.constantFrom(1, 4) });
const ofRoles = fc
  .record({ x: amounts, w: amounts, y: amounts }, { requiredKeys: [] })
  .map((stated) => new Map(Object.entries(stated)));
const model = fc.record({
  kind: fc.constant('offers' as const),
  intervalUs: fc.constantFrom(1e6, 3e6),
  decisionUs: fc.constantFrom(0, 2e5, 4e6),
  holdUs: fc.constantFrom(Number.POSITIVE_INFINITY, 1e6, 3e6),
  refuseUs: fc.constantFrom(0, 5e6, 2e7),
});

it('offers each agent to the first of all frameworks that take it, found by looking at every one', () => {
  const policy = parsePolicy('wdrf');
  const { order } = policy;
  if (order.kind !== 'roles') throw new Error('wdrf orders roles');
  let calls = 0;
  const { firstFor } = FrameworkOrder.prototype;
  vi.spyOn(FrameworkOrder.prototype, 'firstFor').mockImplementation(function (
    this: FrameworkOrder,
    agent: number,
  ) {
    const { board, filters, active } = this as unknown as Inside;
    const { roles } = board;
    const taking = active.filter(
      (role) =>
        !filters.isRefused(role, agent, board.nowUs) &&
        roles.isWithinLimits(role, board.viewOfHead(role).headDemand, 0),
    );
    const rank = (role: number): [number, number, number] => [
      roles.isBelowGuarantee(role) ? 0 : 1,
      order.key(board.viewOfHead(role), () => 0),
      role,
    ];
    const [first = -1] = taking.sort((a, b) => {
      const [left, right] = [rank(a), rank(b)];
      return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
    });
    calls++;
    const found = firstFor.call(this, agent);
    expect(found).toBe(first);
    return found;
  });
  fc.assert(
    fc.property(
      randomCase(),
      ofRoles,
      ofRoles,
      model,
      ({ workload, cluster }, limits, guarantees, offers) => {
        play(workload, cluster, policy, { limits, guarantees, model: offers });
      },
    ),
    { numRuns: 200 },
  );
  expect(calls).toBeGreaterThan(1000);
});
