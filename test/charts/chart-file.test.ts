/** Charts as files: what each kind of file holds, and that every quantity on an axis names its unit. */
import { describe, expect, it } from 'vitest';
import type { ChartSpec } from '../../src/charts/chart.ts';
import { chartFileEnd, renderChartFile } from '../../src/charts/chart-file.ts';
import { CHART_KINDS } from '../../src/charts/kinds.ts';
import { renderSvg } from '../../src/charts/render-svg.ts';
import { sweepChart } from '../../src/charts/sweep.ts';
import type { SweepPoint } from '../../src/experiments/sweep-points.ts';
import { sampleRuns } from './sample-runs.ts';

const queue = CHART_KINDS['queue-length'].draw(sampleRuns());

/** Titles of quantitative axes that are drawn, lines joined. */
function quantityTitles(spec: unknown): string[] {
  if (typeof spec !== 'object' || spec === null) return [];
  return Object.entries(spec).flatMap(([key, value]) => {
    const axis = value as { type?: string; title?: string | string[] | null } | null;
    if ((key === 'x' || key === 'y') && axis?.type === 'quantitative' && axis.title)
      return [[axis.title].flat().join(' ')];
    return key === 'data' ? [] : quantityTitles(value);
  });
}

describe('a chart as a file', () => {
  it('is recognised by the end of its name', () => {
    expect(chartFileEnd('a/b.SVG')).toBe('.svg');
    expect(chartFileEnd('b.vl.json')).toBe('.vl.json');
    expect(chartFileEnd('b.json')).toBeUndefined();
    expect(chartFileEnd('b.pdf')).toBeUndefined();
  });

  it('as SVG has ink for paper and for dark screens', async () => {
    const svg = (await renderChartFile(queue, 'Queue', '.svg')) as string;
    expect(svg).toMatch(
      /^<svg[^>]*><style>:root\{color:#1f2328\}@media screen and \(prefers-color-scheme:dark\)/,
    );
    expect(svg).toContain('currentColor');
  });

  it('as PNG is a picture of twice the size, with text in it', async () => {
    const png = Buffer.from((await renderChartFile(queue, 'Queue', '.png')) as Uint8Array);
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect(png.readUInt32BE(16)).toBeGreaterThan(1280);
    const untitled = JSON.parse(JSON.stringify(queue).replaceAll(/"title":"[^"]*"/g, '"title":" "'));
    const bare = (await renderChartFile(untitled, '', '.png')) as Uint8Array;
    expect(png.length - bare.length).toBeGreaterThan(1000);
  });

  it('as a page refuses the network and escapes what runs are called', async () => {
    const page = (await renderChartFile(queue, '<b>Queue</b>', '.html')) as string;
    expect(page).toContain("default-src 'none'");
    expect(page).toContain('<h2>&lt;b&gt;Queue&lt;/b&gt;</h2>');
    expect(page).not.toMatch(/<(script|link)[^>]+(src|href)=/);
  });

  it('as a specification is the chart that was given', async () => {
    const spec = JSON.parse((await renderChartFile(queue, 'Queue', '.vl.json')) as string);
    const { title, ...rest } = spec;
    expect(title).toBe('Queue');
    expect(rest).toEqual(JSON.parse(JSON.stringify(queue)));
  });
});

describe.each(Object.entries(CHART_KINDS))('axes of %s', (_, { draw }) => {
  it('name their units', () => {
    const titles = quantityTitles(draw(sampleRuns()) as ChartSpec);
    expect(titles.length).toBeGreaterThan(0);
    for (const title of titles)
      expect(title).toMatch(/\((%|number|ratio|time|seconds|minutes|hours|days)[^)]*\)/);
  });
});

describe('the heat map', () => {
  it('adds up to the time that tasks ran', () => {
    const [run] = sampleRuns();
    const spec = JSON.parse(JSON.stringify(CHART_KINDS['heat-map'].draw([run])));
    const cells = spec.data.values as {
      time: number;
      timeEnd: number;
      agent: number;
      agentEnd: number;
      tasks: number;
    }[];
    const unit = /minutes/.test(spec.spec.encoding.x.title)
      ? 60
      : /hours/.test(spec.spec.encoding.x.title)
        ? 3600
        : 1;
    const drawn = cells.reduce(
      (sum, cell) => sum + cell.tasks * (cell.timeEnd - cell.time) * unit * (cell.agentEnd - cell.agent),
      0,
    );
    const { startSeconds, endSeconds } = run.tables.tasks;
    const ran = startSeconds.reduce((sum, start, task) => sum + (endSeconds[task] - start), 0);
    expect(drawn / ran).toBeCloseTo(1, 2);
  });
});

describe('the Gantt chart', () => {
  it('shows whole agents, as many as have room, and says so', () => {
    const small = JSON.stringify(CHART_KINDS.gantt.draw(sampleRuns()));
    expect(small).not.toContain('first');
    const [run] = sampleRuns({ policies: ['fifo'], jobs: 2500, tasks: 3, agents: 100 });
    const spec = JSON.parse(JSON.stringify(CHART_KINDS.gantt.draw([run])));
    const shown = Number(/first (\d+) of 100/.exec(JSON.stringify(spec))?.[1]);
    const agents = new Set(spec.data.values.map((bar: { agent: string }) => bar.agent));
    expect(agents.size).toBe(shown);
    const expected = run.tables.tasks.agent.filter((agent) => agent >= 0 && agent < shown).length;
    expect(spec.data.values).toHaveLength(expected);
  });
});

describe('the chart of a sweep', () => {
  const points = (values: readonly (number | string)[], panels: readonly string[]): SweepPoint[] =>
    panels.flatMap((panel) =>
      ['fifo', 'drf'].flatMap((policy, p) =>
        values.map((value, v) => {
          const mean = (p + 1) * (v + 2);
          return { policy, value, panel, mean, low: mean - 0.5, high: mean + 0.7 };
        }),
      ),
    );
  const titles = { parameter: 'load (ratio)', figure: 'mean wait (seconds)', confidence: 0.95 };

  it('looks as it did', async () => {
    const svg = await renderSvg(sweepChart(points([0.5, 0.7, 0.9], ['100 agents', '200 agents']), titles));
    await expect(svg).toMatchFileSnapshot('./output/sweep.svg');
  });

  it.each([
    ['numbers', [0.5, 1]],
    ['names', ['none', 'easy']],
    ['one value', [1]],
    ['no value', []],
  ])('draws %s', async (_, values) => {
    const svg = await renderSvg(sweepChart(points(values, ['all']), titles));
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });
});
