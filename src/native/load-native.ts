/** Finds the native engine, if it was built for this machine. */
import { createRequire } from 'node:module';
import type { NativeModule } from '../sim/native-binding.ts';

export type LoadedNative =
  | { readonly module: NativeModule }
  | {
      readonly module: null;
      /** Why there is none, in one line. */
      readonly reason: string;
    };

export function loadNative(): LoadedNative {
  try {
    return { module: createRequire(import.meta.url)('../../native/index.js') };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isBuilt = code !== 'MODULE_NOT_FOUND';
    const reason = isBuilt ? message.split('\n', 1)[0] : 'it was not built (npm run build:native)';
    return { module: null, reason };
  }
}
