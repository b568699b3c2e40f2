/** CEEI for comparison: roles are steered towards the shares that the divisible market would give them. */
import { allocationProblem } from './divisible/allocation-problem.ts';
import { ceei as solveMarket } from './divisible/ceei.ts';
import { dominantShareOf } from './dominant-share.ts';
import type { Policy } from './policy.ts';

/**
 * Tasks are indivisible and come and go, so there is no market to clear: whenever the backlogged roles or the tasks at
 * their heads change, the market of these tasks is solved, and the role furthest below its share there is next.
 */
export const ceei: Policy = {
  name: 'ceei',
  title:
    'Competitive equilibrium from equal incomes: furthest below the share of the divisible market is next',
  source: 'Ghodsi et al., NSDI 2011, section 5.2',
  order: {
    kind: 'roles',
    prepare(backlogged) {
      for (const role of backlogged) role.target = 0;
      // A task that asks for nothing is served at once and has no part in the market.
      const buyers = backlogged.filter(({ headDemand, total }) => dominantShareOf(headDemand, total) > 0);
      if (buyers.length === 0) return;
      const { total } = buyers[0];
      const used = Array.from(total.keys()).filter((r) => total[r] > 0);
      const users = buyers.map(({ headDemand, weight }) => ({
        demand: used.map((r) => headDemand[r]),
        weight,
      }));
      const tasks = solveMarket(
        allocationProblem(
          used.map((r) => total[r]),
          users,
        ),
      );
      buyers.forEach((role, user) => {
        role.target = tasks[user] * dominantShareOf(role.headDemand, total);
      });
    },
    key: ({ usage, total, target }) => (target > 0 ? dominantShareOf(usage, total) / target : 0),
  },
};
