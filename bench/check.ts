/**
 * `npm run bench:check -- BASE`: is the working tree slower than the commit BASE? Exit code 0: not so; 1: it is, by more
 * than the threshold; 2: the command line was wrong. bench/README.md tells how to read the result.
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
import { CONFIDENCE, type Comparison, compareAll } from './check/compare.ts';
import { comparisonTable, instructionTable } from './check/comparison-table.ts';
import { Repository } from './check/git.ts';
import { countInstructions, type InstructionCount } from './check/instructions.ts';
import { benchmarkNames, measurePair } from './check/process-pair.ts';
import { ratioChart } from './check/ratio-chart.ts';

interface Options {
  readonly threshold: number;
  readonly minutes: number;
  readonly out: string;
}

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

async function check(base: string, options: Options): Promise<void> {
  const endMs = performance.now() + options.minutes * 60_000;
  const repository = new Repository(process.cwd());
  const baseCommit = repository.commitOf(base);
  if (baseCommit === null && base === 'HEAD~1' && repository.commitOf('HEAD') !== null) {
    process.stdout.write(
      'bench:check: HEAD has no parent in this clone, so there is nothing to compare with\n',
    );
    return;
  }
  if (baseCommit === null) {
    throw new InputError(
      'OPTION_VALUE',
      `"${base}" is not a commit of this repository; expected e.g. main~1 (a shallow clone may lack it: git fetch --unshallow)`,
    );
  }
  await ensureWritableDirectory(options.out);

  const scratch = mkdtempSync(join(tmpdir(), 'mesolab-bench-'));
  const folders = { base: join(scratch, 'base'), change: join(scratch, 'change') };
  const cleanUp = () => {
    for (const folder of Object.values(folders)) repository.removeWorktree(folder);
    rmSync(scratch, { recursive: true, force: true });
  };
  process.once('exit', cleanUp);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.once(signal, () => process.exit(EXIT_INTERRUPTED));

  // The working tree may be edited while it is measured: what is measured is a copy, placed as the base is.
  const isDirty = repository.isDirty();
  const changeCommit = repository.commitOfWorkingTree(scratch);
  reportMissing('base', await checkOut(repository, baseCommit, folders.base));
  reportMissing('change', await checkOut(repository, changeCommit, folders.change));

  const names = { base: benchmarkNames(folders.base), change: benchmarkNames(folders.change) };
  const shared = names.change.filter((name) => names.base.includes(name));
  const onlyIn = {
    base: names.base.filter((name) => !shared.includes(name)),
    change: names.change.filter((name) => !shared.includes(name)),
  };
  const instructions = countInstructions(
    repository,
    { commit: baseCommit, folder: folders.base },
    { commit: changeCommit, folder: folders.change },
    join(repository.root, 'runs/bench/native/kernels'),
  );
  const comparisons = await compareAll(
    shared,
    options.threshold,
    (benchmark, pair) => measurePair(folders, benchmark, pair),
    () => performance.now() > endMs,
  );

  await writeResult(options.out, {
    date: new Date().toISOString(),
    host: { ...hostDescription(), cores: availableParallelism() },
    base: baseCommit,
    change: { commit: repository.commitOf('HEAD'), isDirty },
    threshold: options.threshold,
    confidence: CONFIDENCE,
    onlyIn,
    comparisons,
    instructions,
  });
  process.stdout.write(`${comparisonTable(comparisons, CONFIDENCE)}\n`);
  process.stdout.write(
    typeof instructions === 'string'
      ? `instructions of native kernels were not counted: ${instructions}\n`
      : `${instructionTable(instructions)}\n`,
  );
  for (const [side, only] of Object.entries(onlyIn)) {
    if (only.length > 0) process.stdout.write(`only in the ${side}, not compared: ${only.join('; ')}\n`);
  }
  report(comparisons, instructions, options);
}

function report(
  comparisons: readonly Comparison[],
  instructions: readonly InstructionCount[] | string,
  { threshold, out }: Options,
): void {
  const named = (verdict: string) =>
    comparisons.filter((comparison) => comparison.verdict === verdict).map(({ benchmark }) => benchmark);
  const grown = (typeof instructions === 'string' ? [] : instructions).filter(
    ({ base, change }) => change > base * (1 + threshold),
  );
  const slower = [...named('slower'), ...grown.map(({ kernel }) => `instructions of ${kernel}`)];
  const undecided = named('undecided');
  if (undecided.length > 0) {
    process.stdout.write(`undecided in the time given (more with --minutes): ${undecided.join('; ')}\n`);
  }
  const percent = `${Number((threshold * 100).toPrecision(3))} %`;
  process.stdout.write(
    slower.length > 0
      ? `FAILED: slower by more than ${percent}: ${slower.join('; ')}\n`
      : `passed: no benchmark is slower by more than ${percent} for certain\n`,
  );
  process.stdout.write(`details in ${out}\n`);
  if (slower.length > 0) process.exitCode = EXIT_SLOWER;
}

async function writeResult(
  out: string,
  result: { readonly comparisons: readonly Comparison[]; readonly threshold: number } & Record<
    string,
    unknown
  >,
): Promise<void> {
  const spec = ratioChart(result.comparisons, result.threshold);
  await writeFileAtomically(join(out, 'chart.json'), `${JSON.stringify(spec, null, 2)}\n`);
  await writeFileAtomically(join(out, 'chart.svg'), await renderSvg(spec));
  await writeFileAtomically(join(out, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
}

function reportMissing(side: string, { nativeMissing }: Checkout): void {
  if (nativeMissing !== null) process.stdout.write(`no native engine of the ${side}: ${nativeMissing}\n`);
}

function parsePositive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Number.POSITIVE_INFINITY))
    throw new InvalidArgumentError('expected a number above 0.');
  return value;
}
