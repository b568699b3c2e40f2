/** First in, first out over all roles: the oldest waiting job blocks all younger ones. */
import type { Policy } from './policy.ts';

export const fifo: Policy = {
  name: 'fifo',
  title: 'First in, first out, strictly: the oldest waiting job blocks all younger ones',
  source: 'FCFS; the base line of every comparison',
  order: { kind: 'jobs' },
};
