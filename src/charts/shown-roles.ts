/** Which roles charts show by name: the largest ones, the rest together. */
import type { Run } from '../results/run.ts';
import { OTHERS, PALETTE } from './palette.ts';

const MOST = PALETTE.length - 1;

export interface ShownRoles {
  /** Largest first; ends with `others` if some roles are put together. */
  readonly names: readonly string[];
  nameOf(role: string): string;
}

/** By number of tasks, ties by name. */
export function shownRoles(runs: readonly Run[]): ShownRoles {
  const roles = [...runs[0].summary.roles].sort((a, b) => b.tasks - a.tasks || (a.role < b.role ? -1 : 1));
  const isAll = roles.length <= PALETTE.length;
  const names = (isAll ? roles : roles.slice(0, MOST)).map(({ role }) => role);
  return {
    names: isAll ? names : [...names, OTHERS],
    nameOf: (role) => (names.includes(role) ? role : OTHERS),
  };
}
