/** A policy of one's own: the role with the fewest running tasks of its present kind, per weight, is next. */
import type { Policy } from '../../src/policies/policy.ts';

export const policy: Policy = {
  name: 'fewest-tasks',
  title: 'The role that could run the fewest of its next tasks on what it holds is next',
  source: 'docs/writing-a-policy.md',
  order: {
    kind: 'roles',
    key({ usage, headDemand, weight }) {
      let tasks = Number.POSITIVE_INFINITY;
      for (let r = 0; r < usage.length; r++) {
        if (headDemand[r] > 0) tasks = Math.min(tasks, usage[r] / headDemand[r]);
      }
      return tasks / weight;
    },
  },
  fit: 'best',
};
