/**
 * Starts a container's command under a supervisor, a shell that outlives the agent and writes down how the command ended;
 * after a restart of the agent, finds it again by what it wrote.
 */
import { spawn } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { isRunning, type ProcessIdentity, parseIdentity } from '../process-identity.ts';

const SUPERVISOR = fileURLToPath(new URL('supervisor.sh', import.meta.url));
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const POLL_MS = 200;

export interface Supervision {
  /** Absolute; for this container alone. */
  readonly folder: string;
  /** Where the container begins; absolute. */
  readonly directory: string;
  /** What the shell runs that it begins with. */
  readonly script: string;
  /** By which that shell starts, such as `setpriv`; may be empty. */
  readonly prefix: readonly string[];
  /** Files of cgroups that take process ids. */
  readonly groups: readonly string[];
  /** Descriptors of the files that its output is added to; closed here. */
  readonly stdout: number;
  readonly stderr: number;
  readonly hasInput: boolean;
}

export interface Supervised {
  /** The first process. */
  readonly process: ProcessIdentity;
  /** As wait(2) gives it; `null`: nobody knows, as the supervisor was killed. */
  readonly ended: Promise<number | null>;
  readonly input: Writable | null;
}

/** Resolves once the first process is in its groups. @throws Error where it cannot be */
export function supervise(launch: Supervision): Promise<Supervised> {
  const { folder, directory, script, prefix, groups, stdout, stderr, hasInput } = launch;
  mkdirSync(folder, { recursive: true });
  const runFile = join(folder, 'run');
  writeFileSync(runFile, script, { mode: 0o600 });
  chmodSync(runFile, 0o600);
  const failure = openSync(join(folder, 'failure'), 'a', 0o600);
  const nothing = openSync('/dev/null', 'r');
  const supervisor = spawn(
    '/bin/sh',
    [SUPERVISOR, folder, `${groups.length}`, ...groups, ...prefix, '/bin/sh', '-s'],
    {
      cwd: directory,
      env: { PATH },
      detached: true,
      stdio: ['ignore', 'ignore', failure, stdout, stderr, 'pipe', hasInput ? 'pipe' : nothing],
    },
  );
  for (const file of [stdout, stderr, failure, nothing]) closeSync(file);
  const streams = supervisor.stdio as readonly unknown[];
  const ready = streams[5] as Readable;
  const input = hasInput ? (streams[6] as Writable) : null;
  // A container that no longer reads.
  input?.on('error', () => {});
  supervisor.unref();

  const { promise, resolve, reject } = Promise.withResolvers<Supervised>();
  const over = Promise.withResolvers<number | null>();
  ready.once('data', () => {
    ready.destroy();
    rmSync(runFile, { force: true });
    const process = readIdentity(folder, 'pid');
    if (process !== null) resolve({ process, ended: over.promise, input });
  });
  supervisor.on('error', reject);
  supervisor.on('exit', () => {
    reject(new Error(read(join(folder, 'failure')).trim() || 'the first process could not be started'));
    over.resolve(readEnd(folder));
  });
  return promise;
}

/** One that an earlier agent started. `null`: there is nothing that it wrote. */
export function findSupervised(folder: string, stopped: AbortSignal): Supervised | null {
  const process = readIdentity(folder, 'pid');
  const supervisor = readIdentity(folder, 'supervisor');
  if (process === null || supervisor === null) return null;
  const over = Promise.withResolvers<number | null>();
  const look = () => {
    // In this order: it writes before it goes.
    const isThere = isRunning(supervisor);
    const status = readEnd(folder);
    if (isThere && status === null) return;
    clearInterval(timer);
    over.resolve(status);
  };
  const timer = setInterval(look, POLL_MS);
  timer.unref();
  stopped.addEventListener('abort', () => clearInterval(timer));
  look();
  return { process, ended: over.promise, input: null };
}

function readIdentity(folder: string, file: string): ProcessIdentity | null {
  return parseIdentity(read(join(folder, file)));
}

const MAX_SIGNAL = 64;

/**
 * A shell tells of a command killed by signal n as of one that exits with 128 + n; it is taken to have been killed.
 * `null`: it has not ended, or nobody saw it.
 */
function readEnd(folder: string): number | null {
  const match = /^(\d+)\n/.exec(read(join(folder, 'exit')));
  if (match === null) return null;
  const code = Number(match[1]);
  return code > 128 && code <= 128 + MAX_SIGNAL ? code - 128 : code << 8;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
