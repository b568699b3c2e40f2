/** The report: one HTML file over finished runs that opens without any network. */
import type { Run } from '../results/run.ts';
import { differenceSentences, differenceTable } from './differences.ts';
import { distributionChart, SLOWDOWN, WAIT } from './distribution.ts';
import { dominantShareChart } from './dominant-share.ts';
import { GLOSSARY } from './glossary.ts';
import { escapeHtml, inlineScript, scriptJson } from './html.ts';
import { d3Script, pageScript, vegaScripts } from './page-assets.ts';
import { PALETTE } from './palette.ts';
import { queueLengthChart } from './queue-length.ts';
import { REPORT_CSS } from './report-style.ts';
import { roleSharesChart } from './role-shares.ts';
import { roleWaitsChart } from './role-waits.ts';
import { shownRoles } from './shown-roles.ts';
import { timelineData } from './timeline-data.ts';
import { utilisationChart } from './utilisation.ts';

/** @param runs one a policy, at least one, in the order of comparison: the first is what others are compared with */
export function renderReport(runs: readonly Run[]): string {
  const roles = shownRoles(runs);
  const timeline = timelineData(runs, roles);
  const data = {
    charts: {
      dominantShare: dominantShareChart(runs, roles),
      roleShares: roleSharesChart(runs, roles),
      roleWaits: roleWaitsChart(runs, roles),
      wait: distributionChart(runs, WAIT),
      slowdown: distributionChart(runs, SLOWDOWN),
      queueLength: queueLengthChart(runs),
      utilisation: utilisationChart(runs),
    },
    timeline,
    colours: PALETTE,
  };
  const { manifest } = runs[0];
  const title = `${manifest.trace.name}: ${runs.map(({ summary }) => summary.policy).join(', ')}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${REPORT_CSS}</style></head><body>
<header><h1>${escapeHtml(title)}</h1>
${partialNotice(runs)}
${differenceSentences(runs)
  .map((sentence) => `<p>${escapeHtml(sentence)}</p>`)
  .join('\n')}
</header>
<main>
<h2>What differs</h2>
<div class="scroll">${differenceTable(runs)}</div>
<p class="note">Highlighted: best of the row. Changes are from the first policy. A single run has no error bars: small differences may be chance.</p>
${section('Who waits, and how long', figure('roleWaits', 'Waits of each role’s jobs; the axis is logarithmic but shows zero.'))}
<div class="pair">${figure('wait', '')}${figure('slowdown', '')}</div>
<p class="note">Part of jobs that wait (are slowed down) no more than this; a curve further left and higher is better.</p>
${section('What each role gets', figure('roleShares', 'Mean share of the role’s dominant resource while it has tasks; the line is its weight’s part among active roles. Below the line is only unfair while the role is backlogged.'))}
${section('Dominant share over time', figure('dominantShare', 'Means over intervals; dashed: entitlement, zero while the role has no tasks.'))}
${section('Waiting tasks over time', figure('queueLength', ''))}
${section('Utilisation over time', figure('utilisation', 'Allocated part of each resource of the cluster.'))}
<h2>Tasks on agents</h2>
<p class="legend">${roles.names.map((name, index) => `<span><i style="background:${PALETTE[index % PALETTE.length]}"></i>${escapeHtml(name)}</span>`).join('')}</p>
<div id="timeline"></div>
<p class="note">Wheel or pinch zooms, dragging pans, hovering names a task.${timeline.agents.length < timeline.agentCount ? ` Shown are ${timeline.agents.length} of ${timeline.agentCount} agents, evenly chosen.` : ''}</p>
<h2>How it was made</h2>
${facts(runs)}
<h2>Terms</h2>
<dl class="glossary">${Object.entries(GLOSSARY)
    .map(([term, meaning]) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(meaning)}</dd>`)
    .join('\n')}</dl>
</main>
${[...vegaScripts(), d3Script(), pageScript('./timeline-page.ts'), pageScript('./report-page.ts')].map(inlineScript).join('\n')}
<script>drawReport(${scriptJson(data)});</script>
</body></html>
`;
}

function section(title: string, body: string): string {
  return `<h2>${escapeHtml(title)}</h2>\n${body}`;
}

function figure(chart: string, caption: string): string {
  const text = caption === '' ? '' : `<figcaption>${escapeHtml(caption)}</figcaption>`;
  return `<figure><div data-chart="${chart}"></div>${text}</figure>`;
}

function partialNotice(runs: readonly Run[]): string {
  const partial = runs
    .filter(({ manifest }) => manifest.status === 'partial')
    .map(({ summary }) => summary.policy);
  if (partial.length === 0) return '';
  return `<p class="partial">Partial results: ${escapeHtml(partial.join(', '))} was stopped before the end. Its figures hold what had happened by then and are not comparable.</p>`;
}

function facts(runs: readonly Run[]): string {
  const { manifest } = runs[0];
  const { policy: _policy, ...options } = manifest.options;
  const rows: [string, string][] = [
    ['command', manifest.command.join(' ')],
    [
      'trace',
      `${manifest.trace.name} (${manifest.trace.format}, SHA-256 ${manifest.trace.digest.slice(0, 16)}…)`,
    ],
    ['seed', manifest.seed],
    ['options', JSON.stringify(options)],
    [
      'mesolab',
      `${manifest.version}${manifest.gitCommit ? `, commit ${manifest.gitCommit.slice(0, 12)}` : ''}`,
    ],
    ...runs.map(({ summary, manifest: own }): [string, string] => [
      summary.policy,
      `decision digest ${own.decisionDigest}, ${own.wallSeconds.toFixed(2)} s, ${Math.round(own.tasksPerSecond)} tasks/s`,
    ]),
  ];
  return `<dl class="facts">${rows.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join('\n')}</dl>`;
}
