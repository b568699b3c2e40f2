/** What charts call runs: by policy, and by number too where runs share a policy; and which can be compared. */
import type { Run } from '../results/run.ts';

/** Unique names, in the order of `runs`. */
export function runNames(runs: readonly Run[]): string[] {
  const policies = runs.map(({ summary }) => summary.policy);
  const isUnique = new Set(policies).size === policies.length;
  return isUnique ? policies : policies.map((policy, index) => `${index + 1}: ${policy}`);
}

/** Whether the run came to its end: figures of one stopped before are about less work, and don't compare. */
export function isWhole({ manifest }: Run): boolean {
  return manifest.status === 'complete';
}
