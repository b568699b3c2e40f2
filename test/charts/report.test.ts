/** The report's text: what it says, and that nothing in a trace can break out of it. */
import { describe, expect, it } from 'vitest';
import { cumulativeCurve, extendedTo, partAxis } from '../../src/charts/cumulative-curve.ts';
import { differenceTable } from '../../src/charts/difference-table.ts';
import { findings } from '../../src/charts/findings.ts';
import { GLOSSARY } from '../../src/charts/glossary.ts';
import { renderReport } from '../../src/charts/report.ts';
import { metricRows } from '../../src/metrics/metric-rows.ts';
import { sampleRuns } from './sample-runs.ts';

const EVIL = '</script><img src=x onerror="alert(1)">&\'';

describe('a report', () => {
  it('escapes names from traces, in text and in scripts', () => {
    const html = renderReport(sampleRuns({ roles: [EVIL, `<!--${EVIL}`], traceName: EVIL }));
    // Not `toContain`: a failure would print all of the page.
    expect(html.includes('<img src=x')).toBe(false);
    expect(html.includes('&lt;/script&gt;&lt;img src=x')).toBe(true);
    expect(html.includes('\\u003c/script>\\u003cimg src=x')).toBe(true);
    expect(html.match(/<script>/g)).toHaveLength(html.match(/<\/script>/g)!.length);
  });

  it('is the same each time', () => {
    const [first, second] = [renderReport(sampleRuns()), renderReport(sampleRuns())];
    expect(first === second).toBe(true);
  });

  it('says which runs are partial', () => {
    expect(renderReport(sampleRuns({ untilSeconds: 30 })).includes('Partial results:')).toBe(true);
    expect(renderReport(sampleRuns()).includes('Partial results:')).toBe(false);
  });

  it('compares no partial run with a whole one', () => {
    const [fifo, drf] = sampleRuns({ policies: ['fifo', 'drf'] });
    const [stopped] = sampleRuns({ policies: ['sjf'], untilSeconds: 30 });
    const head = differenceTable([fifo, drf]).match(/best/g);
    const withStopped = differenceTable([fifo, drf, stopped]);
    expect(withStopped.match(/best/g)).toEqual(head);
    expect(withStopped).toContain('sjf (partial)');
    expect(findings([fifo, drf, stopped])).toHaveLength(1);
    expect(findings([stopped, drf])).toEqual([]);
    expect(differenceTable([stopped, drf])).not.toMatch(/[+−±]\d/);
  });

  it('marks no best figure where all read alike', () => {
    const [fifo, drf] = sampleRuns({ policies: ['fifo', 'drf'] });
    const rowWith = (makespanSeconds: number) => {
      const metrics = { ...fifo.summary.metrics, makespanSeconds };
      const table = differenceTable([fifo, { ...drf, summary: { ...drf.summary, metrics } }]);
      return /<th scope="row">makespan.*/.exec(table)?.[0] ?? '';
    };
    const { makespanSeconds } = fifo.summary.metrics;
    expect(rowWith(makespanSeconds * 1.000001)).not.toContain('best');
    expect(rowWith(makespanSeconds * 2)).toContain('best');
  });

  it('explains every figure of its table', () => {
    const [{ summary }] = sampleRuns({ policies: ['drf'] });
    const lively = {
      ...summary.metrics,
      lostAttempts: 1,
      offers: { made: 1, accepted: 1, declined: 1, rescinded: 1 },
    };
    const plain = (text: string) => text.replace('’', "'");
    for (const { label } of metricRows([lively]))
      expect(
        Object.keys(GLOSSARY).some((term) => label.includes(plain(term))),
        label,
      ).toBe(true);
  });

  it('names trace, seed, options, version and the command', () => {
    const html = renderReport(sampleRuns());
    for (const text of [
      'sample, digest 0123456789abcdef',
      '<dd>1</dd>',
      'agents: 6; model: placement',
      'mesolab 0.1.0',
      'mesolab simulate sample --policy fifo,drf,sjf',
    ])
      expect(html.includes(text), text).toBe(true);
  });

  it('counts the rows of the trace that were left out', () => {
    const [run] = sampleRuns({ policies: ['drf'] });
    expect(renderReport([run]).includes('rows left out')).toBe(false);
    const leftOut = { 'task without a plan': 1234 };
    const lossy = { ...run, manifest: { ...run.manifest, trace: { ...run.manifest.trace, leftOut } } };
    expect(renderReport([lossy]).includes('<dd>task without a plan: 1,234</dd>')).toBe(true);
  });

  it('of no runs says so', () => {
    expect(renderReport([])).toContain('There are no runs to show.');
  });

  it('of 100,000 tasks under three policies stays below 8 MB', () => {
    const html = renderReport(sampleRuns({ jobs: 25_000, tasks: 11, agents: 1000, slots: 1 }));
    expect(html.length).toBeLessThan(8e6);
  });
});

describe('distributions', () => {
  const curve = (zeros: number, ones: number) =>
    cumulativeCurve(Float64Array.from({ length: zeros + ones }, (_, i) => (i < zeros ? 0 : 1)));

  it('go on to the end of the axis', () => {
    expect(extendedTo(10, curve(4, 0))).toEqual([
      { value: 0, part: 1 },
      { value: 10, part: 1 },
    ]);
    expect(extendedTo(1, curve(1, 1))).toEqual([
      { value: 0, part: 0.5 },
      { value: 1, part: 1 },
    ]);
  });

  it('start their axis where the lowest curve starts, and say so', () => {
    expect(partAxis('jobs', [curve(995, 5), curve(999, 1)])).toMatchObject({
      scale: { domain: [0.99, 1] },
      title: ['jobs (%)', 'axis starts at 99 %'],
    });
    expect(partAxis('jobs', [curve(995, 5), curve(1, 1)])).toMatchObject({
      scale: { domain: [0, 1] },
      title: 'jobs (%)',
    });
    expect(partAxis('jobs', [curve(9995, 5)])).toMatchObject({
      scale: { domain: [0.999, 1] },
      title: ['jobs (%)', 'axis starts at 99.9 %'],
    });
    expect(partAxis('jobs', [curve(5, 0)])).toMatchObject({ scale: { domain: [0, 1] } });
  });
});

describe('findings', () => {
  it('state the largest differences to the first run, computed from the figures', () => {
    const [fifo, drf] = sampleRuns({ policies: ['fifo', 'drf'] });
    const wait = { mean: 10, p50: 1, p90: 1, p99: 100, max: 1 };
    const withWait = (run: typeof fifo, p99: number) => ({
      ...run,
      summary: { ...run.summary, metrics: { ...fifo.summary.metrics, waitSeconds: { ...wait, p99 } } },
    });
    expect(findings([withWait(fifo, 100), withWait(drf, 69)])).toEqual([
      'In these runs, drf compared with fifo: its p99 wait is 31 % lower (69 s against 100 s).',
    ]);
  });

  it('say so where nothing differs', () => {
    const [run] = sampleRuns({ policies: ['fifo'] });
    expect(findings([run, run])).toEqual([
      'In these runs, no figure of 2: fifo is more than 1 % away from 1: fifo’s.',
    ]);
  });
});
