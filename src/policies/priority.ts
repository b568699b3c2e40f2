/** Highest priority first, first in first out within a priority; a job may evict tasks of less important ones. */
import type { Policy } from './policy.ts';

export const priority: Policy = {
  name: 'priority',
  title: 'Highest priority first, with preemption of less important tasks',
  source: 'Verma et al., EuroSys 2015 (Borg), section 2.5',
  order: { kind: 'jobs', key: (job) => -job.priority },
  preemption: 'priority',
};
