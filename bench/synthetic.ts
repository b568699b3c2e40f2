/** Workloads for benchmarks: sizes and roles are exact, the rest is drawn from a seed. */
import { type Cluster, uniformCluster } from '../src/cluster/cluster.ts';
import { stream } from '../src/cluster/streams.ts';
import { secondsToUs } from '../src/cluster/time.ts';
import { WorkloadBuilder } from '../src/workload/builder.ts';
import type { Workload } from '../src/workload/workload.ts';

export interface Scale {
  readonly tasks: number;
  readonly agents: number;
  readonly roles: number;
  /** Tasks that are there at the start. */
  readonly backlog: number;
  /** CPU work ÷ capacity of the arrivals after the start. */
  readonly load: number;
  /** Agents lie in so many zones, and every second job must run in one of them; absent: no constraints. */
  readonly zones?: number;
}

const TASKS_PER_JOB = 37;
const AGENT = { cpus: 16, mem: 65_536 };
const SHAPES = [
  { cpus: 0.5, mem: 1024 },
  { cpus: 1, mem: 4096 },
  { cpus: 1, mem: 8192 },
  { cpus: 2, mem: 2048 },
];
const MEAN_CPUS = SHAPES.reduce((sum, { cpus }) => sum + cpus, 0) / SHAPES.length;
const DURATION_SECONDS = { least: 20, most: 500 };

export function syntheticCase({ tasks, agents, roles, backlog, load, zones = 0 }: Scale): {
  workload: Workload;
  cluster: Cluster;
} {
  const random = stream('bench', `${tasks}`);
  const builder = new WorkloadBuilder('bench');
  const places = [null, ...Array.from({ length: zones }, (_, zone) => `zone-${zone}`)];
  const requests = places.map((zone) =>
    SHAPES.map((shape) =>
      builder.request(shape, zone === null ? null : [{ attribute: 'zone', operator: 'in', values: [zone] }]),
    ),
  );
  const meanSeconds = (DURATION_SECONDS.least + DURATION_SECONDS.most) / 2;
  const tasksPerSecond = (load * agents * AGENT.cpus) / (MEAN_CPUS * meanSeconds);
  let seconds = 0;
  for (let added = 0; added < tasks; added += TASKS_PER_JOB) {
    if (added >= backlog) seconds += (-Math.log(1 - random()) * TASKS_PER_JOB) / tasksPerSecond;
    builder.job({ role: `role-${Math.floor(random() * roles)}`, submitUs: secondsToUs(seconds) });
    const place = zones > 0 && random() < 0.5 ? 1 + Math.floor(random() * zones) : 0;
    const request = requests[place][Math.floor(random() * SHAPES.length)];
    for (let i = 0; i < Math.min(TASKS_PER_JOB, tasks - added); i++) {
      const { least, most } = DURATION_SECONDS;
      builder.tasks(1, request, secondsToUs(least + random() * (most - least)));
    }
  }
  const cluster = uniformCluster(agents, AGENT);
  const zoneOf = Array.from({ length: agents }, (_, agent) => `zone-${agent % zones}`);
  return {
    workload: builder.finish(),
    cluster: zones > 0 ? { ...cluster, attributes: new Map([['zone', zoneOf]]) } : cluster,
  };
}
