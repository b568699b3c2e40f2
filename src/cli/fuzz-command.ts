/** `mesolab fuzz`: plays schedules of faults against the cluster core, and shrinks one that breaks a rule. */
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { InputError } from '../cluster/errors.ts';
import { writeFileAtomically } from '../files/atomic-write.ts';
import { runSchedule, type ScheduleResult } from '../sim/fuzz/run-schedule.ts';
import { drawSchedule, type Schedule } from '../sim/fuzz/schedule.ts';
import { shrink } from '../sim/fuzz/shrink.ts';
import { INTERRUPTED_EXIT_CODE, withGentleInterrupt } from './signals.ts';

interface FuzzFlags {
  readonly seeds: { readonly first: number; readonly last: number };
  readonly minutes?: number;
  readonly schedule?: string;
  readonly out: string;
}

export function addFuzzCommand(program: Command): void {
  program
    .command('fuzz')
    .description('play schedules of faults against masters, agents and frameworks, and check every event')
    .addOption(
      new Option('--seeds <range>', 'schedules to draw, e.g. 1..10000 or 17')
        .argParser(parseSeeds)
        .default({ first: 1, last: 1000 }, '1..1000'),
    )
    .option('--minutes <number>', 'stop after so long', parseMinutes)
    .option('--schedule <file>', 'play the schedule of a file, as a failure leaves one')
    .option('--out <file>', 'where a shrunk schedule that breaks a rule is written', 'fuzz-failure.json')
    .action(fuzz);
}

async function fuzz(flags: FuzzFlags): Promise<void> {
  if (flags.schedule !== undefined) {
    replay(readSchedule(flags.schedule));
    return;
  }
  const { first, last } = flags.seeds;
  const startedMs = performance.now();
  const endMs = flags.minutes === undefined ? Number.POSITIVE_INFINITY : startedMs + flags.minutes * 60_000;
  let isInterrupted = false;
  let [played, events, virtualUs] = [0, 0, 0];
  let failed: { readonly seed: number; readonly result: ScheduleResult } | null = null;
  const progress = showProgress(last - first + 1);
  await withGentleInterrupt(
    () => {
      isInterrupted = true;
    },
    async () => {
      for (let seed = first; seed <= last && !isInterrupted && performance.now() < endMs; seed++) {
        const result = runSchedule(drawSchedule(String(seed)));
        played++;
        events += result.events;
        virtualUs += result.virtualUs;
        progress(played);
        if (result.violation !== null) {
          failed = { seed, result };
          return;
        }
        await setImmediate();
      }
    },
  );
  progress(null);
  const seconds = (performance.now() - startedMs) / 1000;
  process.stdout.write(
    `${played} schedules, ${events} events, ${(virtualUs / 3.6e9).toFixed(1)} h of virtual time in ${seconds.toFixed(1)} s\n`,
  );
  if (failed !== null) await reportFailure(failed, flags.out);
  else if (isInterrupted) process.exitCode = INTERRUPTED_EXIT_CODE;
  else process.stdout.write('no rule was broken\n');
}

/** A line on a terminal that is written over; `null`: it is taken away. */
function showProgress(count: number): (played: number | null) => void {
  if (!process.stderr.isTTY) return () => {};
  return (played) => process.stderr.write(played === null ? '\r\x1b[K' : `\r${played} of ${count} schedules`);
}

async function reportFailure(
  { seed, result }: { readonly seed: number; readonly result: ScheduleResult },
  out: string,
): Promise<void> {
  const { rule } = result.violation!;
  process.stdout.write(`seed ${seed} breaks a rule: ${result.violation!.message}\nshrinking …\n`);
  const small = shrink(
    drawSchedule(String(seed)),
    (candidate) => runSchedule(candidate).violation?.rule === rule,
  );
  await writeFileAtomically(out, `${JSON.stringify(small, null, 2)}\n`);
  process.stdout.write(
    `${describe(small)}\n${runSchedule(small).violation!.message}\nto play it again: npx mesolab fuzz --schedule ${out}\n`,
  );
  process.exitCode = 1;
}

function replay(schedule: Schedule): void {
  const { violation, events, virtualUs, digest } = runSchedule(schedule);
  process.stdout.write(
    `${describe(schedule)}\n${events} events, ${(virtualUs / 1e6).toFixed(1)} s of virtual time, digest ${digest}\n`,
  );
  process.stdout.write(violation === null ? 'no rule was broken\n' : `${violation.message}\n`);
  if (violation !== null) process.exitCode = 1;
}

function describe({ masters, agents, batches, services, faults, commands }: Schedule): string {
  const all = [...faults, ...commands].sort((a, b) => a.atUs - b.atUs);
  const lines = all.map(
    ({ kind, atUs, ...rest }) => `  ${(atUs / 1e6).toFixed(3)} s ${kind} ${JSON.stringify(rest)}`,
  );
  return [
    `${masters} masters, ${agents} agents, ${batches.length} batches and ${services.length} services`,
    ...lines,
  ].join('\n');
}

function readSchedule(file: string): Schedule {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new InputError('FILE_MISSING', 'it cannot be read; give a file that mesolab fuzz wrote', { file });
  }
  let value: Partial<Schedule>;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InputError('ROW_VALUE', `it is not JSON: ${(error as Error).message}`, { file });
  }
  const { seed } = value;
  if (typeof seed !== 'string')
    throw new InputError('ROW_VALUE', 'it has no "seed"; give a file that mesolab fuzz wrote', { file });
  // What a file leaves out is as the seed has it.
  return { ...drawSchedule(seed), ...value };
}

function parseSeeds(text: string): FuzzFlags['seeds'] {
  const match = /^(\d+)(?:\.\.(\d+))?$/.exec(text);
  const first = Number(match?.[1]);
  const last = Number(match?.[2] ?? match?.[1]);
  if (match === null || last < first)
    throw new InputError(
      'OPTION_VALUE',
      `--seeds ${text}: expected FIRST..LAST, such as 1..10000, or one number`,
    );
  return { first, last };
}

function parseMinutes(text: string): number {
  const minutes = Number(text);
  if (!(minutes > 0)) throw new InputError('OPTION_VALUE', `--minutes ${text}: expected a number above 0`);
  return minutes;
}
