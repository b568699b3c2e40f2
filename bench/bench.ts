/**
 * `npm run bench`: how many tasks a second the replay engines play and how many rows a second are read. Adds a record to
 * bench/history.json and rewrites the table in bench/README.md. Figures of different records are of different moments of
 * a machine: to compare two commits, use `npm run bench:check`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import benny from 'benny';
import { hostDescription } from '../src/cli/host.ts';
import { gitCommit } from '../src/cli/version.ts';
import { writeFileAtomically } from '../src/files/atomic-write.ts';
import { loadNative } from '../src/native/load-native.ts';
import { hasUncommittedChanges } from './check/git.ts';
import { csvBenchmarks } from './csv-benchmarks.ts';
import { type ReplayScale, replayBenchmark } from './replay-benchmark.ts';

interface Figure {
  readonly benchmark: string;
  /** Tasks or rows. */
  readonly perSecond: number;
}

interface Case extends ReplayScale {
  readonly engine: 'TypeScript' | 'native';
}

const TASKS = 200_000;
const CSV_ROWS = 200_000;
const SAMPLING = { minSamples: 3, maxTime: 1 };
const MODEL = { kind: 'placement' } as const;
const HISTORY = fileURLToPath(new URL('history.json', import.meta.url));
const README = fileURLToPath(new URL('README.md', import.meta.url));

const { module } = loadNative();
const engines = module === null ? (['TypeScript'] as const) : (['TypeScript', 'native'] as const);
const cases: readonly Case[] = engines.flatMap((engine) => [
  ...[1000, 5000, 12_500].flatMap((agents) =>
    [10, 400].flatMap((roles) =>
      [0, 100_000].flatMap((backlog) =>
        ['fifo', 'drf'].map((policy) => ({
          ...{ engine, policy, agents, roles, backlog, model: MODEL, tasks: TASKS },
          load: backlog > 0 ? 1 : 0.6,
        })),
      ),
    ),
  ),
  // What a task costs must not grow with the trace.
  ...['fifo', 'drf'].flatMap((policy) =>
    [100_000, 1_000_000].map((tasks) => ({
      ...{ engine, policy, tasks, agents: 5000, roles: 400, backlog: 0, load: 0.6, model: MODEL },
    })),
  ),
]);

const figures: Figure[] = [];
await benny.suite(
  'replay',
  ...cases.map((scale) =>
    benny.add(
      nameOf(scale),
      () => replayBenchmark(scale, scale.engine === 'native' ? module : null),
      SAMPLING,
    ),
  ),
  benny.cycle(({ name, details }) => `${name}: ${details.median.toFixed(2)} s`),
  benny.complete(({ results }) => {
    results.forEach(({ name, details }, i) => {
      figures.push({ benchmark: name, perSecond: Math.round(cases[i].tasks / details.median) });
    });
  }),
);
await benny.suite(
  'read rows',
  ...Object.entries(csvBenchmarks(CSV_ROWS)).map(([name, read]) => benny.add(name, read, SAMPLING)),
  benny.complete(({ results }) => {
    for (const { name, details } of results)
      figures.push({ benchmark: name, perSecond: Math.round(CSV_ROWS / details.median) });
  }),
);

const date = new Date().toISOString();
const host = { ...hostDescription(), cores: availableParallelism() };
const history: unknown[] = existsSync(HISTORY) ? JSON.parse(readFileSync(HISTORY, 'utf8')) : [];
const commit = gitCommit();
const isDirty = commit === null ? null : hasUncommittedChanges(process.cwd());
history.push({ date, commit, isDirty, host, figures });
await writeFileAtomically(HISTORY, `${JSON.stringify(history, null, 1)}\n`);
const readme = readFileSync(README, 'utf8');
await writeFileAtomically(
  README,
  readme.replace(/<!-- bench -->[\s\S]*<!-- \/bench -->/, `<!-- bench -->\n\n${tables()}\n\n<!-- /bench -->`),
);

function nameOf({ engine, policy, tasks, agents, roles, backlog }: Case): string {
  const waiting = backlog > 0 ? `backlog ${backlog}` : 'no backlog';
  return `${engine}, ${policy}, ${tasks} tasks, ${agents} agents, ${roles} roles, ${waiting}`;
}

function perSecond(scale: Case): number {
  return figures.find(({ benchmark }) => benchmark === nameOf(scale))!.perSecond;
}

/** One row for each cluster and workload, one column for each policy and engine. */
function tables(): string {
  const columns = engines.flatMap((engine) => ['fifo', 'drf'].map((policy) => ({ engine, policy })));
  const shapes = cases.filter(({ engine, policy }) => engine === 'TypeScript' && policy === 'fifo');
  const rows = shapes.map((shape) => {
    const cells = columns.map((column) => Math.round(perSecond({ ...shape, ...column }) / 1000));
    return `| ${[shape.tasks, shape.agents, shape.roles, shape.backlog, ...cells].join(' | ')} |`;
  });
  const ratios = columns.map((column) => {
    const [short, long] = [100_000, 1_000_000].map((tasks) =>
      perSecond({ ...column, tasks, agents: 5000, roles: 400, backlog: 0, load: 0.6, model: MODEL }),
    );
    return `${column.engine} ${column.policy} ${(short / long).toFixed(2)}`;
  });
  const read = Object.keys(csvBenchmarks(1)).map(
    (name) => `${name} ${figures.find(({ benchmark }) => benchmark === name)!.perSecond}`,
  );
  return [
    `${date.slice(0, 10)}, ${host.cpu}, Node ${host.node}. Thousand tasks a second, medians of at least 3 replays of one process:`,
    '',
    `| tasks | agents | roles | backlog | ${columns.map(({ engine, policy }) => `${engine} ${policy}`).join(' | ')} |`,
    `| ${'--: | '.repeat(4 + columns.length).trim()}`,
    ...rows,
    '',
    `Cost of a task in a trace of 1,000,000 ÷ in one of 100,000: ${ratios.join(', ')}.`,
    '',
    `Rows a second: ${read.join(', ')}.`,
  ].join('\n');
}
