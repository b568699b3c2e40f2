/** One replay of a synthetic workload, as every benchmark of an engine runs it. */
import { parsePolicy } from '../src/policies/registry.ts';
import { type AnyReplay, createReplay } from '../src/sim/create-replay.ts';
import type { NativeModule } from '../src/sim/native-binding.ts';
import type { AllocationModel } from '../src/sim/options.ts';
import { type Scale, syntheticCase } from './synthetic.ts';

export interface ReplayScale extends Scale {
  readonly policy: string;
  readonly model: AllocationModel;
}

const EVENTS_PER_CALL = 1_000_000;

/**
 * Builds the workload once; the result replays it from start to end each time that it is called, and returns the replay.
 * @param native `null`: the TypeScript engine
 */
export function replayBenchmark(scale: ReplayScale, native: NativeModule | null): () => AnyReplay {
  const { workload, cluster } = syntheticCase(scale);
  const options = {
    seed: 'bench',
    cluster,
    policy: parsePolicy(scale.policy),
    weights: new Map(),
    limits: new Map(),
    guarantees: new Map(),
    model: scale.model,
    failures: null,
    untilUs: Number.POSITIVE_INFINITY,
    isChecked: false,
  };
  return () => {
    const replay = createReplay(workload, options, native);
    while (!replay.advance(EVENTS_PER_CALL));
    return replay;
  };
}
