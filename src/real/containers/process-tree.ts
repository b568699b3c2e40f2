/** Processes of a container where no control group holds them together: those in its session, their offspring, and all that carry its mark. */
import { readdirSync, readFileSync } from 'node:fs';
import { statFields } from './process-identity.ts';

/** Variable of the environment; of a nested container it begins with that of the container around it. */
export const MARK = 'MESOLAB_CONTAINER';

const [STATE, PARENT, , SESSION] = [0, 1, 2, 3];

/** In the container and those nested in it; not those that have ended. */
export function markedProcesses(mark: string): readonly number[] {
  const parents = new Map<number, number>();
  const sessions = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!(pid > 1)) continue;
    const fields = statFields(pid);
    if (fields === null || 'ZX'.includes(fields[STATE])) continue;
    parents.set(pid, Number(fields[PARENT]));
    sessions.set(pid, Number(fields[SESSION]));
  }
  const found = new Set([...parents.keys()].filter((pid) => isMarked(pid, mark)));
  const led = new Set([...found].filter((pid) => sessions.get(pid) === pid));
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent) || led.has(sessions.get(pid)!)) found.add(pid);
  }
  return [...found];
}

function isMarked(pid: number, value: string): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
    const mark = Buffer.from(`${MARK}=${value}`).toString('latin1');
    return environment.split('\0').some((entry) => entry === mark || entry.startsWith(`${mark}/`));
  } catch {
    // It ended, or is another user's.
    return false;
  }
}
