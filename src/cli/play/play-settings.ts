/** What `play` and `validate` have in common: the same workload and options, once for a real cluster and once for a simulated one. */
import type { Cluster } from '../../cluster/cluster.ts';
import type { Policy } from '../../policies/policy.ts';
import type { ReplayOptions } from '../../sim/options.ts';
import { DEFAULT_PROTOCOL } from '../../sim/protocol/options.ts';
import { firstJobs } from '../../workload/leading-jobs.ts';
import { speedUp } from '../../workload/speed-up.ts';
import type { Workload } from '../../workload/workload.ts';
import { type LoadedInput, loadInput } from '../trace/load-input.ts';

/** Kept in the manifest of a real run, so that it can be simulated. */
export interface PlaySettings {
  /** Path of the trace. */
  readonly trace: string;
  readonly format?: string;
  readonly role?: string;
  readonly first?: number;
  readonly speed: number;
  readonly allocationIntervalUs: number;
  readonly refuseUs: number;
  readonly weights: Readonly<Record<string, number>>;
  /** Median from launching a task to its run, as it was measured; absent before. */
  readonly launchUs?: number;
}

export async function loadPlayed(
  settings: PlaySettings,
): Promise<{ input: LoadedInput; workload: Workload }> {
  const { trace, format, role, first = Number.POSITIVE_INFINITY, speed } = settings;
  const input = await loadInput(trace, { format, roleField: role, skipsBadRows: false });
  return { input, workload: speedUp(firstJobs(input.workload, first), speed) };
}

/** @param containerLaunchUs from an agent's wish to a running task */
export function playOptions(
  settings: PlaySettings,
  cluster: Cluster,
  policy: Policy,
  containerLaunchUs: number,
): ReplayOptions {
  return {
    seed: '1',
    cluster,
    policy,
    weights: new Map(Object.entries(settings.weights)),
    limits: new Map(),
    guarantees: new Map(),
    model: {
      kind: 'protocol',
      intervalUs: settings.allocationIntervalUs,
      holdUs: Number.POSITIVE_INFINITY,
      refuseUs: settings.refuseUs,
      world: { ...DEFAULT_PROTOCOL, masters: 1, containerLaunchUs },
    },
    failures: null,
    untilUs: Number.POSITIVE_INFINITY,
    isChecked: false,
  };
}
