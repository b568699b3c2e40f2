/** Plays roles with queues of equal tasks, by default such that never end, until nothing more fits: for examples of a few tasks. */
import { buildCluster } from '../../cluster/cluster.ts';
import { type ResourceAmounts, sortResources } from '../../cluster/resources.ts';
import { US_PER_SECOND } from '../../cluster/time.ts';
import type { Policy } from '../../policies/policy.ts';
import { Replay } from '../../sim/replay.ts';
import { WorkloadBuilder } from '../../workload/builder.ts';

export interface QueuedRole {
  readonly name: string;
  /** What each of its tasks takes. */
  readonly task: ResourceAmounts;
  readonly weight?: number;
  /** Default: more than the whole cluster can hold. */
  readonly tasks?: number;
  /** Default 0. */
  readonly submitSeconds?: number;
  /** Default: longer than the replay. */
  readonly taskSeconds?: number;
}

export interface FilledCluster {
  /** Tasks that run at the end, by role in the order given. */
  readonly running: number[];
  /** By agent: what is free at the end. */
  readonly free: Record<string, number>[];
  /** By role: the agent of the task that it started last; −1 if it started none. */
  readonly lastAgent: number[];
  /** All tasks that were started. */
  readonly started: readonly StartedTask[];
}

export interface StartedTask {
  /** Place in the roles given. */
  readonly role: number;
  readonly startSeconds: number;
  /** Infinity: it runs at the end. */
  readonly endSeconds: number;
}

/**
 * @param weights of inner nodes of the role tree
 * @param endSeconds when to look; default: a second after the last submission
 */
export function fillCluster(
  policy: Policy,
  agents: readonly ResourceAmounts[],
  roles: readonly QueuedRole[],
  weights: ReadonlyMap<string, number> = new Map(),
  endSeconds = 1 + Math.max(...roles.map((role) => role.submitSeconds ?? 0)),
): FilledCluster {
  const builder = new WorkloadBuilder('queues that never end');
  for (const role of roles) {
    builder.job({ id: role.name, role: role.name, submitUs: (role.submitSeconds ?? 0) * US_PER_SECOND });
    const { tasks = enoughTasks(agents, role), taskSeconds = 2 * endSeconds } = role;
    builder.tasks(tasks, builder.request(role.task), taskSeconds * US_PER_SECOND);
  }
  const replay = new Replay(builder.finish(), {
    seed: 'never drawn from',
    cluster: buildCluster(agents.map((resources, index) => ({ id: `agent-${index}`, resources }))),
    policy,
    weights: new Map([...weights, ...roles.map(({ name, weight = 1 }) => [name, weight] as const)]),
    limits: new Map(),
    guarantees: new Map(),
    model: { kind: 'placement' },
    failures: null,
    untilUs: endSeconds * US_PER_SECOND,
    isChecked: true,
  });
  while (!replay.advance(1000));

  const { jobs, tasks } = replay.tables();
  const roleOfJob = jobs.jobId.map((id) => roles.findIndex((role) => role.name === id));
  const running = roles.map(() => 0);
  const lastAgent = roles.map(() => -1);
  const free = agents.map((agent) => ({ ...agent }) as Record<string, number>);
  const started: StartedTask[] = [];
  tasks.state.forEach((state, task) => {
    const role = roleOfJob[tasks.job[task]];
    const isRunning = state === 'running';
    if (tasks.agent[task] >= 0)
      started.push({
        role,
        startSeconds: tasks.startSeconds[task],
        endSeconds: isRunning ? Number.POSITIVE_INFINITY : tasks.endSeconds[task],
      });
    if (!isRunning) return;
    running[role]++;
    lastAgent[role] = tasks.agent[task];
    for (const [name, amount] of Object.entries(roles[role].task)) free[tasks.agent[task]][name] -= amount;
  });
  return { running, free, lastAgent, started };
}

/** One more than all agents together can hold. */
function enoughTasks(agents: readonly ResourceAmounts[], { task }: QueuedRole): number {
  const most = sortResources(Object.keys(task))
    .filter((name) => task[name] > 0)
    .map((name) => agents.reduce((sum, agent) => sum + Math.floor((agent[name] ?? 0) / task[name]), 0));
  return 1 + Math.min(...most);
}
