/** One replay at the size of Google's 2011 trace: `npx node bench/large.ts fifo 25000000`. Prints time and peak memory. */
import { parsePolicy } from '../src/policies/registry.ts';
import { Replay } from '../src/sim/replay.ts';
import { syntheticCase } from './synthetic.ts';

const [policy = 'fifo', tasks = '25000000'] = process.argv.slice(2);
const startedMs = performance.now();
const { workload, cluster } = syntheticCase({
  tasks: Number(tasks),
  agents: 12_500,
  roles: 400,
  backlog: 0,
  load: 0.6,
});
const builtMs = performance.now();
const replay = new Replay(workload, {
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
});
while (!replay.advance(1_000_000));
const { metrics, decisionDigest } = replay.summary();
const doneMs = performance.now();
process.stdout.write(
  `${policy}: ${metrics.tasks} tasks, digest ${decisionDigest}, built in ${((builtMs - startedMs) / 1000).toFixed(1)} s, ` +
    `replayed in ${((doneMs - builtMs) / 1000).toFixed(1)} s, peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB\n`,
);
