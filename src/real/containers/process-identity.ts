/** A process by more than its number, which another one may get: by when it started, and in which run of the machine. */
import { readFileSync } from 'node:fs';

export interface ProcessIdentity {
  readonly pid: number;
  /** In ticks of the clock since the machine started. */
  readonly startTime: number;
}

const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id';

export function bootId(): string {
  return readFileSync(BOOT_ID_FILE, 'utf8').trim();
}

/** Fields of /proc/PID/stat from the third on: the second, a name in parentheses, may hold anything. `null`: no such process. */
export function statFields(pid: number): readonly string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

const STATE = 0;
const START_TIME = 19;

/** Whether it still runs; one that has ended and was not waited for does not. */
export function isRunning({ pid, startTime }: ProcessIdentity): boolean {
  const fields = statFields(pid);
  return fields !== null && Number(fields[START_TIME]) === startTime && !'ZX'.includes(fields[STATE]);
}

/** From a line `PID START_TIME`, which may not be written to its end yet. */
export function parseIdentity(line: string): ProcessIdentity | null {
  const match = /^(\d+) (\d+)\n/.exec(line);
  return match === null ? null : { pid: Number(match[1]), startTime: Number(match[2]) };
}
