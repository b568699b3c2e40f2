/** Files of the kernel's that are read and written at once. */
import { readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** `null`: there is no such file, or its group is gone. */
export function readControl(file: string): string | null {
  try {
    return readFileSync(file, 'latin1').trim();
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

export function readNumber(file: string): number | null {
  const text = readControl(file);
  return text === null || text === 'max' ? null : Number(text);
}

/** Lines of a name and a number. */
export function readTable(file: string): ReadonlyMap<string, number> {
  const lines = readControl(file)?.split('\n') ?? [];
  return new Map(lines.map((line) => line.split(' ')).map(([name, value]) => [name, Number(value)]));
}

export function writeControl(file: string, value: string | number): void {
  writeFileSync(file, `${value}`, { flag: 'w' });
}

/** The folder and all below it, the deepest first. */
export function foldersBelow(folder: string): readonly string[] {
  let names: string[];
  try {
    names = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
  return [...names.flatMap((name) => foldersBelow(join(folder, name))), folder];
}

export function removeFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** A group of an agent, and the one of all agents that it is in. */
export function removeIfEmpty(folder: string): void {
  try {
    removeFolder(folder);
    removeFolder(dirname(folder));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error;
  }
}

/** Process ids of groups, as their files list them. */
export function processIds(folder: string): readonly number[] {
  return foldersBelow(folder).flatMap((group) =>
    (readControl(join(group, 'cgroup.procs')) ?? '').split('\n').filter(Boolean).map(Number),
  );
}

export function killAll(pids: readonly number[]): void {
  for (const pid of pids)
    try {
      // 0: of another process namespace; it would mean all of our own group.
      if (pid > 1) process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
}

function isGone(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENODEV';
}
