/** A whole cluster on this machine, started by its command as a user starts it, and stopped after the tests of a file. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

const LAUNCHER = join(import.meta.dirname, '../../bin/mesolab.js');

export interface Lab {
  /** `host:port` of its master. */
  readonly master: string;
  readonly folder: string;
}

/** To be called at the top of a test file. @param options of `mesolab lab` */
export function useLab(...options: readonly string[]): () => Lab {
  let lab: Lab;
  let child: ChildProcess;
  beforeAll(async () => {
    const port = await freePorts(8);
    const folder = mkdtempSync(join(tmpdir(), 'mesolab-lab-'));
    lab = { master: `127.0.0.1:${port}`, folder };
    child = spawn(process.execPath, [LAUNCHER, 'lab', `--port=${port}`, `--work-dir=${folder}`, ...options], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await new Promise<void>((resolve, reject) => {
      let said = '';
      const hear = (part: Buffer) => {
        said += part;
        if (said.includes('Ctrl-C stops it all')) resolve();
      };
      child.stdout!.on('data', hear);
      child.stderr!.on('data', hear);
      child.on('exit', () => reject(new Error(`the lab ended:\n${said}`)));
    });
  });
  afterAll(async () => {
    if (child.exitCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      await ended;
    }
    rmSync(lab.folder, { recursive: true, force: true });
  });
  return () => lab;
}

/** The first of so many neighbouring ports that nobody listens at. */
async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await Promise.all(Array.from({ length: count }, (_, n) => isFree(first + n)));
    if (free.every(Boolean)) return first;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
