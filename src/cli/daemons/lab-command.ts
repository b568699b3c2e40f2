/** `mesolab lab`: a whole cluster on this machine, masters and agents as processes of their own, until Ctrl-C. */
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { request } from 'undici';
import { InputError } from '../../cluster/errors.ts';
import { parseCount } from '../option-values.ts';
import { withGentleInterrupt } from '../signals.ts';

interface LabFlags {
  readonly masters: number;
  readonly agents: number;
  readonly policy: string;
  readonly port: number;
  readonly workDir: string;
  readonly agentResources?: string;
}

interface LabProcess {
  readonly name: string;
  readonly log: string;
  readonly child: ChildProcess;
  /** It may end: the others go on. */
  readonly isSpare: boolean;
}

const LAUNCHER = fileURLToPath(new URL('../../../bin/mesolab.js', import.meta.url));
const ADDRESS = '127.0.0.1';
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 15_000;
const POLL_MS = 100;
const PORTS_PER_AGENT = 1000;
const FIRST_TASK_PORT = 31_000;
const MIB = 1024 * 1024;

export function addLabCommand(program: Command): void {
  program
    .command('lab')
    .description('start a cluster on this machine: a master and agents; Ctrl-C stops it')
    .option(
      '--masters <count>',
      'how many masters, of which one leads; more than one need etcd on this machine',
      (text) => parseCount('--masters', text),
      1,
    )
    .option('--agents <count>', 'how many agents', (text) => parseCount('--agents', text), 3)
    .option('--policy <policy>', 'allocation policy, as for simulate: a name or a file', 'drf')
    .option(
      '--port <port>',
      "the first master's port; agents, other masters and etcd take those after it",
      (text) => parseCount('--port', text),
      5050,
    )
    .option('--work-dir <folder>', 'state, sandboxes and logs', 'runs/lab')
    .option(
      '--agent-resources <text>',
      "what each agent offers, such as 'cpus:2;mem:2048' (this machine, shared out)",
    )
    .action(run);
}

async function run(flags: LabFlags): Promise<void> {
  const processes: LabProcess[] = [];
  const interrupted = Promise.withResolvers<void>();
  await withGentleInterrupt(interrupted.resolve, async () => {
    try {
      await start(flags, processes);
      process.stdout.write(greeting(flags));
      const failed = await Promise.race([
        interrupted.promise,
        ...processes.filter(({ isSpare }) => !isSpare).map(ended),
      ]);
      if (failed) throw fault(failed);
    } finally {
      process.stderr.write('stopping the lab: its tasks are killed\n');
      await stop(processes);
    }
  });
}

async function start(flags: LabFlags, processes: LabProcess[]): Promise<void> {
  const { agents, masters, policy, port } = flags;
  const workDir = resolve(flags.workDir);
  mkdirSync(workDir, { recursive: true });
  if (masters > 1) processes.push(beginEtcd(workDir, flags));
  for (let index = 0; index < masters; index++) {
    const name = index === 0 ? 'master' : `master-${index}`;
    const args = [
      'master',
      `--ip=${ADDRESS}`,
      `--port=${masterPort(flags, index)}`,
      `--work_dir=${join(workDir, name)}`,
      `--policy=${policy}`,
      `--journal=${join(workDir, 'journal')}`,
      ...(masters > 1 ? [`--registry=${etcdUrl(flags)}`] : []),
    ];
    processes.push(begin(workDir, name, args, masters > 1));
  }
  await until(processes, async () => (await activeAgents(flags)) !== null);
  for (let index = 0; index < agents; index++)
    processes.push(
      begin(workDir, `agent-${index}`, [
        'agent',
        `--master=${masterOf(flags)}`,
        `--ip=${ADDRESS}`,
        `--hostname=agent-${index}`,
        `--port=${port + 1 + index}`,
        `--work_dir=${join(workDir, `agent-${index}`)}`,
        `--resources=${resourcesOf(flags, index)}`,
      ]),
    );
  await until(processes, async () => ((await activeAgents(flags)) ?? 0) >= agents);
}

const masterPort = ({ agents, port }: LabFlags, index: number) =>
  index === 0 ? port : port + agents + index;
const etcdPort = ({ agents, masters, port }: LabFlags) => port + agents + masters;
const etcdUrl = (flags: LabFlags) => `etcd://${ADDRESS}:${etcdPort(flags)}/lab`;

/** What commands are given as --master. */
function masterOf(flags: LabFlags): string {
  return flags.masters > 1 ? etcdUrl(flags) : `${ADDRESS}:${flags.port}`;
}

/** A single member: the lab shows how masters follow each other, not how etcd does. */
function beginEtcd(workDir: string, flags: LabFlags): LabProcess {
  const clients = `http://${ADDRESS}:${etcdPort(flags)}`;
  const peers = `http://${ADDRESS}:${etcdPort(flags) + 1}`;
  const args = [
    '--name=lab',
    `--data-dir=${join(workDir, 'etcd')}`,
    `--listen-client-urls=${clients}`,
    `--advertise-client-urls=${clients}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=lab=${peers}`,
  ];
  return spawned(workDir, 'etcd', 'etcd', args, false);
}

/** This machine shared out among the agents; a core at least, so that a small machine is promised more than once. */
function resourcesOf({ agents, agentResources }: LabFlags, index: number): string {
  const first = FIRST_TASK_PORT + index * PORTS_PER_AGENT;
  const ports = `ports:[${first}-${first + PORTS_PER_AGENT - 1}]`;
  if (agentResources !== undefined)
    return agentResources.includes('ports:') ? agentResources : `${agentResources};${ports}`;
  const cpus = Math.max(1, Math.floor(availableParallelism() / agents));
  const mem = Math.max(256, Math.floor(totalmem() / MIB / 2 / agents));
  return `cpus:${cpus};mem:${mem};disk:${10 * 1024};${ports}`;
}

function begin(workDir: string, name: string, args: readonly string[], isSpare = false): LabProcess {
  return spawned(workDir, name, process.execPath, [LAUNCHER, ...args], isSpare);
}

function spawned(
  workDir: string,
  name: string,
  program: string,
  args: readonly string[],
  isSpare: boolean,
): LabProcess {
  const log = join(workDir, `${name}.log`);
  const output = openSync(log, 'a');
  // A session of its own: Ctrl-C in the terminal is for the lab, which stops its processes in order.
  const child = spawn(program, args, { stdio: ['ignore', output, output], detached: true });
  child.once('error', (error) => appendFileSync(log, `${program} cannot be started: ${error.message}\n`));
  return { name, log, child, isSpare };
}

const hasEnded = ({ child }: LabProcess) =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null;

function ended(one: LabProcess): Promise<LabProcess> {
  return new Promise((settle) => {
    if (hasEnded(one)) settle(one);
    else one.child.once('exit', () => settle(one));
  });
}

function fault({ name, log }: LabProcess): InputError {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-5).join('\n');
  return new InputError('CLUSTER_INVALID', `the ${name} of the lab has ended; the last of ${log}:\n${lines}`);
}

async function until(processes: readonly LabProcess[], isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!(await isSo())) {
    const lost = processes.find(hasEnded);
    if (lost) throw fault(lost);
    if (performance.now() > deadline) throw fault(processes.at(-1)!);
    await sleep(POLL_MS);
  }
}

/** `null`: no master leads. */
async function activeAgents(flags: LabFlags): Promise<number | null> {
  for (let index = 0; index < flags.masters; index++)
    try {
      const { statusCode, body } = await request(`http://${ADDRESS}:${masterPort(flags, index)}/slaves`);
      const text = await body.text();
      if (statusCode !== 200) continue;
      const { slaves } = JSON.parse(text) as { readonly slaves: readonly { readonly active: boolean }[] };
      return slaves.filter(({ active }) => active).length;
    } catch {
      // It does not listen yet.
    }
  return null;
}

/** Agents first, as they end their tasks and say good-bye to the master; etcd last. */
async function stop(processes: readonly LabProcess[]): Promise<void> {
  const named = (start: string) => processes.filter(({ name }) => name.startsWith(start));
  await end(named('agent'), 'SIGUSR1');
  await end(named('master'), 'SIGTERM');
  await end(named('etcd'), 'SIGTERM');
}

async function end(processes: readonly LabProcess[], signal: NodeJS.Signals): Promise<void> {
  for (const one of processes) if (!hasEnded(one)) one.child.kill(signal);
  const patience = new AbortController();
  const late = sleep(STOP_TIMEOUT_MS, 'late', { signal: patience.signal }).catch(() => '');
  if ((await Promise.race([Promise.all(processes.map(ended)), late])) === 'late')
    for (const one of processes) if (!hasEnded(one)) one.child.kill('SIGKILL');
  patience.abort();
  await Promise.all(processes.map(ended));
}

function greeting(flags: LabFlags): string {
  const { agents, masters, policy, port, workDir } = flags;
  const master = `${ADDRESS}:${port}`;
  const last = port + agents;
  const others = masters > 1 ? `, ${masters - 1} more at ports from ${masterPort(flags, 1)},` : '';
  return `A master at http://${master} (policy ${policy})${others} and ${agents} agents at ports ${port + 1}${last > port + 1 ? ` to ${last}` : ''}.
State, sandboxes and logs are in ${workDir}. Ctrl-C stops it all.

  npx mesolab run --master ${masterOf(flags)} -- echo hello
  curl ${masters > 1 ? '-L ' : ''}http://${master}/state
  scheduler API: http://${master}/api/v1/scheduler
`;
}
