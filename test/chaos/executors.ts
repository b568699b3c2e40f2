/** Processes of command executors on this machine, found by the environment that their agent gave them. */
import { readdirSync, readFileSync } from 'node:fs';

export interface ExecutorProcess {
  readonly pid: number;
  readonly task: string;
}

/** @param folder their agents' work directories are in it */
export function executorsIn(folder: string): ExecutorProcess[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      if (!command.includes('command-executor.ts')) return [];
      const variables = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0');
      const variable = (key: string) =>
        variables.find((each) => each.startsWith(`${key}=`))?.slice(key.length + 1);
      const task = variable('MESOS_EXECUTOR_ID');
      if (task === undefined || !variable('MESOS_SANDBOX')?.startsWith(folder)) return [];
      return [{ pid: Number(name), task }];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}
