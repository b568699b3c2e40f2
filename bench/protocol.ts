/**
 * The protocol simulation at the scale of the Mesos paper (NSDI 2011, section 6.5): `npx node bench/protocol.ts [AGENTS]
 * [FRAMEWORKS] [SECONDS]`, by default 50,000 agents, 200 frameworks that always have work, tasks of 30 s on average, ten
 * minutes of virtual time; the leader is killed halfway. Prints latencies, messages, and the time it took.
 */
import { buildCluster } from '../src/cluster/cluster.ts';
import { stream } from '../src/cluster/streams.ts';
import { US_PER_SECOND } from '../src/cluster/time.ts';
import { parsePolicy } from '../src/policies/registry.ts';
import { DEFAULT_PROTOCOL } from '../src/sim/protocol/options.ts';
import { ProtocolSimulation } from '../src/sim/protocol/simulation.ts';
import { WorkloadBuilder } from '../src/workload/builder.ts';

const MEAN_US = 30 * US_PER_SECOND;
const JOBS_PER_FRAMEWORK = 100;
const EVENTS_PER_SLICE = 200_000;

const [agents = 50_000, frameworks = 200, seconds = 600] = process.argv.slice(2).map(Number);
const untilUs = seconds * US_PER_SECOND;
const simulation = new ProtocolSimulation(workload(), {
  seed: '1',
  cluster: buildCluster(
    Array.from({ length: agents }, (_, a) => ({ id: `agent-${a}`, resources: { cpus: 1, mem: 1000 } })),
  ),
  policy: parsePolicy('drf'),
  weights: new Map(),
  limits: new Map(),
  guarantees: new Map(),
  model: {
    kind: 'protocol',
    intervalUs: US_PER_SECOND,
    holdUs: Number.POSITIVE_INFINITY,
    refuseUs: 5 * US_PER_SECOND,
    world: {
      ...DEFAULT_PROTOCOL,
      faults: [{ kind: 'kill', target: 'leader', atUs: untilUs / 2, durationUs: 0 }],
    },
  },
  failures: null,
  untilUs,
  isChecked: false,
});
const startedMs = performance.now();
while (!simulation.advance(EVENTS_PER_SLICE))
  process.stderr.write(`\r${Math.floor(simulation.progress.nowUs / US_PER_SECOND)} s of virtual time`);
const wallSeconds = (performance.now() - startedMs) / 1000;
const { metrics, protocol } = simulation.summary();
const { messagesByType, ...figures } = protocol!;
const { user, system } = process.cpuUsage();
process.stderr.write('\n');
console.log({
  tasksEnded: simulation.progress.endedTasks,
  ...figures,
  utilisation: metrics.utilisation,
  wallSeconds,
  cpuSeconds: (user + system) / US_PER_SECOND,
  fasterThanRealTime: figures.virtualSeconds / wallSeconds,
  eventsPerSecond: figures.events / wallSeconds,
  peakMebibytes: process.resourceUsage().maxRSS / 1024,
});

/** All jobs are there from the start, with work for the whole time and a little more. */
function workload() {
  const random = stream('protocol benchmark', 'durations');
  const builder = new WorkloadBuilder('protocol benchmark');
  const request = builder.request({ cpus: 1, mem: 1000 }, null);
  const perJob = Math.ceil((1.05 * agents * untilUs) / MEAN_US / frameworks / JOBS_PER_FRAMEWORK);
  for (let job = 0; job < frameworks * JOBS_PER_FRAMEWORK; job++) {
    builder.job({ role: `framework-${job % frameworks}`, submitUs: 0 });
    for (let task = 0; task < perJob; task++)
      builder.tasks(1, request, Math.max(1, Math.round(-Math.log(1 - random()) * MEAN_US)));
  }
  return builder.finish(null, new Map());
}
