/** Sandboxes of executors that ended before this agent process started, as far as they are still on disk. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { EndedSandbox } from '../../agent/io.ts';

/** @param running containers whose sandboxes are in use @returns oldest first */
export function endedSandboxes(workDir: string, running: ReadonlySet<string>): EndedSandbox[] {
  const found: EndedSandbox[] = [];
  for (const agent of foldersIn(workDir, 'slaves'))
    for (const framework of foldersIn(workDir, join(agent, 'frameworks')))
      for (const executor of foldersIn(workDir, join(framework, 'executors')))
        for (const sandbox of foldersIn(workDir, join(executor, 'runs')))
          if (!running.has(sandbox.slice(sandbox.lastIndexOf('/') + 1)))
            found.push({ sandbox, endedUs: statSync(join(workDir, sandbox)).mtimeMs * 1000 });
  return found.sort((a, b) => a.endedUs - b.endedUs);
}

/** Relative to the work directory; links, such as `latest`, are none. */
function foldersIn(workDir: string, path: string): string[] {
  try {
    const entries = readdirSync(join(workDir, path), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
