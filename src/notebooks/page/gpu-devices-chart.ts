/** The GPUs of a few agents and the pods on them, a panel a rule. */
import { CHART_BASE, CHART_WIDTH, type ChartSpec } from '../../charts/chart.ts';
import { colourScale } from '../../charts/palette.ts';
import { type FilledGpus, POD_KINDS } from './fill-gpus.ts';

/** Room of a device, and of the gap after the last of an agent's, on the axis. */
const PER_AGENT = 5;
const DEVICES = PER_AGENT - 1;

export function gpuDevicesChart(rules: readonly (readonly [name: string, filled: FilledGpus])[]): ChartSpec {
  const kinds = POD_KINDS.filter(({ gpus }) => gpus > 0).map(({ name }) => name);
  const place = (agent: number, device: number) => agent * PER_AGENT + device;
  const values = rules.flatMap(([rule, { parts, freeCpus }]) => [
    ...freeCpus.flatMap((cpus, agent) => [
      { rule, label: `${cpus} CPUs free`, x: place(agent, DEVICES / 2) },
      ...Array.from({ length: DEVICES }, (_, device) => ({
        rule,
        isFrame: true,
        x: place(agent, device) + 0.06,
        x2: place(agent, device) + 0.94,
        from: 0,
        to: 1,
      })),
    ]),
    ...parts.map(({ kind, agent, device, from, to }) => ({
      rule,
      kind,
      x: place(agent, device) + 0.06,
      x2: place(agent, device) + 0.94,
      from,
      to,
    })),
  ]);
  const agents = Math.max(...rules.map(([, { freeCpus }]) => freeCpus.length));
  const x = {
    field: 'x',
    type: 'quantitative',
    title: null,
    axis: null,
    scale: { domain: [0, place(agents, 0)] as number[], nice: false },
  } as const;
  const y = {
    field: 'from',
    type: 'quantitative',
    title: 'GPU in use (%)',
    scale: { domain: [-0.22, 1] as number[], nice: false },
    axis: { values: [0, 0.5, 1] as number[], labelExpr: '100 * datum.value', grid: false },
  } as const;
  const box = { x, x2: { field: 'x2' }, y, y2: { field: 'to' } } as const;
  return {
    ...CHART_BASE,
    data: { values },
    facet: { field: 'rule', type: 'nominal', title: null, sort: rules.map(([rule]) => rule) },
    columns: 1,
    spec: {
      width: CHART_WIDTH,
      height: 90,
      layer: [
        {
          transform: [{ filter: 'datum.isFrame' }],
          mark: { type: 'rect', fill: 'transparent', stroke: 'currentColor', strokeOpacity: 0.5 },
          encoding: box,
        },
        {
          transform: [{ filter: 'isValid(datum.kind)' }],
          mark: { type: 'rect', stroke: 'currentColor', strokeWidth: 0.5, strokeOpacity: 0.6 },
          encoding: {
            ...box,
            color: {
              field: 'kind',
              type: 'nominal',
              title: 'pod',
              scale: colourScale(kinds),
              legend: { symbolStrokeWidth: 0, columns: kinds.length },
            },
          },
        },
        {
          transform: [{ filter: 'isValid(datum.label)' }],
          mark: { type: 'text', baseline: 'top', dy: 4, fontSize: 11, color: 'currentColor' },
          encoding: { x, y: { ...y, field: undefined, datum: 0 }, text: { field: 'label', type: 'nominal' } },
        },
      ],
    },
  };
}
