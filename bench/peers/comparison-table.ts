/** What several runs of the simulators say, as a Markdown table. */
import { median } from '../check/median.ts';
import type { Measured } from './measured-process.ts';

export interface Runs {
  readonly name: string;
  readonly runs: readonly Measured[];
}

const HEAD = [
  'simulator',
  'wall',
  'CPU',
  'peak memory',
  'replay alone',
  'tasks/s',
  'wall ×',
  'replay ×',
  'mean wait',
  'makespan',
];

/** Medians; ratios are to the first simulator, of runs of the same round. */
export function comparisonTable(simulators: readonly Runs[]): string {
  const base = simulators[0].runs;
  const rows = simulators.map(({ name, runs }) => {
    const middle = (of: (run: Measured) => number) => median(runs.map(of));
    const ratio = (of: (run: Measured) => number) =>
      `${Number(median(runs.map((run, round) => of(run) / of(base[round]))).toPrecision(2))}`;
    const { meanWaitSeconds, makespanSeconds } = runs[0];
    return [
      name,
      `${middle((run) => run.wallSeconds).toFixed(2)} s`,
      `${middle((run) => run.cpuSeconds).toFixed(2)} s`,
      `${middle((run) => run.peakMib).toFixed(0)} MiB`,
      `${middle((run) => run.replaySeconds).toFixed(3)} s`,
      Math.round(middle((run) => run.tasks / run.replaySeconds)).toLocaleString('en'),
      ratio((run) => run.wallSeconds),
      ratio((run) => run.replaySeconds),
      `${meanWaitSeconds.toFixed(6)} s`,
      `${makespanSeconds.toFixed(6)} s`,
    ];
  });
  return markdownTable([HEAD, ...rows]);
}

/** Cells stand below each other, as the formatter wants it; all but the first column at the right. */
function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join(' | ')} |\n`;
  const rule = line(
    widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)),
  );
  const [head, ...body] = rows.map(line);
  return [head, rule, ...body].join('');
}

const MARKER = '<!-- figures -->';

/** The document with `figures` between its two markers. @throws Error when it has not two of them */
export function withFigures(document: string, figures: string): string {
  const parts = document.split(MARKER);
  if (parts.length !== 3) throw new Error(`found ${parts.length - 1} markers ${MARKER}, expected 2`);
  return `${parts[0]}${MARKER}\n\n${figures}\n${MARKER}${parts[2]}`;
}
