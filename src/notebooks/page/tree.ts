/** Small role trees under the ways to share a tree: what leaves hold at the end, and over time, on one agent. */
import { parsePolicy } from '../../policies/registry.ts';
import { collapsedWeights } from './collapsed-weights.ts';
import { type FilledCluster, fillCluster, type QueuedRole } from './fill-cluster.ts';
import type { HeldShare } from './shares-chart.ts';

export interface Tree {
  /** CPUs, and GPUs: an agent has at most 24. */
  readonly size: number;
  readonly leaves: readonly QueuedRole[];
  /** By node, also of inner ones; 1 where none is stated. */
  readonly weights: Readonly<Record<string, number>>;
  /** When to look; left out: a second after the last leaf came. */
  readonly endSeconds?: number;
}

export interface TreeDivision {
  readonly policy: string;
  readonly filled: FilledCluster;
}

const POLICIES: Readonly<Record<string, string>> = {
  collapsed: 'wdrf',
  naive: 'naive-hdrf',
  'H-DRF': 'hdrf',
};

export function divideTree({ size, leaves, weights, endSeconds }: Tree): TreeDivision[] {
  const stated = new Map(Object.entries(weights));
  const parts = guaranteedParts({ leaves, weights });
  return Object.entries(POLICIES).map(([policy, specification]) => {
    const roles = leaves.map((leaf) => ({
      ...leaf,
      weight: policy === 'collapsed' ? parts.get(leaf.name)! : (weights[leaf.name] ?? 1),
    }));
    const agents = [{ cpus: size, gpus: size }];
    return { policy, filled: fillCluster(parsePolicy(specification), agents, roles, stated, endSeconds) };
  });
}

/** What each leaf is guaranteed of its dominant resource while all leaves want more. */
export function guaranteedParts({ leaves, weights }: Pick<Tree, 'leaves' | 'weights'>): Map<string, number> {
  return collapsedWeights(
    leaves.map(({ name }) => name),
    new Map(Object.entries(weights)),
  );
}

/** For `sharesChart`. */
export function sharesOfTree({ size, leaves }: Tree, divisions: readonly TreeDivision[]): HeldShare[] {
  return divisions.flatMap(({ policy, filled }) =>
    (['cpus', 'gpus'] as const).flatMap((resource) =>
      leaves.map(({ name, task }, leaf) => ({
        policy,
        user: name,
        resource: resource === 'cpus' ? 'CPUs' : 'GPUs',
        share: (filled.running[leaf] * (task[resource] ?? 0)) / size,
      })),
    ),
  );
}

export interface HeldOverTime {
  readonly policy: string;
  readonly leaf: string;
  readonly seconds: number;
  readonly gpus: number;
}

/** The GPUs that leaves hold, each second up to the end; leaves that want none are left out. */
export function gpusOverTime(
  { leaves }: Tree,
  divisions: readonly TreeDivision[],
  endSeconds: number,
): HeldOverTime[] {
  const seconds = Array.from({ length: Math.floor(endSeconds) + 1 }, (_, index) => index);
  return divisions.flatMap(({ policy, filled }) =>
    leaves.flatMap(({ name, task }, leaf) => {
      const gpus = task.gpus ?? 0;
      if (gpus === 0) return [];
      const own = filled.started.filter(({ role }) => role === leaf);
      return seconds.map((now) => {
        const running = own.filter((task) => task.startSeconds <= now && now < task.endSeconds).length;
        return { policy, leaf: name, seconds: now, gpus: running * gpus };
      });
    }),
  );
}
