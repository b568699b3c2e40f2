/** The comparison as tables for the terminal. */
import { textTable } from '../../src/cli/text-table.ts';
import type { Comparison } from './compare.ts';
import type { InstructionCount } from './instructions.ts';

export function comparisonTable(comparisons: readonly Comparison[], confidence: number): string {
  const rows = comparisons.map(({ benchmark, pairs, baseMs, changeMs, ratio, lower, upper, verdict }) => [
    benchmark,
    `${baseMs.toFixed(1)} ms`,
    `${changeMs.toFixed(1)} ms`,
    ratio.toFixed(3),
    `${lower.toFixed(3)} – ${upper.toFixed(3)}`,
    `${pairs}`,
    verdict,
  ]);
  return textTable(
    ['benchmark', 'base', 'change', 'ratio', `${confidence * 100} % interval`, 'pairs', 'verdict'],
    rows,
  );
}

export function instructionTable(counts: readonly InstructionCount[]): string {
  const rows = counts.map(({ kernel, base, change, ratio, verdict }) => [
    kernel,
    base.toLocaleString('en'),
    change.toLocaleString('en'),
    ratio.toFixed(4),
    verdict,
  ]);
  return textTable(['kernel, instructions', 'base', 'change', 'ratio', 'verdict'], rows);
}
