/** Runs a simulator as a process of its own and reads what it used from /proc before it ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** What a simulator prints as one line of JSON when it is done; it then waits for the end of its standard input. */
export interface Figures {
  /** Tasks that ended. */
  readonly tasks: number;
  /** Without start of the process and reading of the file. */
  readonly replaySeconds: number;
  readonly meanWaitSeconds: number;
  readonly makespanSeconds: number;
}

export interface Measured extends Figures {
  readonly wallSeconds: number;
  /** Of all its threads. */
  readonly cpuSeconds: number;
  readonly peakMib: number;
}

/** `USER_HZ`, which is 100 on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;
const KIB_PER_MIB = 1024;

/** @throws Error when it ends without figures */
export async function measured(command: string, args: readonly string[]): Promise<Measured> {
  const started = performance.now();
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue;
    const wallSeconds = (performance.now() - started) / 1000;
    const usage = usageOf(child.pid!);
    child.stdin.end();
    await exit;
    return { ...(JSON.parse(line) as Figures), wallSeconds, ...usage };
  }
  throw new Error(`${command} ended without figures (exit code ${(await exit)[0]})`);
}

function usageOf(pid: number): { cpuSeconds: number; peakMib: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // Fields are counted from behind the command's name, which may hold spaces: state is the first, utime the twelfth.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    peakMib: Number(peak![1]) / KIB_PER_MIB,
  };
}
