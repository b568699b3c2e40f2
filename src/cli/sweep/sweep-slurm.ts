/**
 * Blocks of an experiment as job arrays of Slurm: each element carries out one block, and its results are files in a folder that
 * all nodes see. Elements that vanish without a result, as their node or their process was killed, are submitted again.
 */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { InputError } from '../../cluster/errors.ts';
import { writeFileAtomically } from '../../files/atomic-write.ts';
import { type BlockWork, carryOut } from './sweep-work.ts';

const LAUNCHER = fileURLToPath(new URL('../../../bin/mesolab.js', import.meta.url));
const POLL_MS = 1_000;
/** Slurm's own MaxArraySize is 1,001 unless a site says otherwise. */
const ARRAY_SIZE = 1_000;
const MAX_SUBMISSIONS = 5;

const call = promisify(execFile);

/** Resolves when all are done. @param options of sbatch @throws InputError of a block that cannot be run, or of Slurm; AbortError */
export async function playOnSlurm(
  folder: string,
  options: readonly string[],
  blocks: readonly BlockWork[],
  finished: () => void,
  signal: AbortSignal,
): Promise<void> {
  const own = resolve(folder, 'slurm');
  // Of an earlier try.
  rmSync(own, { recursive: true, force: true });
  await mkdir(own, { recursive: true });
  let open = [...blocks];
  for (let submission = 1; open.length > 0; submission++) {
    if (submission > MAX_SUBMISSIONS)
      throw new Error(
        `${open[0].title} ended without a result ${MAX_SUBMISSIONS} times; its output is in ${own}`,
      );
    const jobs: string[] = [];
    for (let first = 0; first < open.length; first += ARRAY_SIZE) {
      const part = open.slice(first, first + ARRAY_SIZE);
      const file = join(own, `blocks-${submission}-${first}.json`);
      await writeFileAtomically(file, JSON.stringify(part));
      jobs.push(await submit(file, part.length, own, options));
    }
    open = await wait(jobs, open, own, finished, signal);
  }
}

/** One element of an array: `sweep-block FILE INDEX`. What the user can mend is written beside the file. */
export async function playBlock(file: string, index: number, signal: AbortSignal): Promise<void> {
  const blocks = JSON.parse(readFileSync(file, 'utf8')) as readonly BlockWork[];
  try {
    await carryOut(blocks[index], signal);
  } catch (error) {
    if (error instanceof InputError) await writeFileAtomically(failureFile(file, index), error.message);
    throw error;
  }
}

/** @returns those that ended without a result */
async function wait(
  jobs: readonly string[],
  blocks: readonly BlockWork[],
  own: string,
  finished: () => void,
  signal: AbortSignal,
): Promise<BlockWork[]> {
  let open = [...blocks];
  try {
    for (;;) {
      signal.throwIfAborted();
      // In this order: what is in the queue no more has written all that it will.
      const isQueued = await areQueued(jobs);
      const before = open.length;
      open = open.filter(({ marker }) => !existsSync(marker));
      for (let done = open.length; done < before; done++) finished();
      const failure = failureIn(own);
      if (failure !== null) throw new InputError('CONFIG_INVALID', failure);
      if (!isQueued || open.length === 0) return open;
      await sleep(POLL_MS);
    }
  } catch (error) {
    await call('scancel', [...jobs]).catch(() => {});
    throw error;
  }
}

/** @returns the id of the job */
async function submit(file: string, count: number, own: string, options: readonly string[]): Promise<string> {
  const wrapped = `exec ${[process.execPath, LAUNCHER, 'sweep-block', file].map(quoted).join(' ')} "$SLURM_ARRAY_TASK_ID"`;
  const args = [
    '--parsable',
    '--job-name=mesolab',
    '--requeue',
    `--array=0-${count - 1}`,
    `--output=${own}/%A_%a.log`,
  ];
  try {
    const { stdout } = await call('sbatch', [...args, ...options, `--wrap=${wrapped}`]);
    return stdout.trim().split(';')[0];
  } catch (error) {
    const { code, stderr, message } = error as NodeJS.ErrnoException & { readonly stderr?: string };
    const why = code === 'ENOENT' ? 'there is no sbatch on this machine' : (stderr ?? message).trim();
    throw new InputError('OPTION_VALUE', `--engine slurm: ${why}`);
  }
}

/** A job that Slurm has forgotten is over. */
async function areQueued(jobs: readonly string[]): Promise<boolean> {
  const answers = await Promise.all(
    jobs.map((job) => call('squeue', ['--noheader', `--jobs=${job}`]).catch(() => ({ stdout: '' }))),
  );
  return answers.some(({ stdout }) => stdout.trim() !== '');
}

const failureFile = (file: string, index: number) => file.replace(/\.json$/, `-${index}.failed`);

function failureIn(own: string): string | null {
  const file = readdirSync(own).find((name) => name.endsWith('.failed'));
  return file === undefined ? null : readFileSync(join(own, file), 'utf8');
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
