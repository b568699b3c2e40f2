/**
 * One replay at the size of Google's 2011 trace: `npx node bench/large.ts fifo 25000000 --engine native`. Prints time
 * and peak memory; without `--engine` it is played in TypeScript.
 */
import { parseArgs } from 'node:util';
import { loadNative } from '../src/native/load-native.ts';
import { parsePolicy } from '../src/policies/registry.ts';
import { createReplay } from '../src/sim/create-replay.ts';
import type { ReplayOptions } from '../src/sim/options.ts';
import { syntheticCase } from './synthetic.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string', default: 'typescript' },
    load: { type: 'string', default: '0.6' },
    backlog: { type: 'string', default: '0' },
    agents: { type: 'string', default: '12500' },
    zones: { type: 'string', default: '0' },
  },
});
const [policy = 'fifo', tasks = '25000000'] = positionals;
const native = values.engine === 'native' ? loadNative() : null;
if (native?.module === null) throw new Error(`no native engine: ${native.reason}`);
const startedMs = performance.now();
const { workload, cluster } = syntheticCase({
  tasks: Number(tasks),
  agents: Number(values.agents),
  roles: 400,
  backlog: Number(values.backlog),
  load: Number(values.load),
  zones: Number(values.zones),
});
const builtMs = performance.now();
const options: ReplayOptions = {
  seed: 'bench',
  cluster,
  policy: parsePolicy(policy),
  weights: new Map(),
  limits: new Map(),
  guarantees: new Map(),
  model: { kind: 'placement' },
  failures: null,
  untilUs: Number.POSITIVE_INFINITY,
  isChecked: false,
};
const replay = createReplay(workload, options, native?.module ?? null);
while (!replay.advance(1_000_000));
const { metrics, decisionDigest } = replay.summary();
const doneMs = performance.now();
process.stdout.write(
  `${policy} in ${values.engine}: ${metrics.tasks} tasks, digest ${decisionDigest}, built in ${((builtMs - startedMs) / 1000).toFixed(1)} s, ` +
    `replayed in ${((doneMs - builtMs) / 1000).toFixed(1)} s, peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB\n`,
);
