/**
 * Files that a daemon shows to operators (reference §9): those under named folders, and nothing that a path or a link
 * leads to outside of them.
 */
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir, readlink, realpath } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { FileInfo } from '../../protocol/v1/mesos.ts';

export interface FileRoot {
  /** As clients name it; absolute. */
  readonly path: string;
  /** Where it is; absolute. */
  readonly folder: string;
}

export interface FilePart {
  /** Of the whole file. */
  readonly size: number;
  readonly data: Buffer;
}

/** Why it is not shown. */
export class FileRefusal extends Error {
  readonly status: 400 | 404;

  constructor(status: 400 | 404, message: string) {
    super(message);
    this.status = status;
  }
}

/** 16 pages of memory, as in Mesos. */
const MAX_READ_BYTES = 16 * 4096;

/** Opening what waits for a writer must not wait, and a link at the end is a change since the path was resolved. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

export class ShownFiles {
  private readonly roots: () => readonly FileRoot[];
  private readonly allowed: readonly string[];

  /** @param allowed folders; links in the roots may lead to what is in them */
  constructor(roots: () => readonly FileRoot[], allowed: readonly string[]) {
    this.roots = roots;
    this.allowed = allowed;
  }

  /** Where what is shown is on disk, by the names of the roots. */
  names(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.roots().map(({ path, folder }) => [path, folder]));
  }

  /** In the order of their names. @throws FileRefusal */
  async list(path: string): Promise<FileInfo[]> {
    const folder = await this.resolve(path);
    const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOTDIR'
        ? new FileRefusal(400, `'${path}' is not a directory`)
        : new FileRefusal(404, `'${path}' cannot be listed`);
    });
    const infos = await Promise.all(
      names.sort().map((name) => infoOf(join(folder, name), posix.join(path, name))),
    );
    return infos.filter((info) => info !== null);
  }

  /** @param length at most so much; `null`: to the end. No more than 64 KiB are read at once. @throws FileRefusal */
  async read(path: string, offset: number, length: number | null): Promise<FilePart> {
    return this.withFile(path, async (file, size) => {
      const wanted = Math.min(length ?? MAX_READ_BYTES, MAX_READ_BYTES, Math.max(0, size - offset));
      const buffer = Buffer.alloc(wanted);
      const { bytesRead } = wanted === 0 ? { bytesRead: 0 } : await file.read(buffer, 0, wanted, offset);
      return { size, data: buffer.subarray(0, bytesRead) };
    });
  }

  /** All of it, in parts. @throws FileRefusal */
  async *readAll(path: string): AsyncGenerator<Buffer> {
    for (let offset = 0; ; ) {
      const { data } = await this.read(path, offset, null);
      if (data.length === 0) return;
      yield data;
      offset += data.length;
    }
  }

  /** What is open decides, not what the path led to a moment ago: a task may change its links at any time. */
  private async withFile<T>(path: string, use: (file: FileHandle, size: number) => Promise<T>): Promise<T> {
    const real = await this.resolve(path);
    const file = await open(real, OPEN_FLAGS).catch(() => {
      throw missing(path);
    });
    try {
      const stats = await file.stat();
      if (stats.isDirectory()) throw new FileRefusal(400, `'${path}' is a directory`);
      if (!stats.isFile() || !this.isShown(await readlink(`/proc/self/fd/${file.fd}`))) throw missing(path);
      return await use(file, stats.size);
    } finally {
      await file.close();
    }
  }

  private async resolve(path: string): Promise<string> {
    if (path === '') throw new FileRefusal(400, "Expecting 'path=value'");
    const plain = posix.normalize(`/${path}`);
    const root = this.roots().find((one) => plain === one.path || plain.startsWith(`${one.path}/`));
    if (root === undefined || path.includes('\0')) throw missing(path);
    const real = await realpath(join(root.folder, plain.slice(root.path.length))).catch(() => null);
    if (real === null || !this.isShown(real)) throw missing(path);
    return real;
  }

  private isShown(real: string): boolean {
    return this.allowed.some((folder) => real === folder || real.startsWith(`${folder}/`));
  }
}

const missing = (path: string) => new FileRefusal(404, `'${path}' cannot be found`);

/** `null`: it is gone. */
async function infoOf(file: string, path: string): Promise<FileInfo | null> {
  const stats = await lstat(file).catch(() => null);
  if (stats === null) return null;
  const { nlink, size, mtimeMs, mode, uid, gid } = stats;
  return {
    path,
    nlink,
    size,
    mtime: { nanoseconds: Math.round(mtimeMs * 1e6) },
    mode,
    uid: String(uid),
    gid: String(gid),
  };
}
