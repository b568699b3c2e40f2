/** `/files/browse`, `/files/read`, `/files/download` and `/files/debug` (reference §9). */
import { constants } from 'node:fs';
import { posix } from 'node:path';
import type { FileInfo } from '../../protocol/v1/mesos.ts';
import { jsonReading, type Reading, textReading } from './reading.ts';
import { FileRefusal, type ShownFiles } from './shown-files.ts';

/** `null`: the path is none of these. */
export async function readFiles(
  files: ShownFiles,
  path: string,
  query: URLSearchParams,
): Promise<Reading | null> {
  const callback = query.get('jsonp');
  const wanted = query.get('path') ?? '';
  try {
    switch (path) {
      case '/files/browse':
        return jsonReading((await files.list(wanted)).map(flatFile), callback);
      case '/files/read':
        return jsonReading(await readText(files, wanted, query), callback);
      case '/files/download':
        return await download(files, wanted);
      case '/files/debug':
        return jsonReading(files.names(), callback);
      default:
        return null;
    }
  } catch (error) {
    if (error instanceof FileRefusal) return textReading(error.status, `${error.message}.\n`);
    throw error;
  }
}

/** Offset -1 asks for the size. A character that is not wholly there is left for the next read. */
async function readText(files: ShownFiles, path: string, query: URLSearchParams) {
  const offset = integer(query, 'offset') ?? -1;
  const length = integer(query, 'length') ?? -1;
  if (offset < -1 || length < -1) throw new FileRefusal(400, 'Negative offset or length');
  if (offset === -1) return { data: '', offset: (await files.read(path, 0, 0)).size };
  const { size, data } = await files.read(path, offset, length === -1 ? null : length);
  if (data.length === 0) return { data: '', offset: Math.min(offset, size) };
  return { data: data.subarray(0, wholeCharacters(data)).toString(), offset };
}

async function download(files: ShownFiles, path: string): Promise<Reading> {
  // Refusals come before the answer has begun.
  await files.read(path, 0, 0);
  const name = posix.basename(path).replaceAll(/["\\\r\n]/g, '_');
  return {
    status: 200,
    contentType: 'application/octet-stream',
    body: files.readAll(path),
    headers: { 'content-disposition': `attachment; filename="${encodeURI(name)}"` },
  };
}

function integer(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null || text === '') return null;
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new FileRefusal(400, `Failed to parse ${name}: '${text}'`);
  return value;
}

/** How many bytes end with a whole character of UTF-8; all, where that cannot be. */
function wholeCharacters(data: Buffer): number {
  for (let back = 1; back <= Math.min(3, data.length); back++) {
    const byte = data[data.length - back];
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    const isWhole = length <= back || data.length === back;
    return isWhole ? data.length : data.length - back;
  }
  return data.length;
}

function flatFile({ path, nlink, size, mtime, mode = 0, uid, gid }: FileInfo) {
  return { path, nlink, size, mtime: mtime!.nanoseconds / 1e9, mode: modeText(mode), uid, gid };
}

const { S_IFMT, S_IFDIR, S_IFLNK, S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK } = constants;
const TYPES = new Map([
  [S_IFDIR, 'd'],
  [S_IFLNK, 'l'],
  [S_IFCHR, 'c'],
  [S_IFBLK, 'b'],
  [S_IFIFO, 'p'],
  [S_IFSOCK, 's'],
]);

/** As `ls -l` writes it. */
function modeText(mode: number): string {
  const rights = Array.from('rwxrwxrwx', (letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-'));
  return (TYPES.get(mode & S_IFMT) ?? '-') + rights.join('');
}
