/** Chooses the engine of a replay: native where it is there and can play this, else TypeScript; the answers are equal. */
import type { Workload } from '../workload/workload.ts';
import type { NativeModule } from './native-binding.ts';
import { NativeReplay } from './native-replay.ts';
import { nativePolicyOf } from './native-support.ts';
import type { ReplayOptions } from './options.ts';
import { Replay } from './replay.ts';
import { setUpReplay } from './replay-setup.ts';

/** What both engines' replays can be asked. */
export type AnyReplay = Pick<
  Replay,
  'workload' | 'options' | 'advance' | 'progress' | 'summary' | 'tables' | 'isComplete' | 'offerCounts'
>;

/**
 * @param native `null`: play in TypeScript
 * @throws InputError OPTION_VALUE, OPTION_CONFLICT, CLUSTER_INVALID where options and workload do not fit together
 */
export function createReplay(
  workload: Workload,
  options: ReplayOptions,
  native: NativeModule | null,
): AnyReplay {
  if (native === null) return new Replay(workload, options);
  const setup = setUpReplay(workload, options);
  const policy = nativePolicyOf(options, setup.resources);
  return typeof policy === 'string'
    ? new Replay(workload, options)
    : new NativeReplay(native, workload, options, setup, policy);
}
