/** The built-in policies, and policy specifications such as `drf` or `fifo:backfill=easy:fit=best`. */
import { closest } from 'fastest-levenshtein';
import { InputError } from '../cluster/errors.ts';
import { assetFairness } from './asset-fairness.ts';
import { capacity } from './capacity.ts';
import { ceei } from './ceei.ts';
import { conservative } from './conservative.ts';
import { drf } from './drf.ts';
import { easy } from './easy.ts';
import { fifo } from './fifo.ts';
import { hierarchicalDrf, naiveHierarchicalDrf } from './hierarchical-drf.ts';
import { maxMin } from './max-min.ts';
import type { Policy } from './policy.ts';
import { priority } from './priority.ts';
import { proportional } from './proportional.ts';
import { random } from './random.ts';
import { shortestJobFirst } from './shortest-job-first.ts';
import { tetris } from './tetris.ts';
import { weightedDrf } from './weighted-drf.ts';

export const policies: readonly Policy[] = [
  fifo,
  easy,
  conservative,
  shortestJobFirst,
  priority,
  maxMin('cpus'),
  proportional,
  drf,
  weightedDrf,
  hierarchicalDrf,
  naiveHierarchicalDrf,
  assetFairness,
  ceei,
  capacity,
  random,
  tetris,
];

/** The parts of a policy that `NAME:part=value` may replace, with the values each may take. */
export const POLICY_PARTS = {
  fit: ['first', 'best', 'worst', 'random', 'dot', 'fgd'],
  backfill: ['none', 'easy', 'conservative'],
  preemption: ['none', 'priority'],
  gang: ['trace', 'all', 'none'],
} as const satisfies Partial<Record<keyof Policy, readonly string[]>>;

/**
 * A built-in policy by name, with parts replaced: `drf`, `fifo:backfill=easy`, `maxmin:resource=mem`.
 * The result's name is the specification, so that two variants of one policy can be told apart.
 * @throws InputError POLICY_UNKNOWN, POLICY_INVALID
 */
export function parsePolicy(specification: string): Policy {
  const [name, ...parts] = specification.split(/[:,]/);
  const base = policies.find((policy) => policy.name === name);
  if (!base) {
    const names = policies.map((policy) => policy.name);
    throw new InputError(
      'POLICY_UNKNOWN',
      `there is no policy "${name}"; did you mean "${closest(name, names)}"? Built in are ${names.join(', ')}; a policy of your own is a path such as ./mine.ts`,
    );
  }
  return { ...withParts(base, parts), name: specification };
}

/** The policy with parts replaced, each given as `part=value`. @throws InputError POLICY_INVALID */
export function withParts(base: Policy, parts: readonly string[]): Policy {
  let policy = base;
  for (const part of parts) {
    const [key, value = ''] = part.split('=', 2);
    if (key === 'resource' && base.name === 'maxmin') {
      policy = { ...policy, order: maxMin(value).order, title: maxMin(value).title };
      continue;
    }
    const values: readonly string[] | undefined = POLICY_PARTS[key as keyof typeof POLICY_PARTS];
    if (!values) {
      const known = [...Object.keys(POLICY_PARTS), ...(base.name === 'maxmin' ? ['resource'] : [])];
      throw new InputError(
        'POLICY_INVALID',
        `policy ${base.name} has no part "${key}"; it has ${known.join(', ')}`,
      );
    }
    if (!values.includes(value)) {
      throw new InputError(
        'POLICY_INVALID',
        `${key}=${value} is not known; choose one of ${values.join(', ')}`,
      );
    }
    policy = { ...policy, [key]: value };
  }
  return policy;
}
