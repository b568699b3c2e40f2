/** The report's head and its end: which runs these are, whether they are whole, and how to make them again. */
import { formatCount } from '../metrics/format-values.ts';
import type { Manifest, Run } from '../results/run.ts';
import { differenceText, runDifferences } from '../results/run-differences.ts';
import { escapeHtml } from './html.ts';
import { isWhole, runNames } from './run-names.ts';

const SHOWN_ELSEWHERE = new Set(['policy', 'seed']);

/** Plain text. */
export function reportTitle(runs: readonly Run[]): string {
  if (runs.length === 0) return 'mesolab report';
  const traces = [...new Set(runs.map(({ manifest }) => manifest.trace.name))];
  return `${traces.join(', ')}: ${runNames(runs).join(', ')}`;
}

/** HTML; empty if all runs are whole. */
export function partialNotice(runs: readonly Run[]): string {
  const names = runNames(runs).filter((_, run) => !isWhole(runs[run]));
  if (names.length === 0) return '';
  return `<p class="warning" role="note"><strong>Partial results:</strong> ${escapeHtml(names.join(', '))} stopped before the end. The figures hold what had happened by then; they are not compared with others.</p>`;
}

/** HTML; empty if the runs differ in nothing but their policies. */
export function differenceNotice(runs: readonly Run[]): string {
  const names = runNames(runs);
  const differences = runDifferences(runs.map(({ manifest }) => manifest));
  if (differences.length === 0) return '';
  const items = differences.map((difference) => `<li>${escapeHtml(differenceText(difference, names))}</li>`);
  return `<div class="warning" role="note"><strong>Not the same experiment:</strong> besides their policies, the runs differ in<ul>${items.join('')}</ul></div>`;
}

/** HTML: what the results depend on. Where runs differ, each value says whose it is. */
export function runFacts(runs: readonly Run[]): string {
  const names = runNames(runs);
  const rows: [string, string][] = [];
  const add = (label: string, of: (run: Run) => string) => {
    const values = runs.map(of);
    if (new Set(values).size === 1) rows.push([label, values[0]]);
    else rows.push(...values.map((value, run): [string, string] => [`${label}, ${names[run]}`, value]));
  };
  add('trace', ({ manifest: { trace } }) => `${trace.name} (${trace.format}, digest ${trace.digest})`);
  if (runs.some(({ manifest }) => leftOutText(manifest) !== 'none'))
    add('rows left out', ({ manifest }) => leftOutText(manifest));
  add('seed', ({ manifest }) => manifest.seed);
  add('status', ({ manifest }) => manifest.status);
  add('options', ({ manifest }) => optionText(manifest.options));
  add('version', ({ manifest: { version, gitCommit } }) =>
    gitCommit ? `mesolab ${version}, commit ${gitCommit.slice(0, 12)}` : `mesolab ${version}`,
  );
  if (runs.some(({ manifest }) => manifest.policyFile))
    add('policy file', ({ manifest }) => policyFileText(manifest));
  add('decision digest', ({ manifest }) => manifest.decisionDigest);
  add(
    'made',
    ({ manifest: { startedAt, host } }) => `${startedAt.slice(0, 10)}, Node ${host.node}, ${host.cpu}`,
  );
  const items = rows.map(([label, value]) => `<dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd>`);
  return `<dl class="facts">${items.join('\n')}</dl>`;
}

/** HTML: the commands that make these runs again. */
export function reproduction(runs: readonly Run[]): string {
  const commands = [...new Set(runs.map(({ manifest }) => manifest.command.map(shellWord).join(' ')))];
  return `<pre><code>${escapeHtml(commands.join('\n'))}</code></pre>`;
}

/** Options not given say nothing. */
function optionText(options: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(options).filter(
    ([name, value]) => !SHOWN_ELSEWHERE.has(name) && value !== null && value !== undefined,
  );
  if (given.length === 0) return 'defaults';
  return given
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('; ');
}

function policyFileText({ policyFile }: Manifest): string {
  return policyFile ? `${policyFile.path}, SHA-256 ${policyFile.digest}` : 'none: built in';
}

function leftOutText({ trace }: Manifest): string {
  // The first runs of this layout were written without the count.
  const reasons = Object.entries(trace.leftOut ?? {}).filter(([, count]) => count > 0);
  return reasons.map(([reason, count]) => `${reason}: ${formatCount(count)}`).join('; ') || 'none';
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
