/** Shortest job first, by the user's estimate of a task's run time, or the run time itself where there is none. */
import type { Policy } from './policy.ts';

export const shortestJobFirst: Policy = {
  name: 'sjf',
  title: 'Shortest estimated job first; the shortest waiting job blocks the others',
  source: 'Feitelson & Rudolph, JSSPP 1995 (survey)',
  order: { kind: 'jobs', key: (job) => job.estimateUs },
};
