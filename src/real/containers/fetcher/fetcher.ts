/** Brings what a command needs into its sandbox before it starts (reference §15). */
import { randomUUID } from 'node:crypto';
import { chmodSync, lchownSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { CommandInfoURI } from '../../../protocol/v1/mesos.ts';
import { makeFoldersWithin } from '../pinned-folder.ts';
import { withinFolder } from '../sandbox.ts';
import type { User } from '../users.ts';
import { archiveFormat, unpack } from './archive.ts';
import { FetchCache } from './fetch-cache.ts';
import { download, shownUri } from './source.ts';

export interface FetcherOptions {
  /** For files on their way and those that are kept; nobody else writes there. On the disk of the sandboxes. */
  readonly folder: string;
  readonly fetcherCacheBytes: number;
  /** Without a byte for so long a download is given up. */
  readonly fetcherStallTimeoutMs: number;
}

export interface Fetching {
  readonly uris: readonly CommandInfoURI[];
  /** Absolute; nobody else writes there meanwhile. */
  readonly sandbox: string;
  /** Who reads local files, and whose the files become; `null`: the agent itself. */
  readonly user: User | null;
  readonly signal: AbortSignal;
}

export class Fetcher {
  private readonly options: FetcherOptions;
  private readonly cache: FetchCache;

  /** What an earlier agent process fetched is not used any more. */
  constructor(options: FetcherOptions) {
    this.options = options;
    rmSync(options.folder, { recursive: true, force: true });
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    this.cache = new FetchCache(options.folder, options.fetcherCacheBytes);
  }

  /** @throws Error that names what could not be had, and why */
  async fetch({ uris, sandbox, user, signal }: Fetching): Promise<void> {
    for (const uri of uris)
      try {
        await this.fetchOne(uri, sandbox, user, signal);
      } catch (error) {
        throw new Error(`Failed to fetch ${shownUri(uri.value)}: ${(error as Error).message}`);
      }
  }

  private async fetchOne(
    uri: CommandInfoURI,
    sandbox: string,
    user: User | null,
    signal: AbortSignal,
  ): Promise<void> {
    const target = targetOf(uri, sandbox);
    const made = join(this.options.folder, `new-${randomUUID()}`);
    const source = { uri: uri.value, user, signal, stallTimeoutMs: this.options.fetcherStallTimeoutMs };
    try {
      if (uri.cache === true) {
        const key = JSON.stringify([uri.value, uri.output_file ?? null, user?.name ?? null]);
        await this.cache.copy(key, made, (file) => download(source, file));
      } else await download(source, made);
      const format =
        uri.executable === true || uri.extract === false ? null : archiveFormat(basename(target));
      // Taken away where it would be followed; `rename` replaces a link itself.
      renameSync(made, target);
      chmodSync(target, uri.executable === true ? 0o755 : 0o644);
      const unpacked = format === null ? [] : await unpack(format, target, dirname(target), signal);
      if (user !== null) for (const path of [target, ...unpacked]) lchownSync(path, user.uid, user.gid);
    } finally {
      rmSync(made, { force: true });
    }
  }
}

/** @throws Error where it would be elsewhere */
function targetOf({ value, output_file }: CommandInfoURI, sandbox: string): string {
  const target = withinFolder(sandbox, output_file ?? fileName(value));
  makeFoldersWithin(sandbox, relative(sandbox, dirname(target)));
  return target;
}

function fileName(uri: string): string {
  const path = URL.canParse(uri) ? decodeURIComponent(new URL(uri).pathname) : uri;
  const name = basename(path);
  if (name === '' || name === '..' || name === '.' || /['\\\0/]/.test(name))
    throw new Error('it has no name that a file can have; give one as output_file');
  return name;
}
