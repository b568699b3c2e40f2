/** The look of the report: on screens light and dark, narrow and wide, and on paper. */
export const REPORT_CSS = `
:root { color-scheme: light dark; --line: #ccc; --soft: #666; --best: #e3f1e6; }
@media (prefers-color-scheme: dark) { :root { --line: #444; --soft: #aaa; --best: #1f3d28; } body { background: #181a1b; color: #ddd; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 900px; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; margin: 0 0 .3rem; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .4rem; }
p.note, figcaption { color: var(--soft); font-size: .87rem; }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; font-size: .9rem; }
dl.facts dt { color: var(--soft); } dl.facts dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .7rem; border-bottom: 1px solid var(--line); text-align: right; }
th[scope=row] { text-align: left; font-weight: 400; }
td.best { background: var(--best); font-weight: 600; }
td small { color: var(--soft); font-weight: 400; }
.scroll { overflow-x: auto; }
figure { margin: .4rem 0; overflow-x: auto; }
.pair { display: flex; flex-wrap: wrap; gap: 1rem; }
.partial { border-left: 4px solid #D55E00; padding: .3rem .8rem; }
.timeline-frame { position: relative; }
.timeline-frame canvas { display: block; touch-action: none; cursor: grab; }
.timeline-tooltip { position: absolute; background: #222; color: #fff; font-size: .8rem; padding: .2rem .5rem; border-radius: 3px; pointer-events: none; max-width: 22rem; }
.timeline-frame [hidden] { display: none; }
#timeline select, #timeline button { font: inherit; margin: 0 .8rem .4rem 0; }
.legend span { display: inline-block; margin-right: 1rem; font-size: .87rem; }
.legend i { display: inline-block; width: .8rem; height: .8rem; margin-right: .35rem; vertical-align: -1px; }
dl.glossary dt { font-weight: 600; } dl.glossary dd { margin: 0 0 .4rem; color: var(--soft); }
@media print { body { max-width: none; padding: 0; } #timeline select, #timeline button, details.vega-actions, .vega-embed summary { display: none !important; } figure, table { break-inside: avoid; } }
`;
