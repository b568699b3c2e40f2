/** Serves a folder of notebooks, with everything they need, from this machine alone. */
import { join } from 'node:path';
import { config, observable } from '@observablehq/notebook-kit/vite';
import { type Alias, createServer } from 'vite';
import { offline } from './offline.ts';
import { runServer } from './run-server.ts';

const HOME = join(import.meta.dirname, '../..');
const SOURCES = join(HOME, 'src');

export interface NotebookServer {
  /** Where notebooks are, ending in a slash. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * @param folder of notebooks; they import this project's modules as `mesolab/charts/kinds.ts`
 * @param base where the folders of runs are named from
 * @param port 0: any
 */
export async function serveNotebooks(folder: string, base: string, port: number): Promise<NotebookServer> {
  const kit = config();
  const server = await createServer({
    ...kit,
    configFile: false,
    root: folder,
    base: '/',
    logLevel: 'warn',
    plugins: [offline(), runServer(base), observable()],
    resolve: {
      ...kit.resolve,
      alias: [
        { find: /^mesolab\//, replacement: `${SOURCES}/` },
        // A notebook may be anywhere, and finds the libraries of this project all the same.
        ...LIBRARIES.map((name) => ({
          find: new RegExp(`^${name}$`),
          replacement: join(HOME, 'node_modules', name),
        })),
        ...((kit.resolve?.alias ?? []) as readonly Alias[]),
      ],
    },
    // Found while a page loads, they would make it load again.
    optimizeDeps: { include: LIBRARIES },
    cacheDir: join(HOME, 'node_modules/.vite-notebooks'),
    server: { host: '127.0.0.1', port, strictPort: port !== 0, fs: { allow: [folder, HOME] } },
    worker: { format: 'es' },
  });
  await server.listen();
  const address = server.httpServer?.address();
  if (address === null || typeof address !== 'object')
    throw new Error('the server of notebooks has no address');
  return { url: `http://127.0.0.1:${address.port}/`, close: () => server.close() };
}

/** What cells, Notebook Kit's standard library and this project's modules import by name. */
const LIBRARIES = [
  '@observablehq/inputs',
  'd3',
  'fastest-levenshtein',
  'htl',
  'hyparquet',
  'seedrandom',
  'vega',
  'vega-embed',
  'vega-lite',
];
