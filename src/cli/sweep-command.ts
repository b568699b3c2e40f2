/** `mesolab sweep`: runs an experiment on this machine's cores, and says what it shows; begun again, it goes on where it was. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { InputError } from '../cluster/errors.ts';
import {
  type Comparison,
  compare,
  isPrecise,
  type Observation,
  sentence,
} from '../experiments/comparison.ts';
import {
  type Block,
  blockOf,
  type Cell,
  cellsOf,
  cellTitle,
  type Experiment,
  optionArguments,
  simulateArguments,
} from '../experiments/experiment.ts';
import { figuresOf } from '../experiments/figures.ts';
import { writeFileAtomically } from '../files/atomic-write.ts';
import { findRuns } from '../results/find-runs.ts';
import { readExperiment } from './experiment-file.ts';
import { parseCount } from './option-values.ts';
import { INTERRUPTED_EXIT_CODE, withGentleInterrupt } from './signals.ts';
import { writeDataSet } from './sweep-data-set.ts';
import { textTable } from './text-table.ts';

interface SweepFlags {
  readonly out?: string;
  readonly workers: number;
  readonly json?: boolean;
}

const LAUNCHER = fileURLToPath(new URL('../../bin/mesolab.js', import.meta.url));
const DONE = 'experiment.json';

export function addSweepCommand(program: Command): void {
  program
    .command('sweep')
    .description(
      'run an experiment: policies on traces over a matrix of options, replicated; docs/experiments.md',
    )
    .argument('<file>', 'the experiment, as YAML or JSON')
    .option('--out <folder>', 'folder of results (runs/NAME); begun again, what is there is not run again')
    .option(
      '--workers <count>',
      'so many at once',
      (text) => parseCount('--workers', text),
      availableParallelism(),
    )
    .option('--json', 'the comparisons as JSON')
    .action(sweep);
}

async function sweep(file: string, { out, workers, json }: SweepFlags): Promise<void> {
  const experiment = readExperiment(file);
  const folder = out ?? join('runs', experiment.name);
  await claimFolder(folder, experiment);
  const cells = cellsOf(experiment);
  process.stderr.write(
    `${cells.length} cells × ${experiment.policies.length} policies × ${experiment.replications.count} replications: ${
      cells.length * experiment.policies.length * experiment.replications.count
    } runs\n`,
  );
  const stop = new AbortController();
  const comparisons = await withGentleInterrupt(
    () => stop.abort(),
    () => play(experiment, cells, folder, workers, stop.signal),
  );
  if (comparisons === null) {
    process.stderr.write('interrupted; the same command goes on where it was\n');
    process.exitCode = INTERRUPTED_EXIT_CODE;
    return;
  }
  if (json) process.stdout.write(`${JSON.stringify(comparisons, null, 2)}\n`);
  else
    process.stdout.write(
      `${report(experiment, cells, comparisons)}\n\ndata: ${join(folder, 'results.parquet')}\n`,
    );
}

/** `null`: it was interrupted. */
async function play(
  experiment: Experiment,
  cells: readonly Cell[],
  folder: string,
  workers: number,
  signal: AbortSignal,
): Promise<readonly Comparison[] | null> {
  const { replications, policies } = experiment;
  const { precision, metric, max } = replications;
  let observations: Observation[] = [];
  for (let count = replications.count; ; count = Math.min(max, count + workers)) {
    const blocks = cells.flatMap((_, cell) =>
      Array.from({ length: count }, (_, replication) => blockOf(experiment, cell, replication + 1)),
    );
    if (!(await playBlocks(experiment, cells, blocks, folder, workers, signal))) return null;
    observations = await observe(experiment, blocks, folder);
    await writeDataSet(folder, experiment, cells, observations);
    const comparisons = compare(experiment, observations);
    const isEnough =
      precision === undefined || policies.length < 2 || isPrecise(comparisons, metric, precision);
    if (isEnough || count === max) {
      await writeFileAtomically(
        join(folder, 'comparisons.json'),
        `${JSON.stringify(comparisons, null, 2)}\n`,
      );
      return comparisons;
    }
  }
}

/** @returns whether all were run */
async function playBlocks(
  experiment: Experiment,
  cells: readonly Cell[],
  blocks: readonly Block[],
  folder: string,
  workers: number,
  signal: AbortSignal,
): Promise<boolean> {
  const waiting = blocks.filter((block) => !existsSync(join(folder, block.folder, 'report.html')));
  const bar = new SingleBar({
    format: '{bar} {value} of {total} groups of runs, {eta_formatted} left',
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    barsize: 20,
    noTTYOutput: false,
  });
  if (process.stderr.isTTY) bar.start(waiting.length, 0);
  let failure: Error | null = null;
  const work = async () => {
    for (let block = waiting.shift(); block !== undefined; block = waiting.shift()) {
      if (signal.aborted || failure !== null) return;
      try {
        await playBlock(experiment, cells[block.cell], block, folder, signal);
        bar.increment();
      } catch (error) {
        failure ??= error as Error;
      }
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  bar.stop();
  if (failure !== null && !signal.aborted) throw failure;
  return !signal.aborted;
}

/** The report is written last, so that a block with one is whole. */
async function playBlock(
  experiment: Experiment,
  cell: Cell,
  block: Block,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const trace = cell.trace.trace ?? (await generate(cell, block, folder, signal));
  const args = simulateArguments(experiment, cell, block, trace, join(folder, block.folder));
  await run(args, `${cellTitle(cell)}, replication ${block.replication}`, signal);
}

/** Once for all cells of a replication. @returns its folder */
async function generate(
  { trace }: Cell,
  { seed }: Block,
  folder: string,
  signal: AbortSignal,
): Promise<string> {
  const out = join(folder, 'traces', `${trace.name.replaceAll(/[^\w.-]/g, '_')}-${seed}`);
  const made = generating.get(out) ?? (existsSync(join(out, 'trace.json')) ? Promise.resolve() : null);
  const work =
    made ??
    run(
      [
        'trace',
        'generate',
        trace.generate!,
        '--seed',
        seed,
        '--out',
        out,
        ...optionArguments(trace.options ?? {}),
      ],
      `trace ${trace.name}`,
      signal,
    );
  generating.set(out, work);
  await work;
  return out;
}

const generating = new Map<string, Promise<void>>();

function run(args: readonly string[], what: string, signal: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, [LAUNCHER, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (part) => {
    said += part;
  });
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      signal.removeEventListener('abort', stop);
      if (code === 0) resolve();
      else if (code === 2)
        reject(new InputError('CONFIG_INVALID', `${what}: ${said.trim().replace(/^error: /, '')}`));
      else reject(new Error(`${what} ended with code ${code}: ${said.trim()}`));
    });
  });
}

async function observe(
  experiment: Experiment,
  blocks: readonly Block[],
  folder: string,
): Promise<Observation[]> {
  const observations: Observation[] = [];
  for (const { cell, replication, folder: own } of blocks)
    for (const run of await findRuns([join(folder, own)])) {
      const figures = figuresOf(
        run.summary,
        { jobs: await run.table('jobs') },
        experiment.statistics.warmUpSeconds,
      );
      const place = run.manifest.policyPlace!;
      observations.push({ cell, replication, policy: experiment.policies[place], figures });
    }
  return observations;
}

/** Another experiment's folder is left alone. @throws InputError */
async function claimFolder(folder: string, experiment: Experiment): Promise<void> {
  const file = join(folder, DONE);
  // More replications, and other statistics, are made of the same runs.
  const { replications: _, statistics: __, ...causes } = experiment;
  const text = `${JSON.stringify(causes, null, 2)}\n`;
  const before = await readFile(file, 'utf8').catch(() => null);
  if (before === text) return;
  if (before !== null)
    throw new InputError(
      'OPTION_CONFLICT',
      'holds the runs of another experiment, or of this one before it was changed; remove it, or choose another with --out',
      { file: folder },
    );
  await mkdir(folder, { recursive: true });
  await writeFileAtomically(file, text);
}

function report(
  { policies: [base, ...others], statistics: { confidence } }: Experiment,
  cells: readonly Cell[],
  comparisons: readonly Comparison[],
): string {
  if (others.length === 0) return 'one policy: nothing to compare';
  const parts = cells.map((cell, index) => {
    const own = comparisons.filter((one) => one.cell === index);
    const rows = own.map(({ metric, policy, base: ofBase, other, pairs }) => [
      metric,
      policy,
      String(pairs),
      ofBase.toPrecision(4),
      other.toPrecision(4),
    ]);
    const sentences = own.map((one) => `  ${sentence(one, base)}`);
    return [
      cellTitle(cell),
      textTable(['figure', 'policy', 'pairs', base, 'policy’s'], rows),
      ...sentences,
    ].join('\n');
  });
  const note = `paired t-intervals of relative differences; of all of one figure's together ${(100 * confidence).toFixed(0)} % (Bonferroni)`;
  return [...parts, note].join('\n\n');
}
