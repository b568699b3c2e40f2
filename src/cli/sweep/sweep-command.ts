/** `mesolab sweep`: runs an experiment on this machine's cores, and says what it shows; begun again, it goes on where it was. */
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { SingleBar } from 'cli-progress';
import { type Command, Option } from 'commander';
import { InputError } from '../../cluster/errors.ts';
import {
  type Comparison,
  compare,
  isPrecise,
  type Observation,
  sentence,
} from '../../experiments/comparison.ts';
import {
  type Block,
  blockOf,
  type Cell,
  cellsOf,
  cellTitle,
  type Experiment,
} from '../../experiments/experiment.ts';
import { figuresOf } from '../../experiments/figures.ts';
import { writeFileAtomically } from '../../files/atomic-write.ts';
import { findRuns } from '../../results/find-runs.ts';
import { parseCount } from '../option-values.ts';
import { INTERRUPTED_EXIT_CODE, withGentleInterrupt } from '../signals.ts';
import { textTable } from '../text-table.ts';
import { readExperiment } from './experiment-file.ts';
import { EXPERIMENT_FILE, writeDataSet } from './sweep-data-set.ts';
import { playBlock, playOnSlurm } from './sweep-slurm.ts';
import { type BlockWork, carryOut, workOf } from './sweep-work.ts';

interface SweepFlags {
  readonly out?: string;
  readonly engine?: string;
  readonly sbatch?: string;
  readonly workers: number;
  readonly json?: boolean;
}

/** Beyond this machine. */
interface Engine {
  readonly name: string;
  /** Options of sbatch. */
  readonly sbatch: readonly string[];
}

export function addSweepCommand(program: Command): void {
  program
    .command('sweep')
    .description(
      'run an experiment: policies on traces over a matrix of options, replicated; docs/experiments.md',
    )
    .argument('<file>', 'the experiment, as YAML or JSON')
    .option(
      '--engine <where>',
      'hand the runs to the sweep-workers of a queue (redis://…), or to Slurm (slurm), which see the folder as this machine does',
    )
    .option('--out <folder>', 'folder of results (runs/NAME); begun again, what is there is not run again')
    .option(
      '--sbatch <options>',
      'for --engine slurm: what sbatch is told besides, such as "-p short --mem=4G"',
    )
    .addOption(workersOption())
    .option('--json', 'the comparisons as JSON')
    .action(sweep);
  program
    .command('sweep-worker')
    .description('carry out runs of experiments that `sweep --engine` handed to a queue, until Ctrl-C')
    .argument('<redis://…>', 'the queue, on Redis or Valkey')
    .addOption(workersOption())
    .action(work);
  program
    .command('sweep-block', { hidden: true })
    .argument('<file>', 'blocks, as `sweep --engine slurm` wrote them')
    .argument('<index>', 'which of them', Number)
    .action((file: string, index: number) => playBlock(file, index, new AbortController().signal));
}

const workersOption = () =>
  new Option('--workers <count>', 'so many at once')
    .argParser((text) => parseCount('--workers', text))
    .default(availableParallelism(), 'as many as there are cores');

async function work(url: string, { workers }: { readonly workers: number }): Promise<void> {
  const stop = new AbortController();
  const log = (line: string) => process.stdout.write(`${line}\n`);
  const { workOnQueue } = await import('./sweep-queue.ts');
  await withGentleInterrupt(
    () => stop.abort(),
    () => workOnQueue(url, workers, log, stop.signal),
  );
}

async function sweep(file: string, { out, engine, sbatch = '', workers, json }: SweepFlags): Promise<void> {
  const experiment = readExperiment(file);
  const folder = out ?? join('runs', experiment.name);
  await claimFolder(folder, experiment);
  const cells = cellsOf(experiment);
  const where = engine === undefined ? null : { name: engine, sbatch: sbatch.split(/\s+/).filter(Boolean) };
  process.stderr.write(
    `${cells.length} cells × ${experiment.policies.length} policies × ${experiment.replications.count} replications: ${
      cells.length * experiment.policies.length * experiment.replications.count
    } runs\n`,
  );
  const stop = new AbortController();
  const comparisons = await withGentleInterrupt(
    () => stop.abort(),
    () => play(experiment, cells, folder, where, workers, stop.signal),
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
  engine: Engine | null,
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
    if (!(await playBlocks(experiment, cells, blocks, folder, engine, workers, signal))) return null;
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
  engine: Engine | null,
  workers: number,
  signal: AbortSignal,
): Promise<boolean> {
  const works = blocks
    .map((block) => workOf(experiment, cells[block.cell], block, folder))
    .filter(({ marker }) => !existsSync(marker));
  const bar = new SingleBar({
    format: '{bar} {value} of {total} groups of runs, {eta_formatted} left',
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    barsize: 20,
    noTTYOutput: false,
  });
  if (process.stderr.isTTY) bar.start(works.length, 0);
  try {
    if (engine === null) await playHere(works, workers, () => bar.increment(), signal);
    else if (engine.name === 'slurm')
      await playOnSlurm(folder, engine.sbatch, works, () => bar.increment(), signal);
    else {
      // Its libraries are loaded by those who need them.
      const { playOnQueue } = await import('./sweep-queue.ts');
      await playOnQueue(engine.name, works, () => bar.increment(), signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    bar.stop();
  }
  return !signal.aborted;
}

/** @throws what the first that fails throws, once those that run have ended */
async function playHere(
  works: readonly BlockWork[],
  workers: number,
  finished: () => void,
  signal: AbortSignal,
): Promise<void> {
  const waiting = [...works];
  let failure: Error | null = null;
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (signal.aborted || failure !== null) return;
      try {
        await carryOut(next, signal);
        finished();
      } catch (error) {
        failure ??= error as Error;
      }
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  if (failure !== null) throw failure;
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
  const file = join(folder, EXPERIMENT_FILE);
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
