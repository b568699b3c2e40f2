/** Tasks per second of the replay engine. `npm run bench` runs it and writes bench/replay.json and the table in bench/README.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import benny from 'benny';
import { parsePolicy } from '../src/policies/registry.ts';
import { Replay } from '../src/sim/replay.ts';
import { type Scale, syntheticCase } from './synthetic.ts';

const TASKS = 200_000;
const CASES: readonly (Scale & { readonly policy: string })[] = [
  ...[1000, 5000, 12_500].flatMap((agents) =>
    [10, 400].flatMap((roles) =>
      [0, 100_000].flatMap((backlog) =>
        ['fifo', 'drf'].map((policy) => ({
          tasks: TASKS,
          agents,
          roles,
          backlog,
          load: backlog > 0 ? 1 : 0.6,
          policy,
        })),
      ),
    ),
  ),
  ...['fifo', 'drf'].flatMap((policy) =>
    [100_000, 1_000_000].map((tasks) => ({ tasks, agents: 5000, roles: 400, backlog: 0, load: 0.6, policy })),
  ),
];

interface Row extends Scale {
  readonly policy: string;
  readonly tasksPerSecond: number;
}

const rows: Row[] = [];
await benny.suite(
  'replay',
  ...CASES.map((scale) => {
    const { workload, cluster } = syntheticCase(scale);
    return benny.add(
      nameOf(scale),
      () => {
        const replay = new Replay(workload, {
          seed: 'bench',
          cluster,
          policy: parsePolicy(scale.policy),
          weights: new Map(),
          limits: new Map(),
          guarantees: new Map(),
          model: { kind: 'placement' },
          failures: null,
          untilUs: Number.POSITIVE_INFINITY,
          isChecked: false,
        });
        while (!replay.advance(1_000_000));
      },
      { minSamples: 3, maxTime: 1.5 },
    );
  }),
  benny.cycle((result) => `${result.name}: ${result.details.median.toFixed(2)} s`),
  benny.complete((summary) => {
    summary.results.forEach((result, i) => {
      rows.push({ ...CASES[i], tasksPerSecond: Math.round(CASES[i].tasks / result.details.median) });
    });
  }),
);
writeFileSync(
  new URL('replay.json', import.meta.url),
  `${JSON.stringify({ date: today(), cpu: cpus()[0].model, node: process.version, rows }, null, 2)}\n`,
);
writeTable();

function nameOf({ policy, tasks, agents, roles, backlog }: Scale & { policy: string }): string {
  return `${policy}, ${tasks} tasks, ${agents} agents, ${roles} roles, ${backlog > 0 ? `backlog ${backlog}` : 'no backlog'}`;
}

function writeTable(): void {
  const file = new URL('README.md', import.meta.url);
  const text = readFileSync(file, 'utf8');
  const per = (policy: string, tasks: number) =>
    1 /
    rows.find(
      (row) => row.policy === policy && row.tasks === tasks && row.agents === 5000 && row.roles === 400,
    )!.tasksPerSecond;
  const lines = [
    `${today()}, ${cpus()[0].model}, Node ${process.version}; median of at least 3 runs in one process.`,
    '',
    '| policy | tasks | agents | roles | backlog | tasks/s |',
    '|---|--:|--:|--:|--:|--:|',
    ...rows.map(
      (row) =>
        `| ${row.policy} | ${row.tasks} | ${row.agents} | ${row.roles} | ${row.backlog} | ${row.tasksPerSecond} |`,
    ),
    '',
    ...['fifo', 'drf'].map(
      (policy) =>
        `Cost per task at 1,000,000 : 100,000 tasks, ${policy}: ${(per(policy, 1_000_000) / per(policy, 100_000)).toFixed(2)}`,
    ),
  ];
  const [before] = text.split('<!-- replay -->');
  writeFileSync(file, `${before}<!-- replay -->\n${lines.join('\n')}\n`);
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}
