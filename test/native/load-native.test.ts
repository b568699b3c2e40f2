/** Where the native engine is looked for, and in which order. */
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { parseTriple } from '@napi-rs/cli';
import { expect, test } from 'vitest';
import { type LoadedNative, loadNative, platformNames } from '../../src/native/load-native.ts';
import { folderOf } from '../temporary-files.ts';

const [first] = platformNames(process.platform, process.arch);
const last = platformNames(process.platform, process.arch).at(-1);
const addon = `native/mesolab.${first}.node`;
/** The loader does not look into a package: one of JavaScript is told from an addon. */
const installed = { [`node_modules/mesolab-native-${last}/index.js`]: 'exports.NativeReplay = "installed"' };

function loadedFrom(files: Record<string, string | Uint8Array>): LoadedNative {
  return loadNative(folderOf(files) + sep);
}

test.skipIf(!existsSync(addon))('what was built here comes before the package of the platform', () => {
  const folder = folderOf(installed);
  // A copy could not be removed on Windows while it is loaded.
  symlinkSync(resolve('native'), join(folder, 'native'), 'junction');
  expect(loadNative(folder + sep).module?.NativeReplay).toBeTypeOf('function');
});

test('the package is taken where nothing was built, or what was built does not load', () => {
  expect(loadedFrom(installed).module?.NativeReplay).toBe('installed');
  expect(loadedFrom({ [addon]: 'no addon', ...installed }).module?.NativeReplay).toBe('installed');
});

test('the reason tells what does not load, or how to get one', () => {
  expect(loadedFrom({ [addon]: 'no addon' })).toEqual({
    module: null,
    reason: expect.stringContaining(`mesolab.${first}.node`),
  });
  expect(loadedFrom({})).toEqual({ module: null, reason: expect.stringContaining('npm run build:native') });
});

test('addons and packages have the names that napi-rs gives them', () => {
  const { targets } = JSON.parse(readFileSync('native/package.json', 'utf8')).napi;
  for (const { platform, arch, platformArchABI } of targets.map(parseTriple))
    expect(platformNames(platform, arch)).toContain(platformArchABI);
});
