/**
 * The benchmarks that `npm run bench:check` compares. One run of each takes 10 to 40 ms, so that runs of the two sides
 * alternate faster than the machine's load changes. Whoever changes what a benchmark does changes its name too.
 */
import { loadNative } from '../src/native/load-native.ts';
import { csvBenchmarks } from './csv-benchmarks.ts';
import { replayBenchmark } from './replay-benchmark.ts';

/** What is run again and again, after the preparation that is not measured. */
type Run = () => unknown;

const PLACEMENT = { kind: 'placement' } as const;
const OFFERS = {
  kind: 'offers',
  intervalUs: 1_000_000,
  decisionUs: 0,
  holdUs: Number.POSITIVE_INFINITY,
  refuseUs: 5_000_000,
} as const;
const FREE = { agents: 1000, roles: 10, backlog: 0, load: 0.6, model: PLACEMENT };
const BACKLOGGED = { agents: 200, roles: 100, load: 1, model: PLACEMENT };

/** By name, what prepares one benchmark. Native ones are there if the native engine is. */
export function gatedBenchmarks(): Readonly<Record<string, () => Run>> {
  const { module } = loadNative();
  return {
    'replay fifo, free cluster': () => replayBenchmark({ ...FREE, policy: 'fifo', tasks: 15_000 }, null),
    'replay drf, backlog': () =>
      replayBenchmark({ ...BACKLOGGED, policy: 'drf', tasks: 5000, backlog: 2500 }, null),
    'replay drf, offers': () =>
      replayBenchmark({ ...BACKLOGGED, policy: 'drf', tasks: 3000, backlog: 0, model: OFFERS }, null),
    'read rows of a plain table': () => csvBenchmarks(20_000)['row reader (plain table)'],
    ...(module === null
      ? {}
      : {
          'native replay drf, free cluster': () =>
            replayBenchmark({ ...FREE, policy: 'drf', tasks: 50_000 }, module),
          'native replay drf, backlog': () =>
            replayBenchmark({ ...BACKLOGGED, policy: 'drf', tasks: 6000, backlog: 3000 }, module),
        }),
  };
}
