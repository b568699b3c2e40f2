/** The web console at `/`, as `npm run build:console` has made it. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Reading, textReading } from '../http/reading.ts';

const BUILT = fileURLToPath(new URL('../../../dist/console', import.meta.url));
const PREFIX = '/console/';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const SAFETY = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** @returns what answers a GET of the console's pages and assets; `null`: the path is none of them */
export function consoleFiles(): (path: string) => Reading | null {
  const files = readBuilt();
  return (path) => {
    if (path !== '/' && !path.startsWith(PREFIX)) return null;
    if (files === null)
      return textReading(
        503,
        'The console is not built: run "npm run build:console" and restart the master\n',
      );
    const name = path === '/' ? 'index.html' : path.slice(PREFIX.length);
    const body = files.get(name);
    if (body === undefined) return null;
    // Names of assets change with what is in them.
    const caching = name === 'index.html' ? 'no-cache' : 'public, max-age=31536000, immutable';
    const contentType = TYPES[extname(name)] ?? 'application/octet-stream';
    return { status: 200, contentType, body, headers: { ...SAFETY, 'cache-control': caching } };
  };
}

/** By name; `null`: there is no built console. */
function readBuilt(): Map<string, Buffer> | null {
  try {
    const entries = readdirSync(BUILT, { recursive: true, withFileTypes: true });
    return new Map(
      entries
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => {
          const path = join(parentPath, name);
          return [path.slice(BUILT.length + 1).replaceAll('\\', '/'), readFileSync(path)];
        }),
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
