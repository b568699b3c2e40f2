/** Weighted dominant resource fairness: dominant share ÷ weight, one weight a role as in Mesos. */
import { dominantShareOf } from './dominant-share.ts';
import { withNativeKey } from './native-key.ts';
import type { Policy } from './policy.ts';

export const weightedDominantShare = withNativeKey(
  ({ usage, total, weight }) => dominantShareOf(usage, total) / weight,
  { kind: 'weightedDominant' },
);

export const weightedDrf: Policy = {
  name: 'wdrf',
  title: 'Weighted DRF: the smallest dominant share per weight is next',
  source: 'Ghodsi et al., NSDI 2011, section 4.3; Mesos DRF sorter',
  order: { kind: 'roles', key: weightedDominantShare },
};
