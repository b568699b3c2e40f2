/**
 * `npm run bench:check -- BASE`: is the working tree slower than the commit BASE? Exit code 0: not so; 1: it is, by more
 * than the threshold; 2: it can't be told, since the command line is wrong or the base can't be had. bench/README.md tells
 * how to read the result.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { renderSvg } from '../src/charts/render-svg.ts';
import { hostDescription } from '../src/cli/host.ts';
import { InputError } from '../src/cluster/errors.ts';
import { ensureWritableDirectory, writeFileAtomically } from '../src/files/atomic-write.ts';
import { type Checkout, checkOut } from './check/checkout.ts';
import { CONFIDENCE, compareAll } from './check/compare.ts';
import { comparisonTable, instructionTable } from './check/comparison-table.ts';
import { hasUncommittedChanges, Repository } from './check/git.ts';
import { countInstructions, hasValgrind, type InstructionCount } from './check/instructions.ts';
import type { Side } from './check/interleaving.ts';
import { benchmarkNames, measurePair } from './check/process-pair.ts';
import { ratioChart } from './check/ratio-chart.ts';

interface Options {
  readonly threshold: number;
  readonly minutes: number;
  readonly out: string;
}

/** Of the time, at most this much goes into building, so that some is left for measuring. */
const BUILD_SHARE = 0.6;

const EXIT_SLOWER = 1;
const EXIT_WRONG_INPUT = 2;
const EXIT_INTERRUPTED = 130;

const program = new Command('bench:check')
  .argument('<base>', 'the commit to compare with, e.g. main~1')
  .option('--threshold <share>', 'slowdown that counts', parsePositive, 0.05)
  .option('--minutes <count>', 'most time to spend, preparation included', parsePositive, 15)
  .option('--out <folder>', 'where result.json, chart.json and chart.svg go', 'runs/bench/check')
  .exitOverride()
  .action(check);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT_WRONG_INPUT;
  else if (error instanceof InputError) {
    process.stderr.write(`error: ${error.message} [${error.code}]\n`);
    process.exitCode = EXIT_WRONG_INPUT;
  } else throw error;
}

async function check(base: string, { threshold, minutes, out }: Options): Promise<void> {
  const startMs = performance.now();
  const endMs = startMs + minutes * 60_000;
  const scratch = mkdtempSync(join(tmpdir(), 'mesolab-bench-'));
  process.once('exit', () => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.once(signal, () => process.exit(EXIT_INTERRUPTED));

  const repository = new Repository(process.cwd(), scratch);
  const baseCommit = repository.commitOf(base);
  if (baseCommit === null) {
    throw new InputError(
      'OPTION_VALUE',
      `"${base}" is not a commit of this repository; expected e.g. main~1 (a shallow clone may lack it: git fetch --unshallow)`,
    );
  }
  await ensureWritableDirectory(out);

  // The working tree may be edited while it is measured: what is measured is a copy, placed as the base is.
  const isDirty = hasUncommittedChanges(repository.root);
  const buildsEndMs = startMs + BUILD_SHARE * (endMs - startMs);
  const sides = {
    base: await checkOut(repository, baseCommit, join(scratch, 'base'), buildsEndMs),
    change: await checkOut(repository, repository.treeOfWorkingTree(), join(scratch, 'change'), buildsEndMs),
  };
  for (const [side, { missing }] of Object.entries(sides))
    for (const what of missing) say(`not measured of the ${side}: ${what}`);

  const counts = await instructionCounts(sides, threshold, endMs);
  const names = {
    base: benchmarkNames(sides.base.folder),
    change: benchmarkNames(sides.change.folder),
  };
  const shared = names.change.filter((name) => names.base.includes(name));
  const onlyIn = {
    base: names.base.filter((name) => !shared.includes(name)),
    change: names.change.filter((name) => !shared.includes(name)),
  };
  if (shared.length === 0 && counts.length === 0) {
    say('nothing was compared: the base has none of these benchmarks');
    return;
  }
  const comparisons = await compareAll(
    shared,
    threshold,
    (benchmark, pair) =>
      measurePair({ base: sides.base.folder, change: sides.change.folder }, benchmark, pair),
    () => performance.now() > endMs,
  );

  const chart = ratioChart(comparisons, counts, threshold);
  await writeFileAtomically(join(out, 'chart.json'), `${JSON.stringify(chart, null, 2)}\n`);
  await writeFileAtomically(join(out, 'chart.svg'), await renderSvg(chart));
  const result = {
    date: new Date().toISOString(),
    host: { ...hostDescription(), cores: availableParallelism() },
    base: baseCommit,
    change: { commit: repository.commitOf('HEAD'), isDirty },
    threshold,
    confidence: CONFIDENCE,
    onlyIn,
    comparisons,
    instructions: counts,
  };
  await writeFileAtomically(join(out, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);

  say(comparisonTable(comparisons, CONFIDENCE));
  if (counts.length > 0) say(instructionTable(counts));
  for (const [side, only] of Object.entries(onlyIn))
    if (only.length > 0) say(`only in the ${side}, not compared: ${only.join('; ')}`);
  const decided = comparisons.filter(({ verdict }) => verdict !== 'undecided');
  const undecided = shared.filter((name) => !decided.some(({ benchmark }) => benchmark === name));
  if (undecided.length > 0) say(`undecided in the time given (more with --minutes): ${undecided.join('; ')}`);
  const slower = [
    ...comparisons.filter(({ verdict }) => verdict === 'slower').map(({ benchmark }) => benchmark),
    ...counts.filter(({ verdict }) => verdict === 'slower').map(({ kernel }) => `${kernel} (instructions)`),
  ];
  const percent = `${Number((threshold * 100).toPrecision(3))} %`;
  say(
    slower.length > 0
      ? `FAILED: slower by more than ${percent}: ${slower.join('; ')}`
      : `passed: no benchmark is slower by more than ${percent} for certain`,
  );
  say(`details in ${out}`);
  if (slower.length > 0) process.exitCode = EXIT_SLOWER;
}

async function instructionCounts(
  { base, change }: Readonly<Record<Side, Checkout>>,
  threshold: number,
  endMs: number,
): Promise<InstructionCount[]> {
  if (base.kernels === null || change.kernels === null) return [];
  if (!hasValgrind()) {
    say('instructions are not counted: there is no valgrind (Debian, Ubuntu: apt-get install valgrind)');
    return [];
  }
  return countInstructions({ base: base.kernels, change: change.kernels }, threshold, endMs);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function parsePositive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Number.POSITIVE_INFINITY))
    throw new InvalidArgumentError('expected a number above 0.');
  return value;
}
