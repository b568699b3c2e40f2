/** The table that `simulate --model shared-state` prints besides the others: what schedulers claimed in vain, and how busy they were. */
import { formatCount, formatShare } from '../../metrics/format-values.ts';
import type { RunSummary } from '../../metrics/summary.ts';
import { columnGroups, RUNS_PER_TABLE, textTable } from '../text-table.ts';

type SharedStateRun = RunSummary & { readonly sharedState: NonNullable<RunSummary['sharedState']> };

/** Roles shown, those that took most time first; `--json` has all. */
const MAX_ROLES = 5;

export function sharedStateTable(runs: readonly SharedStateRun[]): string {
  const share = (part: number, whole: number) => (whole > 0 ? formatShare(part / whole) : '–');
  const busy = Object.entries(runs[0].sharedState.decidingSeconds).sort(([, a], [, b]) => b - a);
  const rows: [label: string, cell: (run: SharedStateRun) => string][] = [
    ['transactions', ({ sharedState }) => formatCount(sharedState.transactions)],
    ['of these with conflicts', ({ sharedState: s }) => share(s.conflicted, s.transactions)],
    ['tasks claimed', ({ sharedState }) => formatCount(sharedState.claims)],
    ['of these in vain', ({ sharedState: s }) => share(s.conflicts, s.claims)],
    ...busy
      .slice(0, MAX_ROLES)
      .map(([role]): [string, (run: SharedStateRun) => string] => [
        `${role}: time spent deciding`,
        ({ sharedState, metrics }) => share(sharedState.decidingSeconds[role], metrics.makespanSeconds),
      ]),
  ];
  return columnGroups(runs.length, RUNS_PER_TABLE)
    .map((group) =>
      textTable(
        ['', ...group.map((run) => runs[run].policy)],
        rows.map(([label, cell]) => [label, ...group.map((run) => cell(runs[run]))]),
      ),
    )
    .join('\n\n');
}
