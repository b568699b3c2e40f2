/** Experiments over a real Slurm of one node; needs root and Debian's slurm-wlm and munge. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { folderOf } from '../temporary-files.ts';
import { mesolab } from './mesolab.ts';

const EXPERIMENT = `
name: small
traces: [{ generate: demo, name: tiny, options: { tasks: 300, agents: 10 } }]
policies: [fifo, drf]
matrix: { load: [0.8, 1.5] }
replications: { count: 2 }
`;

const hasSlurm = (() => {
  try {
    execFileSync('sh', [
      '-c',
      'command -v slurmctld && command -v slurmd && command -v munged && command -v sbatch',
    ]);
    return true;
  } catch {
    return false;
  }
})();

test.runIf(process.env.CI === 'true')('this machine has Slurm', () => {
  expect(hasSlurm).toBe(true);
});

describe.runIf(hasSlurm)('an experiment on Slurm', () => {
  test('ends as on one machine, also where a process of it is killed', { timeout: 180_000 }, async () => {
    await startSlurm();
    const folder = folderOf({ 'e.yaml': EXPERIMENT });
    const file = join(folder, 'e.yaml');
    const out = join(folder, 'slurm');
    let isOver = false;
    const running = mesolab([
      'sweep',
      file,
      '--out',
      out,
      '--engine',
      'slurm',
      '--sbatch',
      '--mem=200M',
      '--json',
    ]);
    const killed = killFirst(out, () => isOver);
    const done = await running;
    isOver = true;
    expect(await killed).toBe(true);
    expect(done).toMatchObject({ code: 0 });
    expect(readdirSync(join(out, 'slurm')).filter((name) => name.startsWith('blocks-2'))).toHaveLength(1);
    const here = await mesolab(['sweep', file, '--out', join(folder, 'here'), '--json']);
    expect(JSON.parse(done.stdout)).toEqual(JSON.parse(here.stdout));

    const wrong = folderOf({ 'e.yaml': EXPERIMENT.replace('[0.8, 1.5]', '[fast]') });
    const args = ['sweep', join(wrong, 'e.yaml'), '--out', join(wrong, 'out'), '--engine', 'slurm'];
    const refused = await mesolab(args);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining('--load "fast" is not valid'),
    ]);
    const partition = await mesolab([
      ...args.slice(0, 3),
      join(wrong, 'other'),
      ...args.slice(4),
      '--sbatch=-p nowhere',
    ]);
    expect([partition.code, partition.stderr]).toEqual([2, expect.stringContaining('invalid partition')]);
  });
});

/** One process that carries out a block. @returns whether there was one */
async function killFirst(out: string, isOver: () => boolean): Promise<boolean> {
  while (!isOver()) {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        if (!words.includes('sweep-block') || !words.some((word) => word.startsWith(out))) continue;
        process.kill(Number(pid), 'SIGKILL');
        return true;
      } catch {
        // It has ended meanwhile.
      }
    await sleep(20);
  }
  return false;
}

/** Its clients find it by SLURM_CONF. */
async function startSlurm(): Promise<void> {
  const folder = folderOf({});
  // Munge trusts no folder that others can write to.
  chmodSync(folder, 0o755);
  for (const name of ['munge', 'state', 'spool']) mkdirSync(join(folder, name), { mode: 0o755 });
  writeFileSync(join(folder, 'munge/key'), 'k'.repeat(1024), { mode: 0o400 });
  const socket = join(folder, 'munge/socket');
  const [controller, node] = [await freePort(), await freePort()];
  const host = hostname().split('.')[0];
  writeFileSync(
    join(folder, 'slurm.conf'),
    `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
AuthType=auth/munge
AuthInfo=socket=${socket}
SlurmUser=root
SlurmdUser=root
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/ctld.pid
SlurmdPidFile=${folder}/d.pid
SlurmctldPort=${controller}
SlurmdPort=${node}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SchedulerType=sched/builtin
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
MailProg=/bin/true
ReturnToService=2
NodeName=${host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=1000 State=UNKNOWN
PartitionName=all Nodes=${host} Default=YES MaxTime=INFINITE State=UP
`,
  );
  process.env.SLURM_CONF = join(folder, 'slurm.conf');
  onTestFinished(() => {
    delete process.env.SLURM_CONF;
  });
  start('munged', [
    '--foreground',
    '--force',
    `--key-file=${folder}/munge/key`,
    `--socket=${socket}`,
    `--pid-file=${folder}/munge/pid`,
    `--log-file=${folder}/munge/log`,
    `--seed-file=${folder}/munge/seed`,
  ]);
  start('slurmctld', ['-D', '-c']);
  start('slurmd', ['-D', '-N', host]);
  await expect
    .poll(() => execFileSync('sh', ['-c', 'sinfo --noheader --format=%t 2>&1 || true']).toString(), {
      timeout: 60_000,
    })
    .toMatch(/^idle/m);
}

function start(program: string, args: readonly string[]): ChildProcess {
  const child = spawn(program, args, { stdio: 'ignore' });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(timer);
  });
  return child;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { readonly port: number };
      server.close(() => resolve(port));
    });
  });
}
