/** Dominant resource fairness: the role with the smallest dominant share is next. */
import { dominantShareOf } from './dominant-share.ts';
import { withNativeKey } from './native-key.ts';
import type { Policy } from './policy.ts';

export const drf: Policy = {
  name: 'drf',
  title: 'Dominant resource fairness: the smallest dominant share is next',
  source: 'Ghodsi et al., NSDI 2011, Algorithm 1',
  order: {
    kind: 'roles',
    key: withNativeKey(({ usage, total }) => dominantShareOf(usage, total), { kind: 'dominant' }),
  },
};
