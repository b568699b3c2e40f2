/**
 * One real master under load: `npx node bench/real/load.ts [--agents 1000] [--frameworks 200] [--seconds 60] [--task-seconds 20]`.
 * Simulated agents and frameworks, each process of its own, speak to it over loopback: how long until all are registered,
 * offers and launches a second, launch latency, memory and descriptors of the master, and /health while /state is polled. A
 * long run (`--seconds 1800`) is a soak: memory and descriptors at its quarters tell whether anything grows.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    agents: { type: 'string', default: '1000' },
    frameworks: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '60' },
    'task-seconds': { type: 'string', default: '20' },
    port: { type: 'string', default: '15050' },
    policy: { type: 'string', default: 'drf' },
  },
});
const seconds = Number(values.seconds);
const master = `127.0.0.1:${values.port}`;
const folder = mkdtempSync(join(tmpdir(), 'mesolab-load-'));
const children: ChildProcess[] = [];
try {
  await measure();
} finally {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  const server = spawn(
    process.execPath,
    [
      join(import.meta.dirname, '../../bin/mesolab.js'),
      'master',
      `--port=${values.port}`,
      `--work_dir=${folder}`,
      `--policy=${values.policy}`,
      '--max_completed_tasks_per_framework=100',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  children.push(server);
  while (!(await isHealthy())) await sleep(100);
  const idleMib = memoryMib(server.pid!);

  const stormMs = performance.now();
  const agents = start('agents.ts', master, values.agents);
  await new Promise((resolve) => agents.once('message', resolve));
  const registrationSeconds = (performance.now() - stormMs) / 1000;

  const frameworks = start('frameworks.ts', master, values.frameworks, values['task-seconds']);
  const totals = { offers: 0, launched: 0, finished: 0, failed: 0 };
  const launchSeconds: number[] = [];
  let subscribed = 0;
  frameworks.on('message', (message: Record<string, unknown>) => {
    if ('subscribed' in message) subscribed++;
    else if ('problem' in message) process.stderr.write(`${message.problem}\n`);
    else {
      for (const key of ['offers', 'launched', 'finished', 'failed'] as const)
        totals[key] += Number(message[key]);
      launchSeconds.push(...(message.launchSeconds as number[]));
    }
  });
  const subscribeMs = performance.now();
  while (subscribed < Number(values.frameworks)) await sleep(20);
  const subscriptionSeconds = (performance.now() - subscribeMs) / 1000;

  // What filling the cluster costs is not what keeping it full costs.
  await sleep(Math.min(10_000, 250 * seconds));
  Object.assign(totals, { offers: 0, launched: 0, finished: 0, failed: 0 });
  launchSeconds.length = 0;
  const health: number[] = [];
  const states: number[] = [];
  const sizes: object[] = [];
  const cpuBefore = cpuSeconds(server.pid!);
  const startMs = performance.now();
  const endMs = startMs + seconds * 1000;
  const poll = async (path: string, everyMs: number, into: number[]) => {
    while (performance.now() < endMs) {
      const askedMs = performance.now();
      await (await fetch(`http://${master}${path}`)).arrayBuffer();
      into.push(performance.now() - askedMs);
      await sleep(everyMs);
    }
  };
  const watch = async () => {
    for (let quarter = 0; quarter <= 4; quarter++) {
      sizes.push({
        atSeconds: Math.round((quarter * seconds) / 4),
        memoryMib: memoryMib(server.pid!),
        descriptors: readdirSync(`/proc/${server.pid}/fd`).length,
      });
      process.stderr.write(`${JSON.stringify(sizes.at(-1))}\n`);
      if (quarter < 4) await sleep(seconds * 250);
    }
  };
  await Promise.all([poll('/health', 20, health), poll('/state', 1000, states), watch()]);
  const tookSeconds = (performance.now() - startMs) / 1000;
  console.log({
    agents: Number(values.agents),
    frameworks: Number(values.frameworks),
    registrationSeconds,
    subscriptionSeconds,
    offersPerSecond: totals.offers / tookSeconds,
    launchesPerSecond: totals.launched / tookSeconds,
    finishedPerSecond: totals.finished / tookSeconds,
    failed: totals.failed,
    launchMs: quantiles(launchSeconds.map((value) => value * 1000)),
    healthMs: quantiles(health),
    stateMs: quantiles(states),
    masterCpus: (cpuSeconds(server.pid!) - cpuBefore) / tookSeconds,
    idleMib,
    sizes,
  });
}

function start(program: string, ...args: readonly string[]): ChildProcess {
  const child = fork(join(import.meta.dirname, program), args);
  children.push(child);
  child.on('exit', (code) => {
    if (code) throw new Error(`${program} ended with code ${code}`);
  });
  return child;
}

async function isHealthy(): Promise<boolean> {
  return fetch(`http://${master}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}

function memoryMib(pid: number): number {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024);
}

/** User and system, of all its threads. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function quantiles(measured: readonly number[]): object {
  const sorted = [...measured].sort((a, b) => a - b);
  const at = (part: number) => Number(sorted[Math.floor((sorted.length - 1) * part)]?.toFixed(2));
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}
