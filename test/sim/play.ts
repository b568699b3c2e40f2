/** Replays a workload to its end with few words. */
import type { Cluster } from '../../src/cluster/cluster.ts';
import type { Policy } from '../../src/policies/policy.ts';
import { parsePolicy } from '../../src/policies/registry.ts';
import type { ReplayOptions } from '../../src/sim/options.ts';
import { Replay } from '../../src/sim/replay.ts';
import type { Workload } from '../../src/workload/workload.ts';

export function play(
  workload: Workload,
  cluster: Cluster,
  policy: string | Policy,
  options: Partial<Omit<ReplayOptions, 'policy' | 'cluster'>> = {},
): Replay {
  const replay = new Replay(workload, {
    seed: 'test',
    cluster,
    policy: typeof policy === 'string' ? parsePolicy(policy) : policy,
    weights: workload.weights,
    limits: new Map(),
    guarantees: new Map(),
    model: { kind: 'placement' },
    failures: null,
    untilUs: Number.POSITIVE_INFINITY,
    isChecked: false,
    ...options,
  });
  while (!replay.advance(10_000));
  return replay;
}
