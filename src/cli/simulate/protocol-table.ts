/** The table that `simulate --model protocol` prints besides the others: latencies, failover, messages, and how fast it played. */
import { formatCount, formatNumber, formatSeconds } from '../../metrics/format-values.ts';
import type { Distribution, ProtocolFigures } from '../../metrics/summary.ts';
import { columnGroups, RUNS_PER_TABLE, textTable } from '../text-table.ts';

export interface ProtocolRun {
  readonly policy: string;
  readonly wallSeconds: number;
  readonly protocol: ProtocolFigures;
}

type Row = readonly [label: string, cell: (run: ProtocolRun) => string];

const ROWS: readonly Row[] = [
  ['launch latency, p50', seconds((protocol) => protocol.launchSeconds, 'p50')],
  ['launch latency, p99', seconds((protocol) => protocol.launchSeconds, 'p99')],
  ['launch latency, max', seconds((protocol) => protocol.launchSeconds, 'max')],
  ['offer latency, p50', seconds((protocol) => protocol.offerSeconds, 'p50')],
  ['offer latency, p99', seconds((protocol) => protocol.offerSeconds, 'p99')],
  ['failover, max', seconds((protocol) => protocol.failoverSeconds, 'max')],
  ['messages', ({ protocol }) => formatCount(protocol.messages)],
  ['bytes (estimate)', ({ protocol }) => formatCount(protocol.bytes)],
  ['events', ({ protocol }) => formatCount(protocol.events)],
  ['virtual time', ({ protocol }) => formatSeconds(protocol.virtualSeconds)],
  ['wall time', ({ wallSeconds }) => formatSeconds(wallSeconds)],
  [
    'faster than real time',
    ({ protocol, wallSeconds }) => `${formatNumber(protocol.virtualSeconds / Math.max(wallSeconds, 1e-9))} ×`,
  ],
];

export function protocolTable(runs: readonly ProtocolRun[]): string {
  return columnGroups(runs.length, RUNS_PER_TABLE)
    .map((group) =>
      textTable(
        ['', ...group.map((run) => runs[run].policy)],
        ROWS.map(([label, cell]) => [label, ...group.map((run) => cell(runs[run]))]),
      ),
    )
    .join('\n\n');
}

function seconds(of: (protocol: ProtocolFigures) => Distribution | null, which: keyof Distribution): Row[1] {
  return ({ protocol }) => {
    const distribution = of(protocol);
    return distribution === null ? '–' : formatSeconds(distribution[which]);
  };
}
