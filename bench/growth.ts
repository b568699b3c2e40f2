/**
 * What a decision costs as the cluster grows: `npx node bench/growth.ts` replays DRF with a standing backlog over more and
 * more roles, then agents, in both engines in turn; prints a table and writes bench/growth.svg and bench/growth.json.
 */
import { CHART_BASE, type ChartSpec } from '../src/charts/chart.ts';
import { renderSvg } from '../src/charts/render-svg.ts';
import { writeFileAtomically } from '../src/files/atomic-write.ts';
import { loadNative } from '../src/native/load-native.ts';
import { median } from './check/median.ts';
import { replayBenchmark } from './replay-benchmark.ts';

const TASKS = 100_000;
const ROUNDS = 3;
const ROLES = [4, 16, 64, 256, 1024, 4096];
const AGENTS = [100, 400, 1600, 6400, 25_600];
const FIXED = { roles: 100, agents: 1600 };

interface Point {
  readonly grows: 'roles' | 'agents';
  readonly size: number;
  readonly engine: 'TypeScript' | 'native';
  readonly microseconds: number;
}

const { module } = loadNative();
const engines = [
  { engine: 'TypeScript', native: null },
  ...(module === null ? [] : [{ engine: 'native', native: module } as const]),
] as const;

function measure(grows: Point['grows'], size: number): Point[] {
  const scale = { ...FIXED, [grows]: size };
  const runs = engines.map(({ native }) =>
    replayBenchmark(
      { policy: 'drf', model: { kind: 'placement' }, tasks: TASKS, backlog: TASKS / 2, load: 1, ...scale },
      native,
    ),
  );
  const cpuMs = engines.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    runs.forEach((run, i) => {
      const before = process.cpuUsage();
      run();
      const { user, system } = process.cpuUsage(before);
      cpuMs[i].push((user + system) / 1000);
    });
  }
  return engines.map(({ engine }, i) => ({
    grows,
    size,
    engine,
    microseconds: (median(cpuMs[i]) * 1000) / TASKS,
  }));
}

function chart(points: readonly Point[]): ChartSpec {
  return {
    ...CHART_BASE,
    // A file that is looked at by itself, on any viewer's background.
    background: 'white',
    title: 'Processor time per task, DRF with a standing backlog',
    data: { values: points.map((point) => ({ ...point })) },
    facet: { column: { field: 'grows', type: 'nominal', title: null, header: { labelFontSize: 13 } } },
    resolve: { scale: { x: 'independent' } },
    spec: {
      width: 300,
      height: 220,
      mark: { type: 'line', point: true },
      encoding: {
        x: { field: 'size', type: 'quantitative', scale: { type: 'log' }, title: 'how many (log)' },
        y: { field: 'microseconds', type: 'quantitative', title: 'µs per task' },
        color: { field: 'engine', type: 'nominal', title: 'engine' },
      },
    },
  };
}

const points: Point[] = [];
for (const [grows, sizes] of [
  ['roles', ROLES],
  ['agents', AGENTS],
] as const) {
  for (const size of sizes) {
    points.push(...measure(grows, size));
    process.stderr.write(`${size} ${grows}\n`);
  }
}
const here = new URL('.', import.meta.url).pathname;
await writeFileAtomically(`${here}growth.json`, `${JSON.stringify(points, null, 2)}\n`);
await writeFileAtomically(`${here}growth.svg`, await renderSvg(chart(points)));
for (const { grows, size, engine, microseconds } of points)
  process.stdout.write(`| ${grows} | ${size} | ${engine} | ${microseconds.toFixed(2)} |\n`);
