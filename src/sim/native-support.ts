/** Which replays the native engine can play: the built-in orders and fits that are twins of the TypeScript ones. */
import { nativeKeyOf } from '../policies/native-key.ts';
import type { Policy } from '../policies/policy.ts';
import type { NativeSetup } from './native-binding.ts';
import type { ReplayOptions } from './options.ts';

const FITS = ['first', 'best', 'worst', 'dot', 'fgd'];

/** How the native engine is told of a policy's order, fit and backfilling. */
export type NativePolicy = Pick<NativeSetup, 'gangs' | 'order' | 'key' | 'keyColumn' | 'fit' | 'isEasy'>;

/** @param resources columns of the replay; @returns why the native engine cannot play this, where it cannot */
export function nativePolicyOf(
  { policy, model, isChecked }: ReplayOptions,
  resources: readonly string[],
): NativePolicy | string {
  const fit = policy.fit ?? 'first';
  if (isChecked) return 'conservation is checked';
  if (typeof fit !== 'string' || !FITS.includes(fit))
    return `fit ${typeof fit === 'string' ? fit : fit.name} is not native`;
  if ((policy.preemption ?? 'none') !== 'none') return 'preemption is not native';
  if (policy.backfill === 'conservative') return 'conservative backfilling is not native';
  const isEasy = policy.backfill === 'easy';
  const isTree = policy.order.kind === 'roles' && policy.order.tree !== undefined;
  if (model.kind === 'shared-state') return 'schedulers on a shared state are not native';
  if (model.kind === 'offers' && model.roleDecisionUs !== undefined && model.roleDecisionUs.size > 0)
    return 'decision times of single roles are not native';
  if (model.kind === 'offers' && (isEasy || isTree)) return 'the policy does not go with offers';
  const order = orderOf(policy, resources);
  if (typeof order === 'string') return order;
  return { gangs: policy.gang ?? 'trace', fit, isEasy, ...order };
}

function orderOf(
  { name, order }: Policy,
  resources: readonly string[],
): Pick<NativePolicy, 'order' | 'key' | 'keyColumn'> | string {
  if (order.kind === 'tasks') return 'orders of tasks are not native';
  if (order.kind === 'jobs') {
    // Keys are computed before the first instant, which only a key that draws nothing does not notice.
    if (order.key !== undefined && order.key.length > 1) return 'the order of jobs draws random numbers';
    return { order: 'jobs', key: '', keyColumn: 0 };
  }
  const key = nativeKeyOf(order.key);
  if (key === null || order.prepare !== undefined) return `the order of policy ${name} is not native`;
  const keyColumn = key.kind === 'resource' ? resources.indexOf(key.resource) : 0;
  if (keyColumn < 0) return 'the cluster has no such resource';
  const kind = order.tree === undefined ? 'roles' : order.tree === 'hdrf' ? 'hdrf' : 'tree';
  return { order: kind, key: key.kind, keyColumn };
}
