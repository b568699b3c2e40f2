/** What a policy means to a master, which knows roles and frameworks but no queues: how sorters order their clients. */
import { InputError } from '../../cluster/errors.ts';
import { CANONICAL_RESOURCES } from '../../cluster/resources.ts';
import { nativeKeyOf } from '../../policies/native-key.ts';
import type { Policy, RoleOrder, RoleView } from '../../policies/policy.ts';
import { random } from '../../policies/random.ts';
import { weightedDominantShare } from '../../policies/weighted-drf.ts';
import { type Fairness, MESOS_FAIRNESS } from './terms.ts';

export type SorterOrder =
  /** Lowest key first; ties as Mesos's DRF sorter has them. `resource`: a column that the key cannot do without. */
  | { readonly kind: 'key'; readonly key: RoleOrder['key']; readonly resource: string | null }
  /** Whoever came first to the sorter. */
  | { readonly kind: 'arrival' }
  /** Drawn anew for every look at an agent, with chances by weight (Mesos's random sorter). */
  | { readonly kind: 'random' };

const WORKING =
  'drf, wdrf, naive-hdrf, maxmin, asset, capacity, fifo, random and orders of your own of kind "roles"';

/**
 * `drf` and `wdrf` are both Mesos's DRF sorter, which knows weights. The policy's fit and gangs are the frameworks'
 * business, who choose among offers, and are not looked at.
 * @throws InputError OPTION_CONFLICT if the policy orders by what a master does not know
 */
export function sorterOrderOf(policy: Policy): SorterOrder {
  const { order } = policy;
  if ((policy.backfill ?? 'none') !== 'none')
    throw unfit(policy, `backfilling (${policy.backfill}) lets jobs pass each other`);
  if ((policy.preemption ?? 'none') !== 'none')
    throw unfit(policy, `preemption (${policy.preemption}) evicts tasks for jobs`);
  if (order.kind === 'tasks') throw unfit(policy, 'it orders waiting tasks');
  if (order.kind === 'jobs') {
    if (order.key) throw unfit(policy, 'it orders waiting jobs by their properties');
    return { kind: 'arrival' };
  }
  if (order === random.order) return { kind: 'random' };
  if (order.prepare) throw unfit(policy, 'it prepares its order from the demands of backlogged roles');
  if (order.tree === 'hdrf') throw unfit(policy, 'dynamic H-DRF needs to know which roles are blocked');
  const native = nativeKeyOf(order.key);
  switch (native?.kind) {
    case 'dominant':
    case 'weightedDominant':
      return { kind: 'key', key: weightedDominantShare, resource: null };
    case 'slots':
      throw headDemandUnknown(policy.name);
    case 'resource':
      return { kind: 'key', key: order.key, resource: native.resource };
    default:
      probe(policy, order);
      return { kind: 'key', key: order.key, resource: null };
  }
}

/** @throws InputError OPTION_CONFLICT where a fairness other than Mesos's would have no effect, or break the order */
export function refuseUnfitFairness(policy: Policy, order: SorterOrder, fairness: Fairness): void {
  const isOfMesos = fairness.ties === MESOS_FAIRNESS.ties && fairness.agents === MESOS_FAIRNESS.agents;
  if (order.kind === 'key' || isOfMesos) return;
  const reason = order.kind === 'random' ? 'draws who is first' : 'puts whoever came first before all others';
  throw new InputError(
    'OPTION_CONFLICT',
    `--fairness is for policies that order by shares, and ${policy.name} ${reason}; leave one out, or choose e.g. drf`,
  );
}

/** A key that looks at `headDemand` reads a property that throws. */
export function headDemandUnknown(policy: string): InputError {
  return unfitNamed(policy, 'it looks at the demand at the head of a role’s queue');
}

function probe(policy: Policy, order: RoleOrder): void {
  const view: RoleView = {
    name: 'probe',
    resources: CANONICAL_RESOURCES,
    weight: 1,
    usage: new Float64Array(CANONICAL_RESOURCES.length).fill(1),
    total: new Float64Array(CANONICAL_RESOURCES.length).fill(2),
    guarantee: null,
    siblingWeight: 1,
    get headDemand(): Float64Array {
      throw headDemandUnknown(policy.name);
    },
    target: 0,
  };
  order.key(view, () => 0.5);
}

function unfit(policy: Policy, reason: string): InputError {
  return unfitNamed(policy.name, reason);
}

function unfitNamed(policy: string, reason: string): InputError {
  return new InputError(
    'OPTION_CONFLICT',
    `policy ${policy} cannot order offers of a master: ${reason}, and a master does not see the frameworks' queues; choose one of ${WORKING}`,
  );
}
