/**
 * Keeps what a container writes within a size: the file is copied to `stdout.1` (and that before to `stdout.2`, and so on)
 * and begins anew. What is written while the end of the copy is made may be lost; in return no process stands between
 * the container and its files, and none has to outlive the agent.
 */
import {
  closeSync,
  constants,
  fchownSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { PinnedFolder } from './pinned-folder.ts';
import { OUTPUT_FILES } from './sandbox.ts';

export interface LogRotation {
  /** Of one file. */
  readonly maxBytes: number;
  /** Kept besides the file that is written to. */
  readonly keptFiles: number;
}

const { O_RDWR, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants;
const CHUNK_BYTES = 1 << 20;

/** @param sandbox relative to the work directory */
export function rotateLogs(workDir: string, sandbox: string, rotation: LogRotation): void {
  let folder: PinnedFolder;
  try {
    folder = PinnedFolder.open(workDir, sandbox);
  } catch {
    // Its owner took it away.
    return;
  }
  try {
    for (const name of OUTPUT_FILES) rotate(`${folder.path}/${name}`, rotation);
  } finally {
    folder.close();
  }
}

/** The folder's owner may have put anything in place of its files: links are not followed. */
function rotate(path: string, { maxBytes, keptFiles }: LogRotation): void {
  const file = tryOpen(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK);
  if (file === null) return;
  try {
    const stats = fstatSync(file);
    // A file with another name, too, may be another's, which root alone could shorten.
    if (!stats.isFile() || stats.nlink !== 1 || stats.size <= maxBytes) return;
    for (let kept = keptFiles - 1; kept >= 1; kept--) tryRename(`${path}.${kept}`, `${path}.${kept + 1}`);
    if (keptFiles > 0) copyLast(file, `${path}.1`, Math.max(0, stats.size - maxBytes), stats);
    ftruncateSync(file, 0);
  } finally {
    closeSync(file);
  }
}

/** From a position to the end, which moves on meanwhile. */
function copyLast(
  file: number,
  path: string,
  from: number,
  { uid, gid }: { readonly uid: number; readonly gid: number },
): void {
  rmSync(path, { force: true, recursive: true });
  const copy = tryOpen(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
  if (copy === null) return;
  try {
    fchownSync(copy, uid, gid);
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let position = from;
    for (let count = -1; count !== 0; position += count) {
      count = readSync(file, chunk, 0, CHUNK_BYTES, position);
      for (let written = 0; written < count; ) written += writeSync(copy, chunk, written, count - written);
    }
  } finally {
    closeSync(copy);
  }
}

function tryOpen(path: string, flags: number): number | null {
  try {
    return openSync(path, flags, 0o644);
  } catch {
    return null;
  }
}

function tryRename(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch {
    // There are not so many yet.
  }
}
