/** Copies what a URI names into a file. */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { Agent, interceptors, request } from 'undici';
import { asUser, type User } from '../users.ts';

export interface Source {
  readonly uri: string;
  readonly user: User | null;
  readonly signal: AbortSignal;
  readonly stallTimeoutMs: number;
}

const MAX_REDIRECTIONS = 10;

/** @throws Error with the reason */
export async function download(source: Source, file: string): Promise<void> {
  const { uri, signal } = source;
  const scheme = URL.canParse(uri) ? new URL(uri).protocol : '';
  if (scheme === 'http:' || scheme === 'https:') return downloadHttp(source, file);
  if (scheme === 'file:') return copyAs(source.user, fileURLToPath(uri), file, signal);
  if (isAbsolute(uri)) return copyAs(source.user, uri, file, signal);
  throw new Error('expected http:, https:, file: or an absolute path');
}

/** Without what it says of who asks. */
export function shownUri(uri: string): string {
  if (!URL.canParse(uri)) return uri;
  const url = new URL(uri);
  url.username = '';
  url.password = '';
  return url.href;
}

async function downloadHttp({ uri, signal, stallTimeoutMs }: Source, file: string): Promise<void> {
  const agent = new Agent({
    headersTimeout: stallTimeoutMs,
    bodyTimeout: stallTimeoutMs,
    connectTimeout: stallTimeoutMs,
  });
  try {
    const dispatcher = agent.compose(interceptors.redirect({ maxRedirections: MAX_REDIRECTIONS }));
    const { statusCode, body } = await request(uri, { dispatcher, signal });
    if (statusCode !== 200) throw new Error(`the server answered ${statusCode}`);
    await pipeline(body, createWriteStream(file, { flags: 'wx' }), { signal });
  } finally {
    await agent.destroy();
  }
}

/** Root reads what the user may read, no more. */
async function copyAs(user: User | null, path: string, file: string, signal: AbortSignal): Promise<void> {
  const [program, ...prefix] = [...(user === null ? [] : asUser(user)), 'cat', '--'];
  const child = spawn(program, [...prefix, path], { stdio: ['ignore', 'pipe', 'pipe'], signal });
  const trouble = text(child.stderr);
  const exit = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  await Promise.all([exit, pipeline(child.stdout, createWriteStream(file, { flags: 'wx' }))]);
  if ((await exit) !== 0) throw new Error((await trouble).trim() || 'it could not be read');
}

export async function text(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
