/** A trace on disk: a file or a folder, plain, gzip or zstd, read as a stream of decompressed bytes. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  type Dirent,
  openSync,
  readdirSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream';
import { constants, createGunzip, createZstdDecompress, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { InputError } from '../cluster/errors.ts';
import { compareText } from '../cluster/resources.ts';
import type { TraceInput, TraceProbe } from '../workload/importers/importer.ts';

const HEAD_BYTES = 4096;
/** Enough compressed bytes for a head, whatever the ratio. */
const HEAD_COMPRESSED_BYTES = 65_536;
/** Each chunk is a trip to another thread and back; the default of 16 KiB makes too many of them. */
const UNPACKED_CHUNK_BYTES = 262_144;
const SUFFIX = /\.(gz|zst)$/;

type Compression = 'gzip' | 'zstd' | 'none';

export class TraceSource implements TraceInput, TraceProbe {
  readonly name: string;
  readonly files: readonly string[];
  readonly companions: readonly string[];
  /** Of the files named, before decompression. */
  readonly totalBytes: number;
  /** Read so far, before decompression: with `totalBytes`, the progress of a load. */
  bytesRead = 0;
  private readonly root: string;
  /** Path on disk by name. */
  private readonly paths = new Map<string, string>();
  private readonly opened = new Set<string>();
  /** Of files read to their end. */
  private readonly digests = new Map<string, string>();

  /** @throws InputError FILE_MISSING, FILE_UNREADABLE, TRACE_EMPTY for a folder without files */
  constructor(path: string) {
    const stats = statOf(path);
    this.name = basename(path).replace(SUFFIX, '');
    this.root = stats.isDirectory() ? path : dirname(path);
    this.files = this.register(stats.isDirectory() ? filesIn(path, true) : [path]);
    this.companions = stats.isDirectory() ? [] : this.register(filesIn(this.root, false));
    this.totalBytes = this.files.reduce((sum, file) => sum + statOf(this.displayPath(file)).size, 0);
    if (this.files.length === 0) {
      throw new InputError('TRACE_EMPTY', 'the folder has no files; name a trace file or a folder with one', {
        file: path,
      });
    }
  }

  displayPath(file: string): string {
    return this.paths.get(file) ?? join(this.root, file);
  }

  head(file: string): string {
    const path = this.displayPath(file);
    return decompressHead(readHead(path, HEAD_COMPRESSED_BYTES), path).toString('utf8', 0, HEAD_BYTES);
  }

  async *open(file: string): AsyncGenerator<Uint8Array> {
    const path = this.displayPath(file);
    this.opened.add(file);
    const compression = compressionOf(readHead(path, 4));
    const raw = this.readCounted(file);
    try {
      if (compression === 'none') yield* raw;
      else {
        const options = { chunkSize: UNPACKED_CHUNK_BYTES };
        const unpack = compression === 'gzip' ? createGunzip(options) : createZstdDecompress(options);
        // An error of the file or the data reaches us through `unpack`.
        yield* pipeline(raw, unpack, () => {});
      }
    } catch (error) {
      throw asInputError(error, path, compression);
    }
  }

  /** SHA-256 over names and contents of the files opened so far, in the order of their names. */
  async digest(): Promise<string> {
    const hash = createHash('sha256');
    for (const file of [...this.opened].sort(compareText)) {
      const digest = this.digests.get(file) ?? (await digestOf(this.displayPath(file)));
      hash.update(`${file} ${digest}\n`);
    }
    return hash.digest('hex');
  }

  private async *readCounted(file: string): AsyncGenerator<Buffer> {
    const hash = createHash('sha256');
    const isNamed = this.files.includes(file);
    for await (const chunk of createReadStream(this.displayPath(file)) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      if (isNamed) this.bytesRead += chunk.length;
      yield chunk;
    }
    this.digests.set(file, hash.digest('hex'));
  }

  /** Names of the files. Of `a.csv` and `a.csv.gz` only the one that was named, or else comes first, counts. */
  private register(paths: readonly string[]): string[] {
    return paths.flatMap((path) => {
      const name = relative(this.root, path).replace(SUFFIX, '');
      if (this.paths.has(name)) return [];
      this.paths.set(name, path);
      return [name];
    });
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw asInputError(error, path, 'none');
  }
}

/** Paths of the files in a folder, sorted, without hidden ones; links to files count as files. */
function filesIn(folder: string, isRecursive: boolean): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive: isRecursive })
      .map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }))
      .filter(({ entry, path }) => !isHidden(relative(folder, path)) && isFile(entry, path))
      .map(({ path }) => path)
      .sort(compareText);
  } catch (error) {
    throw asInputError(error, folder, 'none');
  }
}

function isHidden(path: string): boolean {
  return path.split(sep).some((part) => part.startsWith('.'));
}

function isFile(entry: Dirent, path: string): boolean {
  if (!entry.isSymbolicLink()) return entry.isFile();
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function readHead(path: string, length: number): Buffer {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    throw asInputError(error, path, 'none');
  }
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, 0));
  } catch (error) {
    throw asInputError(error, path, 'none');
  } finally {
    closeSync(descriptor);
  }
}

function compressionOf(head: Buffer): Compression {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  return head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528 ? 'zstd' : 'none';
}

function decompressHead(bytes: Buffer, path: string): Buffer {
  const compression = compressionOf(bytes);
  try {
    if (compression === 'gzip') return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
    if (compression === 'zstd') return zstdDecompressSync(bytes, { finishFlush: constants.ZSTD_e_flush });
  } catch (error) {
    throw asInputError(error, path, compression);
  }
  return bytes;
}

function asInputError(error: unknown, path: string, compression: Compression): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const place = { file: path };
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new InputError('FILE_MISSING', 'there is no such file or folder; check the path', place);
    case 'EISDIR':
      return new InputError('FILE_IS_DIRECTORY', 'this is a folder; a file was expected', place);
    case 'EACCES':
    case 'EPERM':
      return new InputError('FILE_UNREADABLE', 'permission to read it is denied', place);
    case 'Z_BUF_ERROR':
    case 'ZSTD_error_srcSize_wrong':
      return new InputError(
        'FILE_TRUNCATED',
        `the ${compression} data ends early; fetch the file again`,
        place,
      );
  }
  if (!code.startsWith('Z_') && !code.startsWith('ZSTD_')) return error;
  return new InputError(
    'FILE_UNREADABLE',
    `the ${compression} data is damaged (${code}); fetch the file again`,
    place,
  );
}
