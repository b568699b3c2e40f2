/** Chooses the engine of a replay: native where it is there and can play this, else TypeScript; the answers are equal. */
import { InputError } from '../cluster/errors.ts';
import type { Workload } from '../workload/workload.ts';
import type { NativeModule } from './native-binding.ts';
import { NativeReplay } from './native-replay.ts';
import { nativePolicyOf } from './native-support.ts';
import type { ReplayOptions } from './options.ts';
import { ProtocolSimulation } from './protocol/simulation.ts';
import { Replay } from './replay.ts';
import { setUpReplay } from './replay-setup.ts';

/** What replays of both engines, and protocol simulations, can be asked. */
export type AnyReplay = Pick<
  Replay,
  'workload' | 'options' | 'advance' | 'progress' | 'summary' | 'tables' | 'isComplete' | 'offerCounts'
>;

/**
 * @param native `null`: play in TypeScript
 * @param isDemanded it is an error if the native engine cannot play this
 * @throws InputError OPTION_VALUE, OPTION_CONFLICT, CLUSTER_INVALID where options and workload do not fit together
 */
export function createReplay(
  workload: Workload,
  options: ReplayOptions,
  native: NativeModule | null,
  isDemanded = false,
): AnyReplay {
  if (options.model.kind === 'protocol') {
    if (isDemanded)
      throw new InputError(
        'OPTION_CONFLICT',
        '--engine native plays replays only; leave it out with --model protocol',
      );
    return new ProtocolSimulation(workload, options);
  }
  if (native === null) return new Replay(workload, options);
  const setup = setUpReplay(workload, options);
  const policy = nativePolicyOf(options, setup.resources);
  if (typeof policy !== 'string') return new NativeReplay(native, workload, options, setup, policy);
  if (isDemanded)
    throw new InputError(
      'OPTION_CONFLICT',
      `policy ${options.policy.name} cannot be played by the native engine: ${policy}`,
    );
  return new Replay(workload, options);
}

/** Which engine plays a replay. */
export function engineOf(replay: AnyReplay): 'native' | 'typescript' {
  return replay instanceof NativeReplay ? 'native' : 'typescript';
}
