/** Worst fit: the agent that would have most left over: spreads load. */
import type { Fit } from '../policy.ts';
import { bestFit } from './best-fit.ts';

export const worstFit: Fit = {
  name: 'worst',
  score: (demand, agent) => -bestFit.score(demand, agent),
};
