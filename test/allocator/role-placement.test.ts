import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Policy } from '../../src/policies/policy.ts';
import { parsePolicy } from '../../src/policies/registry.ts';
import { play } from '../sim/play.ts';
import { randomCase } from '../sim/random-case.ts';

/** The same decisions, but by way of computing every role's key anew in each cycle, as orders with `prepare` need it. */
function recomputing(policy: Policy): Policy {
  if (policy.order.kind !== 'roles') throw new Error(`${policy.name} does not order roles`);
  return { ...policy, order: { ...policy.order, prepare() {} } };
}

const amounts = fc.record({ cpus: fc.constantFrom(0.5, 2, 6), mem: fc.constantFrom(1, 4) });
const ofRoles = fc
  .record({ x: amounts, w: amounts, y: amounts }, { requiredKeys: [] })
  .map((stated) => new Map(Object.entries(stated)));

for (const name of ['drf', 'wdrf', 'maxmin', 'asset', 'drf:fit=random', 'wdrf:fit=best,gang=none']) {
  it(`${name} serves roles as it would with all keys computed in every cycle`, () => {
    const policy = parsePolicy(name);
    fc.assert(
      fc.property(
        randomCase(),
        fc.boolean(),
        ofRoles,
        ofRoles,
        ({ workload, cluster }, fails, limits, guarantees) => {
          const failures = fails ? { meanTimeToFailureUs: 30e6, meanTimeToRepairUs: 5e6 } : null;
          const options = { limits, guarantees, failures, isChecked: true };
          expect(play(workload, cluster, policy, options).summary()).toEqual(
            play(workload, cluster, recomputing(policy), { ...options, isChecked: false }).summary(),
          );
        },
      ),
      { numRuns: 150 },
    );
  });
}
