/** Paths under which an agent shows the files of its sandboxes (reference §9, §19.19). */
import { join } from 'node:path';
import type { FileRoot } from '../http/shown-files.ts';
import type { AgentView } from './views.ts';

/** By the ids of framework and executor, and by where they are on disk. */
export function sandboxRoots({ state }: AgentView, workDir: string): readonly FileRoot[] {
  const all = join(workDir, 'slaves');
  const onDisk = { path: all, folder: all };
  if (state.id === null) return [onDisk];
  return [{ path: '/frameworks', folder: join(all, state.id, 'frameworks') }, onDisk];
}

/** Links in sandboxes may lead to each other, and to volumes of the agent. */
export function shownFolders(workDir: string): readonly string[] {
  return [join(workDir, 'slaves'), join(workDir, 'volumes')];
}
