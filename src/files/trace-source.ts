/** A trace on disk: a file or a folder, plain, gzip or zstd, read as a stream of decompressed bytes. */
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readdirSync, readSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { constants, createGunzip, createZstdDecompress, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { InputError } from '../cluster/errors.ts';
import type { TraceInput, TraceProbe } from '../workload/importers/importer.ts';

const HEAD_BYTES = 4096;
/** Enough compressed bytes for a head, whatever the ratio. */
const HEAD_COMPRESSED_BYTES = 65_536;
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
  private readonly digests = new Map<string, string>();

  /** @throws InputError FILE_MISSING, FILE_UNREADABLE, TRACE_EMPTY for a folder without files */
  constructor(path: string) {
    const stats = statOf(path);
    this.name = basename(path).replace(SUFFIX, '');
    this.root = stats.isDirectory() ? path : dirname(path);
    const found = stats.isDirectory() ? filesBelow(path) : [path];
    this.files = found.map((file) => this.register(file));
    this.companions = stats.isDirectory()
      ? []
      : filesIn(this.root)
          .filter((file) => file !== path)
          .map((file) => this.register(file));
    this.totalBytes = found.reduce((sum, file) => sum + statOf(file).size, 0);
    if (found.length === 0) {
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
    const bytes = readHead(path, HEAD_COMPRESSED_BYTES);
    return decompressHead(bytes, path).subarray(0, HEAD_BYTES).toString('utf8');
  }

  async *open(file: string): AsyncGenerator<Uint8Array> {
    const path = this.displayPath(file);
    const hash = createHash('sha256');
    const raw = createReadStream(path);
    raw.on('data', (chunk) => {
      hash.update(chunk);
      this.bytesRead += chunk.length;
    });
    const compression = compressionOf(readHead(path, 4));
    const unpack =
      compression === 'gzip' ? createGunzip() : compression === 'zstd' ? createZstdDecompress() : null;
    if (unpack) {
      raw.on('error', (error) => unpack.destroy(error));
      raw.pipe(unpack);
    }
    try {
      yield* unpack ?? raw;
    } catch (error) {
      throw asInputError(error, path, compression);
    }
    this.digests.set(file, hash.digest('hex'));
  }

  /** SHA-256 over names and contents of the files read to their end so far, in the order of their names. */
  digest(): string {
    const hash = createHash('sha256');
    for (const file of [...this.digests.keys()].sort()) hash.update(`${file} ${this.digests.get(file)}\n`);
    return hash.digest('hex');
  }

  private register(path: string): string {
    const name = relative(this.root, path).replace(SUFFIX, '');
    this.paths.set(name, path);
    return name;
  }
}

function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw asInputError(error, path, 'none');
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(folder, entry.name))
    .sort();
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
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
