/** A commit's files by themselves, ready to be measured: with packages, and what can be built of its native engine. */
import { existsSync, readdirSync, symlinkSync } from 'node:fs';
import { copyFile, cp, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../src/cluster/errors.ts';
import { writeDirectoryAtomically } from '../../src/files/atomic-write.ts';
import type { Repository } from './git.ts';
import { runUntil } from './run-until.ts';

export interface Checkout {
  readonly folder: string;
  /** The program that runs the native engine's kernels; `null` if it can't be built, or the commit has none. */
  readonly kernels: string | null;
  /** What can't be measured, and why. */
  readonly missing: readonly string[];
}

/** Something that is built of a commit's `native` folder. */
interface Product {
  readonly what: string;
  /** Below `native`: there is nothing to build without it. */
  readonly source: string;
  readonly command: readonly [string, ...string[]];
  readonly environment: NodeJS.ProcessEnv;
  readonly from: (native: string, target: string) => string;
  /** Which files of `from` are kept. */
  readonly files: RegExp;
}

const ENGINE: Product = {
  what: 'engine',
  source: 'Cargo.toml',
  command: ['npm', 'run', '--silent', 'build:native'],
  environment: {},
  from: (native) => native,
  files: /^(index\.js|.*\.node)$/,
};
const KERNELS: Product = {
  what: 'kernels',
  source: 'examples/kernels.rs',
  command: [
    'cargo',
    ...['build', '--quiet', '--release', '--manifest-path', 'native/Cargo.toml'],
    ...['--no-default-features', '--features', 'kernels', '--example', 'kernels'],
  ],
  // Optimising while linking takes twice the time, and changes little in what is one crate.
  environment: { CARGO_PROFILE_RELEASE_LTO: 'off' },
  from: (_, target) => join(target, 'release/examples'),
  files: /^kernels(\.exe)?$/,
};

const CACHE = 'runs/bench/native';

/** @param endMs builds end by then, finished or not @throws InputError when the commit's packages can't be installed */
export async function checkOut(
  repository: Repository,
  tree: string,
  folder: string,
  endMs: number,
): Promise<Checkout> {
  repository.writeFiles(tree, folder);
  await sharePackages(repository, tree, folder, endMs);
  const missing: string[] = [];
  const built = async (product: Product): Promise<string | null> => {
    const { kept, failure } = await keep(repository, tree, folder, product, endMs);
    if (failure !== null) missing.push(`native ${product.what}: ${failure}`);
    return kept;
  };
  const engine = await built(ENGINE);
  if (engine !== null) await copyMatching(engine, join(folder, 'native'), ENGINE.files);
  const kernels = await built(KERNELS);
  return { folder, kernels: kernels && join(kernels, readdirSync(kernels)[0]), missing };
}

/** Packages of the working tree serve a commit with the same lock file; another one gets its own. */
async function sharePackages(repository: Repository, tree: string, folder: string, endMs: number) {
  const lock = repository.hashOf('HEAD', 'package-lock.json');
  const installed = join(repository.root, 'node_modules');
  if (lock === repository.hashOf(tree, 'package-lock.json') && existsSync(installed)) {
    symlinkSync(installed, join(folder, 'node_modules'), 'dir');
    return;
  }
  const { failure } = await runUntil(
    endMs,
    'npm',
    ['ci', '--no-audit', '--no-fund', '--prefer-offline'],
    folder,
  );
  if (failure !== null) {
    throw new InputError('OPTION_VALUE', `packages of ${tree} can't be installed (npm ci: ${failure})`);
  }
}

/**
 * Products are kept by the hash of their sources: a change that leaves them alone measures the same binary twice, and
 * the second comparison builds nothing.
 */
async function keep(
  repository: Repository,
  tree: string,
  folder: string,
  { what, source, command: [command, ...args], environment, from, files }: Product,
  endMs: number,
): Promise<{ kept: string | null; failure: string | null }> {
  const sources = repository.hashOf(tree, 'native');
  if (repository.hashOf(tree, `native/${source}`) === null) return { kept: null, failure: 'it has none' };
  const kept = join(repository.root, CACHE, `${sources}`, what);
  if (existsSync(kept)) return { kept, failure: null };
  const target = await targetFolder(repository.root);
  // Cargo takes sources at another path for those that it built last, unless they are younger.
  await utimes(join(folder, 'native/src/lib.rs'), new Date(), new Date());
  const run = runUntil(endMs, command, args, folder, { ...environment, CARGO_TARGET_DIR: target });
  const { failure } = await run;
  if (failure !== null) return { kept: null, failure: `can't be built: ${failure}` };
  await writeDirectoryAtomically(kept, (temporary) =>
    copyMatching(from(join(folder, 'native'), target), temporary, files),
  );
  return { kept, failure: null };
}

/** Where cargo works; it starts from the dependencies that the working tree has compiled, which are most of a build. */
async function targetFolder(root: string): Promise<string> {
  const target = join(root, CACHE, 'target');
  const present = join(root, 'native/target');
  if (!existsSync(target) && existsSync(present)) {
    const isRelease = (path: string) => path !== join(present, 'debug');
    await cp(present, target, { recursive: true, preserveTimestamps: true, filter: isRelease });
  }
  return target;
}

async function copyMatching(from: string, to: string, files: RegExp): Promise<void> {
  for (const name of readdirSync(from).filter((file) => files.test(file))) {
    await copyFile(join(from, name), join(to, name));
  }
}
