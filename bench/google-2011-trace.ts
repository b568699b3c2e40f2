/**
 * Writes a trace in the layout of Google's 2011 cluster data (task_events and machine_events, gzip, without headers),
 * drawn from a seed: `npx node bench/google-2011-trace.ts FOLDER [ROWS]`. Jobs and machines are those of our
 * google-2011 model; rows per task (5.69), rows per file and the length of user names are those of the real trace.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type RandomStream, stream } from '../src/cluster/streams.ts';
import { generateWorkload } from '../src/workload/generate/generate.ts';
import { google2011Model } from '../src/workload/generate/google-2011-model.ts';
import { chooser } from '../src/workload/generate/samplers.ts';
import { Growable } from '../src/workload/growable.ts';
import { jobTasks, type Workload } from '../src/workload/workload.ts';

const SEED = 'google-2011-trace';
/** Of the real trace: 144,648,288 rows in 500 files, of 25,424,731 tasks. */
const ROWS_PER_FILE = 289_297;
const ROWS_PER_TASK = 5.69;
const USERS = 933;
const MACHINES = 12_583;
const START_US = 600_000_000;
const MACHINE_MILLI = { cpus: 32_000, mem: 131_072_000 };
const FIRST_JOB = 3_418_309;
const FIRST_MACHINE = 4_155_527_081;
const [SUBMIT, SCHEDULE, EVICT, FAIL, FINISH, KILL] = [0, 1, 2, 3, 4, 5];
/** An attempt is three rows: SUBMIT, SCHEDULE and an end. */
const RETRY_PART = 1 - 3 / ROWS_PER_TASK;
const lastEnd = chooser<number>([
  [7, FINISH],
  [3, KILL],
]);
const earlierEnd = chooser<number>([
  [4, EVICT],
  [6, FAIL],
]);

interface Events {
  readonly timeUs: Growable<Float64Array>;
  readonly task: Growable<Int32Array>;
  readonly type: Growable<Uint8Array>;
  /** −1 where the task is on none. */
  readonly machine: Growable<Int32Array>;
}

const [folder, rows = '5500000'] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node bench/google-2011-trace.ts FOLDER [ROWS]');
const workload = generateWorkload(google2011Model, SEED, {
  tasks: Math.ceil(Number(rows) / ROWS_PER_TASK),
  agents: MACHINES,
});
writeMachines(workload);
writeTasks(workload);

function writeMachines({ cluster }: Workload): void {
  const { agentIds, total, resources, attributes } = cluster!;
  const lines = agentIds.map((_, agent) => {
    const milli = (name: string) => total[agent * resources.length + resources.indexOf(name)];
    const [cpus, mem] = [milli('cpus') / MACHINE_MILLI.cpus, milli('mem') / MACHINE_MILLI.mem];
    return `0,${FIRST_MACHINE + agent},0,${attributes.get('platform')![agent]},${cpus},${mem}\n`;
  });
  writePart('machine_events', 0, 1, lines);
}

function writeTasks(workload: Workload): void {
  const { timeUs, task, type, machine } = drawEvents(workload);
  const order = Uint32Array.from({ length: timeUs.length }, (_, event) => event);
  order.sort((a, b) => timeUs.at(a) - timeUs.at(b) || a - b);
  const jobTexts = describeJobs(workload);
  const parts = Math.ceil(order.length / ROWS_PER_FILE);
  for (let part = 0; part < parts; part++) {
    const lines: string[] = [];
    for (const event of order.subarray(part * ROWS_PER_FILE, (part + 1) * ROWS_PER_FILE)) {
      const job = workload.stages.job[workload.tasks.stage[task.at(event)]];
      const index = task.at(event) - jobTasks(workload, job)[0];
      const on = machine.at(event) < 0 ? '' : FIRST_MACHINE + machine.at(event);
      lines.push(
        `${timeUs.at(event)},,${FIRST_JOB + 7 * job},${index},${on},${type.at(event)},${jobTexts[job]}\n`,
      );
    }
    writePart('task_events', part, parts, lines);
  }
  process.stdout.write(
    `${order.length} rows in ${parts} files, ${workload.tasks.count} tasks, ${workload.jobs.count} jobs\n`,
  );
}

/** Attempts of each task, one after the other, which share its duration. */
function drawEvents({ jobs, stages, tasks, cluster }: Workload): Events {
  const random = stream(SEED, 'events');
  const events: Events = {
    timeUs: new Growable((n) => new Float64Array(n)),
    task: new Growable((n) => new Int32Array(n)),
    type: new Growable((n) => new Uint8Array(n)),
    machine: new Growable((n) => new Int32Array(n)),
  };
  const add = (timeUs: number, task: number, type: number, machine: number) => {
    events.timeUs.push(timeUs);
    events.task.push(task);
    events.type.push(type);
    events.machine.push(machine);
  };
  for (let task = 0; task < tasks.count; task++) {
    let attempts = 1;
    while (random() < RETRY_PART) attempts++;
    let timeUs = START_US + jobs.submitUs[stages.job[tasks.stage[task]]];
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const machine = Math.floor(random() * cluster!.agentIds.length);
      add(timeUs, task, SUBMIT, -1);
      timeUs += Math.floor(random() * 5e6);
      add(timeUs, task, SCHEDULE, machine);
      timeUs += Math.floor(tasks.durationUs[task] / attempts);
      add(timeUs, task, attempt === attempts ? lastEnd(random) : earlierEnd(random), machine);
    }
  }
  return events;
}

/** User to different-machines, which all rows of a job share. */
function describeJobs(workload: Workload): string[] {
  const { jobs, tasks, requests, resources } = workload;
  const random = stream(SEED, 'jobs');
  const users = Array.from({ length: USERS }, () => userName(random));
  return Array.from(jobs.priority, (priority, job) => {
    const demand = (name: string) =>
      requests.demand[tasks.request[jobTasks(workload, job)[0]] * resources.length + resources.indexOf(name)];
    const cpus = demand('cpus') / MACHINE_MILLI.cpus;
    const mem = (demand('mem') / MACHINE_MILLI.mem) * (0.5 + random());
    const spread = random() < 0.05 ? 1 : 0;
    const user = users[Math.floor(USERS * random() ** 3)];
    const scheduling = `${Math.floor(random() * 4)},${priority}`;
    return `${user},${scheduling},${round(cpus)},${round(mem)},${round(random() / 1000)},${spread}`;
  });
}

function round(amount: number): string {
  return String(Number(amount.toPrecision(4)));
}

/** As the publisher wrote them: a digest in base 64. */
function userName(random: RandomStream): string {
  return Buffer.from(Array.from({ length: 32 }, () => Math.floor(random() * 256))).toString('base64');
}

function writePart(table: string, part: number, parts: number, lines: readonly string[]): void {
  const number = (value: number) => String(value).padStart(5, '0');
  mkdirSync(join(folder, table), { recursive: true });
  const file = join(folder, table, `part-${number(part)}-of-${number(parts)}.csv.gz`);
  writeFileSync(file, gzipSync(lines.join('')));
}
