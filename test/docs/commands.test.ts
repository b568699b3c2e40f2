/** Every command of the README and of docs/: its options are there, and it is carried out, or it is said why not. */
import { execFile } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';

const HOME = join(import.meta.dirname, '../..');
const LAUNCHER = join(HOME, 'bin/mesolab.js');
const TIMEOUT_MS = 120_000;
const run = promisify(execFile);

/** Beginnings of commands that are not carried out here. */
const NOT_RUN: readonly (readonly [beginning: string, reason: string])[] = [
  ['fuzz --seeds 1..10000', 'takes minutes; test/sim/fuzz plays a part of it'],
  ['fuzz --seeds 1..1000000000', 'takes a night'],
  ['lab', 'serves until Ctrl-C: test/cli/lab.test.ts, lab-masters.test.ts'],
  ['notebook', 'serves until Ctrl-C: test/notebooks'],
  ['master', 'a daemon: test/real/master'],
  ['agent', 'a daemon: test/real/agent'],
  ['run', 'wants a cluster: test/cli/lab.test.ts'],
  ['job', 'wants a cluster: test/cli/lab.test.ts'],
  ['service', 'wants a cluster: test/cli/lab.test.ts'],
  ['play', 'wants a cluster for minutes: test/cli/lab.test.ts'],
  ['validate runs/play', 'wants what play leaves: test/cli/lab.test.ts'],
  ['replay runs/lab', 'wants what a lab leaves: test/cli/lab.test.ts'],
  ['sweep-worker', 'wants other machines: test/cli/sweep-queue.test.ts'],
  ['sweep experiment.yaml --engine', 'wants a queue: test/cli/sweep-queue.test.ts, sweep-slurm.test.ts'],
  ['sweep docs/examples/load.yaml', 'test/docs/tutorial.test.ts carries it out'],
  ['chart sweep runs/load', 'wants an experiment: test/cli/sweep.test.ts'],
];

/** What pages leave open, and what stands for it here. */
const OPEN: readonly (readonly [what: string, instead: string])[] = [
  ['TRACE', 'small'],
  ['KIND RUNS…', 'utilisation runs/demo'],
  [' OUT ', ' converted '],
];

interface Told {
  readonly page: string;
  /** Without `npx mesolab`. */
  readonly command: string;
}

/** Commands stand in lines of their own, indented or fenced. */
function commandsOf(page: string): Told[] {
  return readFileSync(join(HOME, page), 'utf8')
    .replaceAll(/ \\\n +/g, ' ')
    .split('\n')
    .filter((line) => /^ *npx mesolab /.test(line))
    .flatMap((line) => line.replace(/\s+#.*$/, '').split(/ & | &$/))
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => ({ page, command: part.replace(/^npx mesolab /, '') }));
}

const pages = ['README.md', ...globSync('docs/**/*.md', { cwd: HOME }).sort()];
const told = pages.filter((page) => page !== 'docs/tutorial.md').flatMap(commandsOf);
const isRun = ({ command }: Told) => !NOT_RUN.some(([beginning]) => startsWith(command, beginning));

/** With whole words, or folders. */
const startsWith = (command: string, beginning: string) =>
  command.startsWith(beginning) && [undefined, ' ', '/'].includes(command[beginning.length]);

/** Words as a shell would have them; pages quote simply. */
const words = (command: string) =>
  [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain,
  );

describe('commands in the pages', () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mesolab-docs-'));
    for (const name of ['traces', 'docs']) symlinkSync(join(HOME, name), join(folder, name));
    mkdirSync(join(folder, 'runs'));
    await mesolab('trace generate demo --tasks 2000 --agents 40 --out small');
    await mesolab('simulate small --policy fifo,drf,wdrf --out runs/demo');
  }, TIMEOUT_MS);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function mesolab(command: string): Promise<void> {
    await run(process.execPath, [LAUNCHER, ...words(command)], { cwd: folder, timeout: TIMEOUT_MS });
  }

  it('are many', () => {
    expect(told.length).toBeGreaterThan(40);
    for (const [beginning] of NOT_RUN)
      expect(
        told.some((one) => startsWith(one.command, beginning)),
        beginning,
      ).toBe(true);
  });

  it.each(told)('$page: $command: is there, with its options', ({ command }) => {
    let known: Command = createProgram();
    const rest = words(command);
    while (known.commands.length > 0) {
      const next = known.commands.find((one) => one.name() === rest[0]);
      expect(next, `mesolab ${rest[0]}`).toBeDefined();
      known = next!;
      rest.shift();
    }
    const ownWords = rest.slice(0, rest.includes('--') ? rest.indexOf('--') : rest.length);
    for (const flag of ownWords.filter((word) => /^-\S+$/.test(word)))
      expect(known.options.flatMap(({ short, long }) => [short, long])).toContain(flag.split('=')[0]);
  });

  it.each(told.filter(isRun))(
    '$page: $command: is carried out',
    { timeout: TIMEOUT_MS },
    async ({ command }) => {
      let whole = command;
      for (const [what, instead] of OPEN) whole = whole.replaceAll(what, instead);
      whole = whole.replace(
        /\S+….jsonl/,
        (pattern) => globSync(pattern.replace('…', '*'), { cwd: folder })[0],
      );
      await mesolab(whole);
    },
  );
});
