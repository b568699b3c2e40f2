/**
 * Replays the same tasks in mesolab and in other simulators and writes the table of bench/peers/README.md:
 * `npx node bench/peers/compare.ts`. Installs what is missing under bench/peers; a simulator that can't be installed is
 * named and left out.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { type Scale, syntheticCase } from '../synthetic.ts';
import { comparisonTable, withFigures } from './comparison-table.ts';
import { type Measured, measured } from './measured-process.ts';
import { installations, type Simulator } from './simulators.ts';
import { tasksCsv } from './tasks-csv.ts';

const ROUNDS = 3;
/** Of `bench/synthetic.ts`; the simulators are told, and the workload is made for it. */
const AGENT = { cpuMillis: 16_000, memMib: 65_536 };
/** More tasks at the start than the agents hold, then arrivals as fast as they are done: most tasks wait. */
const SCALES: readonly Scale[] = [
  { tasks: 2_000, agents: 100, roles: 8, backlog: 1_500, load: 1 },
  { tasks: 20_000, agents: 1_000, roles: 8, backlog: 15_000, load: 1 },
  { tasks: 200_000, agents: 1_000, roles: 8, backlog: 15_000, load: 1 },
];
const WORK = join(import.meta.dirname, '.work');
const README = join(import.meta.dirname, 'README.md');

mkdirSync(WORK, { recursive: true });
const failures: string[] = [];
const simulators = installations.flatMap(({ name, install }) => {
  try {
    return [install()];
  } catch (error) {
    failures.push(left(name, 'installed', error));
    return [];
  }
});
const sections: string[] = [];
for (const scale of SCALES) sections.push(await section(scale));
const machine = `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0].model}`;
const versions = simulators.map(({ name, version }) => `${name}: ${version}`).join('; ');
const figures = [
  `${machine}. ${versions}.\n`,
  ...failures.map((failure) => `${failure}\n`),
  ...sections,
].join('\n');
writeFileSync(README, withFigures(readFileSync(README, 'utf8'), figures));
process.stdout.write(figures);

async function section(scale: Scale): Promise<string> {
  const { tasks, agents, roles } = scale;
  const file = join(WORK, `tasks-${tasks}.csv`);
  writeFileSync(file, [...tasksCsv(syntheticCase(scale).workload)].join(''));
  const args = [file, `${agents}`, `${AGENT.cpuMillis}`, `${AGENT.memMib}`];
  const loadBefore = loadavg()[0];
  const runs = new Map<Simulator, Measured[]>();
  const playing = new Set(simulators.filter(({ tasksMax }) => tasks <= tasksMax));
  for (let round = 0; round < ROUNDS; round++) {
    const order = [...playing];
    for (const simulator of round % 2 === 0 ? order : order.reverse()) {
      try {
        const run = await measured(simulator.command, [...simulator.args, ...args]);
        if (run.tasks !== tasks) throw new Error(`only ${run.tasks} tasks ended`);
        runs.set(simulator, [...(runs.get(simulator) ?? []), run]);
      } catch (error) {
        failures.push(left(simulator.name, `run with ${tasks} tasks`, error));
        playing.delete(simulator);
      }
    }
  }
  const load = `load average ${loadBefore.toFixed(1)} before, ${loadavg()[0].toFixed(1)} after`;
  return [
    `### ${tasks.toLocaleString('en')} tasks of ${roles} roles, ${agents.toLocaleString('en')} agents`,
    `Medians of ${ROUNDS} interleaved runs; ${load}.`,
    comparisonTable([...playing].map((simulator) => ({ name: simulator.name, runs: runs.get(simulator)! }))),
  ].join('\n\n');
}

function left(name: string, what: string, error: unknown): string {
  const line = `${name} is left out: it could not be ${what} (${(error as Error).message.split('\n')[0]}).`;
  process.stderr.write(`${line}\n`);
  return line;
}
