/** The report: one HTML file over finished runs that opens without any network. */
import type { Run } from '../results/run.ts';
import { differenceTable } from './difference-table.ts';
import { dominantShareChart } from './dominant-share.ts';
import { findings } from './findings.ts';
import { fragmentationChart } from './fragmentation.ts';
import { GLOSSARY } from './glossary.ts';
import { escapeHtml, inlineScript, scriptJson } from './html.ts';
import { pageScripts, pageStyle } from './page-assets.ts';
import { queueLengthChart } from './queue-length.ts';
import { differenceNotice, partialNotice, reportTitle, reproduction, runFacts } from './report-header.ts';
import { roleSharesChart } from './role-shares.ts';
import { roleWaitsChart } from './role-waits.ts';
import { slowdownDistributionChart } from './slowdown-distribution.ts';
import { type TimelineData, timelineData } from './timeline.ts';
import { utilisationChart } from './utilisation.ts';
import { waitDistributionChart } from './wait-distribution.ts';

/** The browser itself refuses every request; vega compiles its expressions, hence `unsafe-eval`. */
export const CONTENT_POLICY =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:";

/** @param runs in the order of comparison: the first is what others are compared with */
export function renderReport(runs: readonly Run[]): string {
  return page(
    reportTitle(runs),
    runs.length === 0 ? '<main><h1>mesolab report</h1><p>There are no runs to show.</p></main>' : body(runs),
  );
}

function body(runs: readonly Run[]): string {
  const timeline = timelineData(runs);
  const charts = {
    dominantShare: dominantShareChart(runs),
    fragmentation: fragmentationChart(runs),
    queueLength: queueLengthChart(runs),
    roleShares: roleSharesChart(runs),
    roleWaits: roleWaitsChart(runs),
    slowdownDistribution: slowdownDistributionChart(runs),
    utilisation: utilisationChart(runs),
    waitDistribution: waitDistributionChart(runs),
  };
  return `<header>
<h1>${escapeHtml(reportTitle(runs))}</h1>
${partialNotice(runs)}
${differenceNotice(runs)}
<ul class="findings">${findings(runs).map(listItem).join('\n')}</ul>
${runFacts(runs)}
</header>
<main>
<h2>What differs</h2>
${note('Marked: the best of the row. Percentages: change from the first policy. One run has no error bars: small differences may be chance.')}
<div class="scroll">${differenceTable(runs)}</div>
<h2>How long jobs wait</h2>
${note('A curve further left and higher is better. All jobs count: a curve that ends below 100 % belongs to a run in which some never started (or never ended). Click a name in a legend to single it out.')}
<div class="pair">
${chart('waitDistribution', 'Cumulative distribution of waits by policy')}
${chart('slowdownDistribution', 'Cumulative distribution of bounded slowdown by policy')}
</div>
<h2>Waiting tasks over time</h2>
${chart('queueLength', 'Number of waiting tasks over time by policy')}
<h2>What each role gets, and how long it waits</h2>
${note('A bar short of its tick: the role held less than its entitlement on average, by choice or because it had to wait.')}
<div class="pair">
${chart('roleShares', 'Mean dominant share and entitlement by role and policy')}
${chart('roleWaits', 'Median and p99 wait by role and policy')}
</div>
<h2>Dominant share over time</h2>
${note('Solid: what the role holds, as means over intervals. Dashed: what it is entitled to; 0 while it has no tasks, and out of the panel while few roles have any.')}
${chart('dominantShare', 'Dominant share and entitlement by role over time, a panel a policy')}
<h2>Utilisation and fragmentation over time</h2>
${note('Utilisation: what tasks hold. Fragmentation: what is free on agents where a typical task that wants the resource does not fit.')}
<div class="pair">
${chart('utilisation', 'Utilisation by resource over time and policy')}
${chart('fragmentation', 'Fragmentation by resource over time and policy')}
</div>
<h2>Tasks on agents</h2>
${note(timelineNote(timeline))}
<ul class="legend">${timeline.colourNames.map((name, place) => legendItem(name, timeline.colours[place])).join('')}</ul>
<div id="timeline"></div>
<h2>Make it again</h2>
${reproduction(runs)}
<h2>Terms</h2>
<dl class="glossary">${Object.entries(GLOSSARY)
    .map(([term, meaning]) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(meaning)}</dd>`)
    .join('\n')}</dl>
</main>
${pageScripts().map(inlineScript).join('\n')}
<script>drawTimeline(document.getElementById('timeline'), ${scriptJson(timeline)});
drawCharts(${scriptJson(charts)});</script>`;
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${pageStyle()}</style>
</head>
<body>
${content}
</body>
</html>
`;
}

function chart(name: string, description: string): string {
  return `<figure aria-label="${escapeHtml(description)}"><div data-chart="${name}"></div></figure>`;
}

function note(text: string): string {
  return `<p class="note">${escapeHtml(text)}</p>`;
}

function listItem(text: string): string {
  return `<li>${escapeHtml(text)}</li>`;
}

function legendItem(name: string, colour: string): string {
  return `<li><i style="background:${colour}"></i>${escapeHtml(name)}</li>`;
}

function timelineNote({ agentStep }: TimelineData): string {
  const how =
    'Each bar is a task’s last attempt. Click, then turn the wheel (or hold Ctrl) to zoom; drag to pan; point at a task to see what it is.';
  return agentStep === 1 ? how : `${how} Too many tasks for one page: one agent in ${agentStep} is shown.`;
}
