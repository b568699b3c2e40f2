/** Finds the native engine: what was built in `native/`, else the installed package of this platform. */
import { createRequire } from 'node:module';
import type { NativeModule } from '../sim/native-binding.ts';

export type LoadedNative =
  | { readonly module: NativeModule }
  | {
      readonly module: null;
      /** Why there is none, in one line. */
      readonly reason: string;
    };

const REPOSITORY = new URL('../../', import.meta.url);
const ABIS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['-gnu', '-musl'],
  win32: ['-msvc'],
};

/** @param root a folder with `native/` and `node_modules/`, with a slash at the end */
export function loadNative(root: string | URL = REPOSITORY): LoadedNative {
  const require = createRequire(root);
  const names = platformNames(process.platform, process.arch);
  let reason: string | undefined;
  for (const place of [
    ...names.map((name) => `./native/mesolab.${name}.node`),
    ...names.map((name) => `mesolab-native-${name}`),
  ]) {
    try {
      return { module: require(place) };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'MODULE_NOT_FOUND') reason ??= message.split('\n', 1)[0];
    }
  }
  const absent = 'it was not built (npm run build:native), nor is a package of it installed';
  return { module: null, reason: reason ?? absent };
}

/** What napi-rs calls the platforms whose addons may run here: of glibc's and musl's, only one loads. */
export function platformNames(platform: NodeJS.Platform, arch: string): string[] {
  return (ABIS[platform] ?? ['']).map((abi) => `${platform}-${arch}${abi}`);
}
