/** Installs existing Mesos clients from their registries, once, and says how each is run. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PROGRAMS = join(import.meta.dirname, 'programs');
const CACHE = join(import.meta.dirname, '../../node_modules/.cache/mesolab-clients');
const TIMEOUT_MS = 240_000;

export interface Client {
  readonly name: string;
  /** Programs that it needs besides Node. */
  readonly needs: readonly string[];
  install(folder: string): Promise<void>;
  /** @param folder where it is installed */
  command(folder: string): readonly string[];
}

const python = (
  name: string,
  program: string,
  packages: readonly string[],
  ...rest: readonly string[]
): Client => ({
  name,
  needs: ['python3'],
  async install(folder) {
    await sh(folder, 'python3', '-m', 'venv', 'env');
    for (const one of packages) await sh(folder, 'env/bin/pip', 'install', '-q', ...one.split(' '));
  },
  command: (folder) => [join(folder, 'env/bin/python'), join(PROGRAMS, program), ...rest],
});

export const CLIENTS: readonly Client[] = [
  {
    name: 'mesos-framework (npm)',
    needs: ['npm'],
    install: (folder) =>
      sh(folder, 'npm', 'install', '--ignore-scripts', '--no-save', 'mesos-framework@0.5.3'),
    command(folder) {
      cpSync(join(PROGRAMS, 'mesos-framework-client.cjs'), join(folder, 'client.cjs'));
      return [process.execPath, join(folder, 'client.cjs')];
    },
  },
  {
    ...python('pymesos (PyPI)', 'pymesos_client.py', []),
    async install(folder) {
      await sh(folder, 'python3', '-m', 'venv', 'env');
      await sh(folder, 'env/bin/pip', 'install', '-q', 'cython<3', 'setuptools', 'wheel', 'addict', 'six');
      // Its parser is generated for older Pythons only: it is made again from the same source.
      const source = 'http-parser==0.9.0';
      await sh(
        folder,
        'env/bin/pip',
        'download',
        '-q',
        '--no-deps',
        '--no-binary',
        ':all:',
        '--no-build-isolation',
        source,
      );
      await sh(folder, 'tar', 'xzf', 'http-parser-0.9.0.tar.gz');
      await sh(folder, 'env/bin/cython', 'http-parser-0.9.0/http_parser/parser.pyx');
      await sh(folder, 'env/bin/pip', 'install', '-q', '--no-build-isolation', './http-parser-0.9.0');
      await sh(folder, 'env/bin/pip', 'install', '-q', '--no-deps', 'pymesos==0.3.15');
    },
  },
  python('avmesos (PyPI)', 'avmesos_client.py', ['avmesos==0.4.2'], 'avmesos'),
  python('mesoshttp (PyPI)', 'avmesos_client.py', ['mesoshttp'], 'mesoshttp'),
  {
    name: 'mesos-go v0.0.11 (Go)',
    needs: ['go'],
    async install(folder) {
      cpSync(join(PROGRAMS, 'go'), folder, { recursive: true });
      await sh(folder, 'go', 'build', '-o', 'client', '.');
    },
    command: (folder) => [join(folder, 'client')],
  },
  {
    name: 'mesos-rxjava-protobuf-client 0.2.0 (Maven)',
    needs: ['mvn', 'javac'],
    async install(folder) {
      cpSync(join(PROGRAMS, 'pom.xml'), join(folder, 'pom.xml'));
      await sh(folder, 'mvn', '-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=lib');
      await sh(folder, 'javac', '-cp', 'lib/*', '-d', 'classes', join(PROGRAMS, 'RxJavaClient.java'));
    },
    command: (folder) => [
      'java',
      '-cp',
      `${join(folder, 'lib')}/*:${join(folder, 'classes')}`,
      'RxJavaClient',
    ],
  },
];

/** @returns the folder of the client */
export async function installed(client: Client): Promise<string> {
  const folder = join(CACHE, client.name.replaceAll(/[^\w.-]+/g, '-'));
  const mark = join(folder, 'installed');
  if (existsSync(mark)) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await client.install(folder);
  writeFileSync(mark, '');
  return folder;
}

/** Those of the client's needs that this machine lacks. */
export async function missing({ needs }: Client): Promise<readonly string[]> {
  const found = await Promise.all(
    needs.map((tool) =>
      run('which', [tool]).then(
        () => true,
        () => false,
      ),
    ),
  );
  return needs.filter((_, index) => !found[index]);
}

async function sh(cwd: string, command: string, ...args: readonly string[]): Promise<void> {
  await run(command, args, { cwd, timeout: TIMEOUT_MS, maxBuffer: 64 * 2 ** 20 });
}
