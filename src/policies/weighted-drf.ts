/** Weighted dominant resource fairness: dominant share ÷ weight, one weight a role as in Mesos. */
import { dominantShareOf } from './dominant-share.ts';
import type { Policy, RoleView } from './policy.ts';

export const weightedDrf: Policy = {
  name: 'wdrf',
  title: 'Weighted DRF: the smallest dominant share per weight is next',
  source: 'Ghodsi et al., NSDI 2011, section 4.3; Mesos DRF sorter',
  order: { kind: 'roles', key: weightedDominantShare },
};

export function weightedDominantShare({ usage, total, weight }: RoleView): number {
  return dominantShareOf(usage, total) / weight;
}
