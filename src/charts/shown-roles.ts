/** Which roles charts show by name: those that held most, the rest together. */
import type { Run } from '../results/run.ts';
import { PALETTE } from './palette.ts';

export interface ShownRoles {
  /** Largest first; the last one may stand for several roles. */
  readonly names: readonly string[];
  /** Roles behind the last name; 1: only itself. */
  readonly lastCount: number;
  /** Place in `names`. */
  indexOf(role: string): number;
}

/**
 * Roles by mean dominant share over all runs, ties by name.
 * @param most names shown, the one for other roles included
 */
export function shownRoles(runs: readonly Run[], most: number = PALETTE.length): ShownRoles {
  const held = new Map<string, number>();
  for (const { summary, tables } of runs) {
    for (const { role, meanDominantShare } of summary.roles)
      held.set(role, (held.get(role) ?? 0) + meanDominantShare);
    // Roles of partial runs may be missing from the summary.
    for (const role of tables.jobs.role) if (!held.has(role)) held.set(role, 0);
  }
  const roles = [...held.keys()].sort((a, b) => held.get(b)! - held.get(a)! || (a < b ? -1 : 1));
  const isAll = roles.length <= most;
  const names = isAll ? roles : roles.slice(0, most - 1);
  const others = roles.length - names.length;
  const places = new Map(names.map((name, place) => [name, place]));
  return {
    names: isAll ? names : [...names, `${others} other roles`],
    lastCount: isAll ? 1 : others,
    indexOf: (role) => places.get(role) ?? names.length,
  };
}
