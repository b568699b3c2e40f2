/** Max-min fairness on one resource: the classic fair scheduler. */
import { InputError } from '../cluster/errors.ts';
import { withNativeKey } from './native-key.ts';
import type { Policy } from './policy.ts';

/** Weighted max-min fairness of the usage of `resource` alone. */
export function maxMin(resource: string): Policy {
  return {
    name: 'maxmin',
    title: `Max-min fairness on one resource (${resource}), weighted`,
    source: 'Demers, Keshav & Shenker, SIGCOMM 1989; Hadoop fair scheduler',
    order: {
      kind: 'roles',
      key: withNativeKey(
        ({ usage, weight, resources }) => {
          const column = resources.indexOf(resource);
          if (column < 0) {
            const known = resources.join(', ');
            throw new InputError(
              'POLICY_INVALID',
              `maxmin: there is no resource "${resource}"; choose one of ${known}`,
            );
          }
          return usage[column] / weight;
        },
        { kind: 'resource', resource },
      ),
    },
  };
}
