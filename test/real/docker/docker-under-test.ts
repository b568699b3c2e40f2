/** A Docker daemon of the tests' own, with one image; it is ended with all it holds after the tests of a file. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';
import { create } from 'tar';
import { afterAll, beforeAll } from 'vitest';

export const IMAGE = 'mesolab-test:1';
const PROGRAMS = [
  'sh',
  'sleep',
  'echo',
  'cat',
  'dd',
  'test',
  'touch',
  'tail',
  'env',
  'hostname',
  'httpd',
  'nc',
];

export interface DockerUnderTest {
  readonly socket: string;
  readonly docker: Docker;
}

export function hasDocker(): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v dockerd && command -v busybox'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** To be called at the top of a test file. */
export function useDocker(): () => DockerUnderTest {
  let under: DockerUnderTest;
  let daemon: ChildProcess;
  let folder: string;
  beforeAll(async () => {
    // Paths of sockets are short.
    folder = mkdtempSync('/tmp/md-');
    const socket = join(folder, 's');
    daemon = spawn(
      'dockerd',
      [
        '--iptables=false',
        '--ip6tables=false',
        '--bridge=none',
        `--data-root=${folder}/data`,
        `--exec-root=${folder}/exec`,
        `--pidfile=${folder}/pid`,
        `--host=unix://${socket}`,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let said = '';
    for (const stream of [daemon.stdout!, daemon.stderr!])
      stream.on('data', (chunk) => {
        said += chunk;
      });
    const docker = new Docker({ socketPath: socket });
    while ((await docker.ping().catch(() => null)) === null) {
      if (daemon.exitCode !== null) throw new Error(`dockerd ended:\n${said}`);
      await sleep(100);
    }
    await importImage(docker, folder);
    under = { socket, docker };
  }, 120_000);
  afterAll(async () => {
    if (under !== undefined)
      for (const { Id } of await under.docker.listContainers({ all: true }))
        await under.docker.getContainer(Id).remove({ force: true });
    if (daemon.exitCode === null) {
      const ended = new Promise((resolve) => daemon.once('exit', resolve));
      daemon.kill('SIGTERM');
      await ended;
    }
    unmountBelow(folder);
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);
  return () => under;
}

/** A root of one static program under several names: no registry is asked. */
async function importImage(docker: Docker, folder: string): Promise<void> {
  const root = join(folder, 'root');
  for (const name of ['bin', 'tmp', 'mnt', 'etc']) mkdirSync(join(root, name), { recursive: true });
  copyFileSync('/bin/busybox', join(root, 'bin/busybox'));
  for (const name of PROGRAMS) symlinkSync('busybox', join(root, 'bin', name));
  const [repo, tag] = IMAGE.split(':');
  const archive = create({ cwd: root, portable: true }, ['bin', 'tmp', 'mnt', 'etc']);
  const stream = await docker.importImage(archive as unknown as NodeJS.ReadableStream, { repo, tag });
  await new Promise((resolve, reject) =>
    docker.modem.followProgress(stream, (error: Error | null) => (error ? reject(error) : resolve(null))),
  );
}

function unmountBelow(folder: string): void {
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1])
    .filter((path) => path?.startsWith(`${folder}/`));
  for (const path of mounts.reverse()) execFileSync('umount', ['-l', path]);
}
