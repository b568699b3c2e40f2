/** What differs between runs in plain sentences, computed from their figures. */
import { formatChange, formatNumber, formatSeconds, formatShare } from '../metrics/format-values.ts';
import type { RunMetrics } from '../metrics/summary.ts';
import type { Run } from '../results/run.ts';
import { isWhole, runNames } from './run-names.ts';

const FINDINGS_MAX = 4;
/** Smaller differences are not worth a sentence. */
const CHANGE_MIN = 0.01;

interface Figure {
  /** As in "DRF's p99 wait". */
  readonly name: string;
  value(metrics: RunMetrics): number | null;
  format(value: number): string;
}

const FIGURES: readonly Figure[] = [
  figure('p99 wait', (m) => m.waitSeconds?.p99 ?? null, formatSeconds),
  figure('mean wait', (m) => m.waitSeconds?.mean ?? null, formatSeconds),
  figure('median bounded slowdown', (m) => m.boundedSlowdown?.p50 ?? null, formatNumber),
  figure('p99 bounded slowdown', (m) => m.boundedSlowdown?.p99 ?? null, formatNumber),
  figure('makespan', (m) => m.makespanSeconds, formatSeconds),
  figure('Jain’s index', (m) => m.jainIndex, formatNumber),
  figure('share × time below entitlement', (m) => m.belowEntitlementShareSeconds, formatSeconds),
  figure('number of unplaced tasks', (m) => m.unplaced, formatNumber),
  figure('number of preemptions', (m) => m.preemptions, formatNumber),
];

/** Each whole run against the first, if that is whole: its largest differences, largest first. Plain text. */
export function findings(runs: readonly Run[]): string[] {
  const names = runNames(runs);
  const figures = [...FIGURES, ...utilisationFigures(runs)];
  return runs.flatMap((run, index) => {
    if (index === 0 || !isWhole(runs[0]) || !isWhole(run)) return [];
    const [name, baseName] = [names[index], names[0]];
    const differences = figures
      .flatMap((figure) => {
        const [from, to] = [figure.value(runs[0].summary.metrics), figure.value(run.summary.metrics)];
        return from === null || to === null ? [] : [{ figure, from, to, change: relativeChange(from, to) }];
      })
      .filter(({ change }) => Math.abs(change) >= CHANGE_MIN)
      .sort((a, b) => weight(b.change) - weight(a.change))
      .slice(0, FINDINGS_MAX);
    if (differences.length === 0)
      return `In these runs, no figure of ${name} is more than 1 % away from ${baseName}’s.`;
    const parts = differences.map(({ figure, from, to, change }) => {
      return `its ${figure.name} is ${changeInWords(change)} (${figure.format(to)} against ${figure.format(from)})`;
    });
    return `In these runs, ${name} compared with ${baseName}: ${parts.join('; ')}.`;
  });
}

function utilisationFigures(runs: readonly Run[]): Figure[] {
  const resources = new Set(runs.flatMap(({ summary }) => Object.keys(summary.metrics.utilisation)));
  return [...resources].map((resource) =>
    figure(`utilisation of ${resource}`, (m) => m.utilisation[resource] ?? null, formatShare),
  );
}

function relativeChange(from: number, to: number): number {
  return from === to ? 0 : from === 0 ? Number.POSITIVE_INFINITY : to / from - 1;
}

/** `31 % lower`; from the double on `2.07 times as high`, which is easier to picture than `107 % higher`. */
function changeInWords(change: number): string {
  if (change === Number.POSITIVE_INFINITY) return 'not zero';
  if (change >= 1) return `${formatNumber(1 + change)} times as high`;
  const size = formatChange(Math.abs(change)).replace(/^\+/, '');
  return `${size} ${change < 0 ? 'lower' : 'higher'}`;
}

/** A half and the double are equally far. */
function weight(change: number): number {
  return Math.abs(Math.log(Math.max(1 + change, Number.MIN_VALUE)));
}

function figure(name: string, value: Figure['value'], format: Figure['format']): Figure {
  return { name, value, format };
}
