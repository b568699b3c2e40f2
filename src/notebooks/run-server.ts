/** A Vite plugin: serves the files of runs to notebooks, and of no other folder. */
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';
import { InputError } from '../cluster/errors.ts';
import { findRuns } from '../results/find-runs.ts';
import { TABLE_NAMES, tableFile } from '../results/table-columns.ts';

const RUN_FILES = new Set(['manifest.json', 'summary.json', ...TABLE_NAMES.map(tableFile)]);

/** @param base folders are named from here */
export function runServer(base: string): Plugin {
  return {
    name: 'mesolab-runs',
    configureServer(server) {
      server.middlewares.use('/mesolab/', (request, response, next) => {
        const url = new URL(request.url ?? '/', 'http://localhost');
        if (url.pathname === '/runs') void answer(response, () => listRuns(base, url.searchParams));
        else if (url.pathname === '/run-file') void answer(response, () => runFile(base, url.searchParams));
        else next();
      });
    },
  };
}

async function listRuns(base: string, query: URLSearchParams): Promise<string> {
  const runs = await findRuns(query.getAll('folder').map((folder) => resolve(base, folder)));
  return JSON.stringify(runs.map(({ directory }) => directory));
}

/** Only folders that are runs, and only their files. */
async function runFile(base: string, query: URLSearchParams): Promise<Buffer> {
  const folder = resolve(base, query.get('folder') ?? '');
  const file = query.get('file') ?? '';
  if (!RUN_FILES.has(file))
    throw new InputError('RUN_INVALID', `${JSON.stringify(file)} is no file of a run`, { file: folder });
  await findRuns([folder]);
  return readFile(join(folder, file));
}

async function answer(
  response: ServerResponse<IncomingMessage>,
  content: () => Promise<string | Buffer>,
): Promise<void> {
  try {
    response.end(await content());
  } catch (error) {
    response.statusCode = error instanceof InputError ? 404 : 500;
    response.end((error as Error).message);
  }
}
