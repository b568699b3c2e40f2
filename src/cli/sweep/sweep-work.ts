/** The runs of one block of an experiment as commands, which any machine that sees the folders can carry out. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '../../cluster/errors.ts';
import {
  type Block,
  type Cell,
  cellTitle,
  type Experiment,
  optionArguments,
  simulateArguments,
} from '../../experiments/experiment.ts';

/** Plain JSON. */
export interface BlockWork {
  /** For people. */
  readonly title: string;
  /** In which the commands run, as the user's did. */
  readonly directory: string;
  /** Makes the trace, unless it is there. `null`: it is a file of the user's. */
  readonly generate: { readonly marker: string; readonly args: readonly string[] } | null;
  readonly args: readonly string[];
  /** Written last: with it, all of the block is there. */
  readonly marker: string;
}

const LAUNCHER = fileURLToPath(new URL('../../../bin/mesolab.js', import.meta.url));

export function workOf(experiment: Experiment, cell: Cell, block: Block, folder: string): BlockWork {
  const out = resolve(folder, block.folder);
  const { trace } = cell;
  const made = resolve(folder, 'traces', `${trace.name.replaceAll(/[^\w.-]/g, '_')}-${block.seed}`);
  const given = trace.options ?? {};
  return {
    title: `${cellTitle(cell)}, replication ${block.replication}`,
    directory: process.cwd(),
    generate:
      trace.generate === undefined
        ? null
        : {
            marker: join(made, 'trace.json'),
            args: [
              'trace',
              'generate',
              trace.generate,
              '--seed',
              block.seed,
              '--out',
              made,
              ...optionArguments(given),
            ],
          },
    args: simulateArguments(experiment, cell, block, trace.trace ?? made, out),
    marker: join(out, 'report.html'),
  };
}

/** @throws InputError where the user can mend it, Error where a command failed otherwise */
export async function carryOut(work: BlockWork, signal: AbortSignal): Promise<void> {
  if (work.generate !== null) await generate(work.generate, work, signal);
  await run(work.args, work, signal);
}

/** Once for all blocks of this process that want the trace. */
async function generate(
  { marker, args }: NonNullable<BlockWork['generate']>,
  work: BlockWork,
  signal: AbortSignal,
): Promise<void> {
  const making = generating.get(marker) ?? (existsSync(marker) ? Promise.resolve() : run(args, work, signal));
  generating.set(marker, making);
  await making;
}

const generating = new Map<string, Promise<void>>();

function run(args: readonly string[], { title, directory }: BlockWork, signal: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, [LAUNCHER, ...args], {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (part) => {
    said += part;
  });
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  return new Promise((resolvePromise, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      signal.removeEventListener('abort', stop);
      if (code === 0) resolvePromise();
      else if (code === 2)
        reject(new InputError('CONFIG_INVALID', `${title}: ${said.trim().replace(/^error: /, '')}`));
      else reject(new Error(`${title} ended with code ${code}: ${said.trim()}`));
    });
  });
}
