/** Which engine plays: the native one where it was built, unless `--engine` or MESOLAB_NATIVE says otherwise. */
import { InputError } from '../../cluster/errors.ts';
import { loadNative } from '../../native/load-native.ts';
import type { NativeModule } from '../../sim/native-binding.ts';

export const ENGINES = ['auto', 'native', 'typescript'] as const;
export type EngineName = (typeof ENGINES)[number];

/** Replays of fewer tasks are a matter of seconds in either engine. */
const MANY_TASKS = 1_000_000;

export interface Engine {
  /** `null`: TypeScript. */
  readonly native: NativeModule | null;
  /** What the native engine cannot play is an error. */
  readonly isDemanded: boolean;
}

/**
 * @param name `undefined`: as MESOLAB_NATIVE says (1: native, 0: TypeScript), else `auto`
 * @throws InputError OPTION_VALUE where the native engine is demanded and is not there
 */
export function chooseEngine(name: EngineName | undefined, taskCount: number): Engine {
  const chosen = name ?? { 0: 'typescript', 1: 'native' }[process.env.MESOLAB_NATIVE ?? ''] ?? 'auto';
  const isDemanded = chosen === 'native';
  if (chosen === 'typescript') return { native: null, isDemanded };
  const loaded = loadNative();
  if (loaded.module !== null) return { native: loaded.module, isDemanded };
  if (isDemanded) throw new InputError('OPTION_VALUE', `there is no native engine here: ${loaded.reason}`);
  if (taskCount >= MANY_TASKS)
    process.stderr.write(`playing in TypeScript, since there is no native engine: ${loaded.reason}\n`);
  return { native: null, isDemanded };
}
