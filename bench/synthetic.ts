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

export function syntheticCase({ tasks, agents, roles, backlog, load }: Scale): {
  workload: Workload;
  cluster: Cluster;
} {
  const random = stream('bench', `${tasks}`);
  const builder = new WorkloadBuilder('bench');
  const requests = SHAPES.map((shape) => builder.request(shape));
  const meanSeconds = (DURATION_SECONDS.least + DURATION_SECONDS.most) / 2;
  const tasksPerSecond = (load * agents * AGENT.cpus) / (MEAN_CPUS * meanSeconds);
  let seconds = 0;
  for (let added = 0; added < tasks; added += TASKS_PER_JOB) {
    if (added >= backlog) seconds += (-Math.log(1 - random()) * TASKS_PER_JOB) / tasksPerSecond;
    builder.job({ role: `role-${Math.floor(random() * roles)}`, submitUs: secondsToUs(seconds) });
    const request = requests[Math.floor(random() * requests.length)];
    for (let i = 0; i < Math.min(TASKS_PER_JOB, tasks - added); i++) {
      const { least, most } = DURATION_SECONDS;
      builder.tasks(1, request, secondsToUs(least + random() * (most - least)));
    }
  }
  return { workload: builder.finish(), cluster: uniformCluster(agents, AGENT) };
}
