/** The document that `simulate --json` prints; `docs/simulate-output.schema.json` is its schema. */
import type { ProtocolFigures, RunMetrics, RunSummary, SharedStateFigures } from '../../metrics/summary.ts';
import type { Manifest } from '../../results/run.ts';

export interface SimulateOutput {
  readonly version: string;
  readonly trace: Manifest['trace'];
  readonly seed: string;
  /** One a policy, in the order of `--policy`; interrupted work ends with a partial run. */
  readonly runs: readonly RunOutput[];
}

interface RunOutput {
  readonly policy: string;
  readonly status: Manifest['status'];
  readonly decisionDigest: string;
  readonly metrics: RunMetrics;
  readonly roles: RunSummary['roles'];
  /** With `--model shared-state` only. */
  readonly sharedState?: SharedStateFigures;
  /** With `--model protocol` only. */
  readonly protocol?: ProtocolFigures;
  readonly wallSeconds: number;
  readonly tasksPerSecond: number;
}

export function simulateOutput(
  { version, trace, seed }: Pick<Manifest, 'version' | 'trace' | 'seed'>,
  runs: readonly { readonly manifest: Manifest; readonly summary: RunSummary }[],
): SimulateOutput {
  return {
    version,
    trace,
    seed,
    runs: runs.map(({ manifest, summary }) => ({
      policy: summary.policy,
      status: manifest.status,
      decisionDigest: summary.decisionDigest,
      metrics: summary.metrics,
      roles: summary.roles,
      ...(summary.sharedState && { sharedState: summary.sharedState }),
      ...(summary.protocol && { protocol: summary.protocol }),
      wallSeconds: manifest.wallSeconds,
      tasksPerSecond: manifest.tasksPerSecond,
    })),
  };
}
