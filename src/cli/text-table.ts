/** Plain tables for the terminal, split so that they can be read in 100 columns. */
import Table from 'cli-table3';

/** Columns of runs side by side; more go into another table below. */
export const RUNS_PER_TABLE = 5;

const LINES = {
  top: '─',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '─',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '─',
  mid: '─',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' ',
} as const;

/** @param rows cells by row @param align where columns after the first one stand: numbers at the right */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  align: 'left' | 'right' = 'right',
): string {
  const table = new Table({
    head: [...head],
    chars: { ...LINES, mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    colAligns: head.map((_, column) => (column === 0 ? 'left' : align)),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1 },
  });
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** `[0, 1, 2, 3, 4], [5, 6]`: columns that stand in one table. */
export function columnGroups(count: number, size: number): number[][] {
  const groups: number[][] = [];
  for (let first = 0; first < count; first += size) {
    groups.push(Array.from({ length: Math.min(size, count - first) }, (_, i) => first + i));
  }
  return groups;
}
