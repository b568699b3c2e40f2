/** Who holds which part of each resource: a panel a resource, a bar a policy, stacked by user. */
import { CHART_BASE, CHART_WIDTH, type ChartSpec, round } from '../../charts/chart.ts';
import { colourScale } from '../../charts/palette.ts';

export interface HeldShare {
  readonly policy: string;
  readonly user: string;
  readonly resource: string;
  /** 0 … 1 of the resource's capacity. */
  readonly share: number;
}

/** @param userTitle what users are called, such as `role`; policies, users and resources come in the order of `shares` */
export function sharesChart(shares: readonly HeldShare[], userTitle: string): ChartSpec {
  const users = unique(shares.map(({ user }) => user));
  const resources = unique(shares.map(({ resource }) => resource));
  const values = shares.map((held) => ({
    ...held,
    share: round(held.share),
    place: users.indexOf(held.user),
  }));
  return {
    ...CHART_BASE,
    data: { values },
    facet: { field: 'resource', type: 'nominal', title: null, sort: resources },
    columns: resources.length,
    spec: {
      width: (CHART_WIDTH - 60) / resources.length,
      height: { step: 22 },
      mark: { type: 'bar' },
      encoding: {
        y: {
          field: 'policy',
          type: 'nominal',
          title: 'policy',
          sort: unique(shares.map(({ policy }) => policy)),
        },
        x: {
          field: 'share',
          type: 'quantitative',
          stack: 'zero',
          title: 'part of the resource (%)',
          axis: { format: '~%', tickCount: 5 },
          scale: { domain: [0, 1] },
        },
        color: {
          field: 'user',
          type: 'nominal',
          title: userTitle,
          scale: colourScale(users),
          legend: { columns: users.length },
        },
        order: { field: 'place', type: 'quantitative' },
        tooltip: [
          { field: 'policy', type: 'nominal' },
          { field: 'user', type: 'nominal', title: userTitle },
          { field: 'resource', type: 'nominal' },
          { field: 'share', type: 'quantitative', format: '.1%' },
        ],
      },
    },
  };
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];
