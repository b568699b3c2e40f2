/**
 * Replays the tasks of a CSV file in mesolab, as the peers do: `node bench/peers/mesolab.ts typescript|native FILE
 * AGENTS CPU_MILLIS MEM_MIB`. Prints figures as JSON, then waits for the end of standard input so that its parent can
 * read its resource usage.
 */
import { readFileSync } from 'node:fs';
import { uniformCluster } from '../../src/cluster/cluster.ts';
import { MILLI } from '../../src/cluster/resources.ts';
import { loadNative } from '../../src/native/load-native.ts';
import { parsePolicy } from '../../src/policies/registry.ts';
import { createReplay } from '../../src/sim/create-replay.ts';
import { workloadOfCsv } from './tasks-csv.ts';

const [engine, file, agents, cpuMillis, memMib] = process.argv.slice(2);
const native = engine === 'native' ? loadNative() : null;
if (native?.module === null) throw new Error(`no native engine: ${native.reason}`);
const workload = workloadOfCsv(readFileSync(file, 'utf8'));
const started = performance.now();
const cluster = uniformCluster(Number(agents), { cpus: Number(cpuMillis) / MILLI, mem: Number(memMib) });
const replay = createReplay(
  workload,
  {
    seed: 'peers',
    cluster,
    policy: parsePolicy('fifo'),
    weights: new Map(),
    limits: new Map(),
    guarantees: new Map(),
    model: { kind: 'placement' },
    failures: null,
    untilUs: Number.POSITIVE_INFINITY,
    isChecked: false,
  },
  native?.module ?? null,
  true,
);
while (!replay.advance(1_000_000));
const { metrics } = replay.summary();
const figures = {
  tasks: metrics.tasks - metrics.unplaced,
  replaySeconds: (performance.now() - started) / 1000,
  // Little's law, exact for what is integrated over the whole run: the summary's own mean wait is of jobs.
  meanWaitSeconds: (metrics.queueLength.mean * metrics.makespanSeconds) / metrics.tasks,
  makespanSeconds: metrics.makespanSeconds,
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
process.stdin.resume();
