/** A commit checked out by itself, ready to be measured: its files, its packages, its native engine if it can be built. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, symlinkSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDirectoryAtomically } from '../../src/files/atomic-write.ts';
import type { Repository } from './git.ts';

export interface Checkout {
  readonly folder: string;
  /** Why the commit's native engine can't be measured; `null` if it can, or there is none. */
  readonly nativeMissing: string | null;
}

const CACHE = 'runs/bench/native';
const NATIVE_FILE = /^(index\.js|.*\.node)$/;

/** Leaves the worktree to the caller to remove, also when it throws. */
export async function checkOut(repository: Repository, commit: string, folder: string): Promise<Checkout> {
  repository.addWorktree(folder, commit);
  sharePackages(repository, commit, folder);
  return { folder, nativeMissing: await addNative(repository, commit, folder) };
}

/** Packages of the working tree serve a commit with the same lock file; another one gets its own. */
function sharePackages(repository: Repository, commit: string, folder: string): void {
  const head = repository.hashOf('HEAD', 'package-lock.json');
  const installed = join(repository.root, 'node_modules');
  const isSame = head === repository.hashOf(commit, 'package-lock.json') && existsSync(installed);
  if (isSame) symlinkSync(installed, join(folder, 'node_modules'), 'dir');
  else
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
}

/**
 * Engines are kept by the hash of their sources: a change that leaves them alone measures the same binary twice, and
 * the second comparison builds nothing.
 */
async function addNative(repository: Repository, commit: string, folder: string): Promise<string | null> {
  const sources = repository.hashOf(commit, 'native');
  if (sources === null) return null;
  const kept = join(repository.root, CACHE, sources);
  if (!existsSync(kept)) {
    const failure = build(folder, join(repository.root, CACHE, 'target'));
    if (failure !== null) return failure;
    await mkdir(join(repository.root, CACHE), { recursive: true });
    await writeDirectoryAtomically(kept, (temporary) => copyNative(join(folder, 'native'), temporary));
  }
  await copyNative(kept, join(folder, 'native'));
  return null;
}

async function copyNative(from: string, to: string): Promise<void> {
  for (const name of readdirSync(from).filter((file) => NATIVE_FILE.test(file))) {
    await copyFile(join(from, name), join(to, name));
  }
}

/** @returns why it failed; `null` if it did not */
function build(folder: string, targetFolder: string): string | null {
  if (spawnSync('cargo', ['--version']).status !== 0) return 'there is no cargo to build it';
  const { status, stderr } = spawnSync('npm', ['run', '--silent', 'build:native'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, CARGO_TARGET_DIR: targetFolder },
  });
  return status === 0 ? null : `it can't be built: ${stderr.trim().split('\n').at(-1)}`;
}
