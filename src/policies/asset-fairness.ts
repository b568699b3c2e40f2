/** Asset fairness: the role with the smallest sum of shares over all resources is next. */
import { withNativeKey } from './native-key.ts';
import type { Policy } from './policy.ts';

export const assetFairness: Policy = {
  name: 'asset',
  title: 'Asset fairness: the smallest sum of shares, per weight, is next',
  source: 'Ghodsi et al., NSDI 2011, section 5.1',
  order: {
    kind: 'roles',
    key: withNativeKey(
      ({ usage, total, weight }) => {
        let assets = 0;
        for (let r = 0; r < usage.length; r++) if (total[r] > 0) assets += usage[r] / total[r];
        return assets / weight;
      },
      { kind: 'assets' },
    ),
  },
};
