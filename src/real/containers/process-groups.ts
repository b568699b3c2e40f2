/** Holds the processes of containers together: by control groups, or by what is known of each process. */

import type { Cgroups } from './cgroups.ts';
import { killAll } from './control-files.ts';
import { MARK, markedProcesses } from './process-tree.ts';

export class ProcessGroups {
  private readonly cgroups: Cgroups | null;
  private readonly agent: string;

  /** @param agent its name on this machine; ids of containers may be those of another agent's, too */
  constructor(cgroups: Cgroups | null, agent: string) {
    this.cgroups = cgroups;
    this.agent = agent;
  }

  /** Variables by which the processes of a group are known. */
  marks(group: string): Readonly<Record<string, string>> {
    return { [MARK]: `${this.agent}/${group}` };
  }

  processes(group: string): readonly number[] {
    return this.cgroups === null ? markedProcesses(this.marks(group)[MARK]) : this.cgroups.processes(group);
  }

  /** Resolves once all are gone, or with `false` when some have not gone for so long. */
  async end(group: string, timeoutMs: number): Promise<boolean> {
    const deadline = Date.now() + timeoutMs;
    for (let pauseMs = 2; ; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
      if (this.processes(group).length === 0) return true;
      if (Date.now() > deadline) return false;
      if (this.cgroups === null) killAll(this.processes(group));
      else this.cgroups.kill(group);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

const MAX_PAUSE_MS = 200;
