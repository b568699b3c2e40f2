/** The simulators that are compared: how each is installed and started. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadNative } from '../../src/native/load-native.ts';

export interface Simulator {
  readonly name: string;
  readonly version: string;
  /** Most tasks that it plays in less than half a minute. */
  readonly tasksMax: number;
  readonly command: string;
  /** What stands before the arguments that all simulators get. */
  readonly args: readonly string[];
}

export interface Installation {
  readonly name: string;
  /** @throws Error when something that it needs is not there */
  readonly install: () => Simulator;
}

const FOLDER = import.meta.dirname;
const INSTALL_MINUTES_MAX = 10;

/** In order of the table; all others are measured against the first. */
export const installations: readonly Installation[] = [
  { name: 'mesolab, TypeScript', install: () => mesolab('mesolab, TypeScript', 'typescript') },
  {
    name: 'mesolab, native',
    install: () => {
      const native = loadNative();
      if (native.module === null) throw new Error(`${native.reason}; build it with npm run build:native`);
      return mesolab('mesolab, native', 'native');
    },
  },
  { name: 'SimPy', install: simpy },
  { name: 'CloudSim Plus', install: cloudSimPlus },
];

function mesolab(name: string, engine: string): Simulator {
  return {
    name,
    version: `Node ${process.versions.node}`,
    tasksMax: Number.POSITIVE_INFINITY,
    command: process.execPath,
    args: [join(FOLDER, 'mesolab.ts'), engine],
  };
}

function simpy(): Simulator {
  const venv = join(FOLDER, '.work', 'venv');
  const python = join(venv, 'bin', 'python');
  if (!existsSync(python)) run('python3', ['-m', 'venv', venv]);
  run(python, ['-m', 'pip', 'install', '--quiet', '-r', join(FOLDER, 'simpy', 'requirements.txt')]);
  const versions =
    'import platform, simpy, numpy; print(f"{simpy.__version__}, Python {platform.python_version()}, numpy {numpy.__version__}")';
  return {
    name: 'SimPy',
    version: run(python, ['-c', versions]).trim(),
    tasksMax: Number.POSITIVE_INFINITY,
    command: python,
    args: [join(FOLDER, 'simpy', 'first_fit_fifo.py')],
  };
}

function cloudSimPlus(): Simulator {
  const folder = join(FOLDER, 'cloudsim-plus');
  run('mvn', ['--quiet', '--batch-mode', '--file', join(folder, 'pom.xml'), 'process-classes']);
  const java = run('java', ['--version']).split('\n')[0];
  const lib = join(folder, 'target', 'lib');
  const [, version] = readdirSync(lib).flatMap((jar) => /^cloudsimplus-(.+)\.jar$/.exec(jar) ?? []);
  return {
    name: 'CloudSim Plus',
    version: `${version}, ${java}`,
    tasksMax: 2_000,
    command: 'java',
    args: ['-cp', `${join(folder, 'target', 'classes')}:${join(lib, '*')}`, 'peers.FirstFitFifo'],
  };
}

function run(command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: INSTALL_MINUTES_MAX * 60_000,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error(`${command} is not installed or not in the PATH`);
  }
}
