/** Plays one policy over a workload, in a notebook or in its page, and gives what charts read of a run. */
import { secondsToUs } from '../cluster/time.ts';
import { parsePolicy } from '../policies/registry.ts';
import type { Run } from '../results/run.ts';
import type { FailureModel } from '../sim/options.ts';
import { Replay } from '../sim/replay.ts';
import type { Workload } from '../workload/workload.ts';

export interface PolicySettings {
  readonly seed: string;
  /** By role; left out: as the workload says. */
  readonly weights?: Readonly<Record<string, number>>;
  /** Mean time of an agent to failure, and to repair; left out: none fails. */
  readonly failures?: { readonly failSeconds: number; readonly repairSeconds: number };
}

/**
 * @param specification as for `simulate --policy`
 * @throws RangeError where the workload does not say on which agents it runs
 */
export function playPolicy(workload: Workload, specification: string, settings: PolicySettings): Run {
  const weights = new Map([...workload.weights, ...Object.entries(settings.weights ?? {})]);
  const { cluster } = workload;
  if (!cluster) throw new RangeError(`${workload.name} does not say on which agents it runs`);
  const replay = new Replay(workload, {
    seed: settings.seed,
    cluster,
    policy: parsePolicy(specification),
    weights,
    limits: new Map(),
    guarantees: new Map(),
    model: { kind: 'placement' },
    failures: failureModel(settings),
    untilUs: Number.POSITIVE_INFINITY,
    isChecked: false,
  });
  while (!replay.advance(100_000));
  const summary = replay.summary();
  return {
    manifest: {
      layout: 1,
      version: 'in a notebook',
      gitCommit: null,
      command: [],
      options: { ...settings },
      seed: settings.seed,
      trace: { name: workload.name, format: 'generated', digest: '', leftOut: {} },
      policy: specification,
      decisionDigest: summary.decisionDigest,
      status: 'complete',
      engine: 'typescript',
      host: { node: '', platform: 'notebook', cpu: '' },
      startedAt: '',
      wallSeconds: Number.NaN,
      tasksPerSecond: Number.NaN,
    },
    summary,
    tables: replay.tables(),
  };
}

function failureModel({ failures }: PolicySettings): FailureModel | null {
  if (!failures) return null;
  return {
    meanTimeToFailureUs: secondsToUs(failures.failSeconds),
    meanTimeToRepairUs: secondsToUs(failures.repairSeconds),
  };
}
