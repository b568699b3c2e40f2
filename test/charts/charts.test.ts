/** Each chart as a kept picture, and with the runs that break charts: empty, partial, one role, hundreds of roles. */
import { describe, expect, it } from 'vitest';
import { cumulativeCurve } from '../../src/charts/cumulative-curve.ts';
import { CHART_KINDS } from '../../src/charts/kinds.ts';
import { overTime } from '../../src/charts/over-time.ts';
import { queueLengthChart } from '../../src/charts/queue-length.ts';
import { renderSvg } from '../../src/charts/render-svg.ts';
import { shownRoles } from '../../src/charts/shown-roles.ts';
import { sampleRuns } from './sample-runs.ts';

const MANY_ROLES = Array.from({ length: 400 }, (_, role) => `team-${role}`);

describe.each(Object.entries(CHART_KINDS))('the chart %s', (name, { draw: chart }) => {
  it('looks as it did', async () => {
    const svg = await renderSvg(chart(sampleRuns()));
    await expect(svg).toMatchFileSnapshot(`./output/${name}.svg`);
  });

  it.each([
    ['without jobs', { jobs: 0 }],
    ['without jobs and roles', { jobs: 0, roles: [] }],
    ['with one job', { jobs: 1 }],
    ['of one role', { roles: ['only'] }],
    ['stopped early', { untilSeconds: 30 }],
    ['of 400 roles', { roles: MANY_ROLES, jobs: 800 }],
  ])('draws runs %s', async (_, settings) => {
    const svg = await renderSvg(chart(sampleRuns(settings)));
    expect(svg).toContain('<svg');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('shows no more than seven roles in colour, whatever their number', () => {
    const text = JSON.stringify(chart(sampleRuns({ roles: MANY_ROLES, jobs: 800 })));
    const named = new Set(text.match(/team-\d+/g));
    expect(named.size).toBeLessThanOrEqual(15);
  });
});

describe('runs of one policy', () => {
  it('are told apart by number', () => {
    const spec = JSON.stringify(queueLengthChart(sampleRuns({ policies: ['drf', 'drf'] })));
    expect(spec).toContain('1: drf');
    expect(spec).toContain('2: drf');
  });
});

describe('a cumulative curve', () => {
  it('has at most 400 points, from the smallest to the largest value', () => {
    const curve = cumulativeCurve(Float64Array.from({ length: 10_000 }, (_, i) => 9999 - i));
    expect(curve.length).toBeLessThanOrEqual(400);
    expect(curve[0]).toEqual({ value: 0, part: 0.0001 });
    expect(curve.at(-1)).toEqual({ value: 9999, part: 1 });
  });

  it('ends below 1 where some have no figure', () => {
    expect(cumulativeCurve(Float64Array.of(3, Number.NaN, 0, Number.NaN))).toEqual([
      { value: 0, part: 0.25 },
      { value: 3, part: 0.5 },
    ]);
  });
});

describe('a series over time', () => {
  it('keeps its mean when it is thinned', () => {
    const time = Float64Array.from({ length: 1000 }, (_, i) => i);
    const { timeSeconds, sums } = overTime(time, time, 1, () => 0, 101);
    expect(timeSeconds).toHaveLength(101);
    expect(timeSeconds.at(-1)).toBe(1000);
    expect(sums[0].subarray(0, 100).reduce((sum, each) => sum + each, 0) / 100).toBeCloseTo(499.5);
  });
});

describe('roles beyond the largest', () => {
  it('are put together under one name', () => {
    const roles = shownRoles(sampleRuns({ roles: MANY_ROLES, jobs: 800 }));
    expect(roles.names).toHaveLength(7);
    expect(roles.names.at(-1)).toBe('394 other roles');
    expect(roles.indexOf('nobody knows')).toBe(6);
  });
});
