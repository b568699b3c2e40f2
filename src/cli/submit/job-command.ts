/** `mesolab job submit`: runs a file of tasks on a cluster to its end, and tells how each ended. */
import type { Command } from 'commander';
import { BATCH_DEFAULTS, Batch, type BatchOutcome, type BatchTask } from '../../frameworks/batch.ts';
import { isTerminal } from '../../protocol/task-states.ts';
import type { TaskStatus } from '../../protocol/v1/mesos.ts';
import type { Sandbox } from '../../real/scheduler-client/sandbox-output.ts';
import { FORGETFUL } from '../../real/scheduler-client/saved-state.ts';
import { openStateFile } from '../../real/scheduler-client/state-file.ts';
import { INTERRUPTED_EXIT_CODE } from '../signals.ts';
import { textTable } from '../text-table.ts';
import { readJob } from './job-file.ts';
import { addMasterOptions, type MasterFlags, masterAddresses } from './master-options.ts';
import { runBatch } from './run-batch.ts';

interface SubmitFlags extends MasterFlags {
  readonly state?: string;
  readonly quiet?: boolean;
}

const WEEK_SECONDS = 7 * 24 * 3600;

export function addJobCommand(program: Command): void {
  const job = program.command('job').description('batches of tasks on a cluster');
  const submit = job
    .command('submit')
    .description('run the tasks of a file: arrays, retries, tasks that wait for others')
    .argument('<file>', 'YAML or JSON, see docs/jobs.md')
    .option('--state <file>', 'keep the state here: begun again with it, the job goes on where it was')
    .option('--quiet', 'only the table at the end');
  addMasterOptions(submit).action(run);
}

async function run(path: string, flags: SubmitFlags): Promise<void> {
  const { name, role, user, tasks } = readJob(path);
  const addresses = masterAddresses(flags);
  const state = flags.state === undefined ? null : openStateFile(flags.state);
  const batch = new Batch(tasks, BATCH_DEFAULTS);
  const lastStatus = new Map<number, TaskStatus>();
  const settings = {
    name,
    role,
    failoverSeconds: state === null ? 0 : WEEK_SECONDS,
    ...(user !== undefined && { user }),
    ...(flags.principal !== undefined && { principal: flags.principal }),
  };
  const problem = await runBatch(batch, settings, addresses, state ?? FORGETFUL, {
    status(status, sandbox) {
      const item = Number.parseInt(status.task_id.value, 10);
      if (isTerminal(status.state)) lastStatus.set(item, status);
      if (!flags.quiet) process.stderr.write(`${line(tasks[item], status, sandbox)}\n`);
    },
  });
  state?.close();
  if (problem === 'interrupted') {
    const hint = state === null ? 'its tasks are killed' : 'the same command goes on with it';
    process.stderr.write(`mesolab: interrupted; ${hint}\n`);
    process.exitCode = INTERRUPTED_EXIT_CODE;
  } else if (problem !== null) {
    process.stderr.write(`error: the master refused: ${problem}\n`);
    process.exitCode = 1;
  } else {
    process.stdout.write(`${summary(batch, tasks, lastStatus)}\n`);
    if (tasks.some((_, item) => batch.outcomeOf(item) !== 'finished')) process.exitCode = 1;
  }
}

function line(task: BatchTask, { state, message }: TaskStatus, sandbox: Sandbox | null): string {
  const where = sandbox === null ? '' : ` on ${new URL(sandbox.origin).host}`;
  return `${task.info.name}: ${state.slice('TASK_'.length).toLowerCase()}${where}${message ? ` (${message})` : ''}`;
}

/** One line for each outcome of a task of the file; copies of an array are counted. */
function summary(batch: Batch, tasks: readonly BatchTask[], last: ReadonlyMap<number, TaskStatus>): string {
  const counts = new Map<string, { name: string; outcome: BatchOutcome; count: number; message: string }>();
  for (const [item, { info }] of tasks.entries()) {
    const name = info.name.replace(/\[\d+\]$/, '');
    const outcome = batch.outcomeOf(item);
    const message = outcome === 'failed' ? (last.get(item)?.message ?? '') : '';
    const row = counts.get(`${name} ${outcome} ${message}`) ?? { name, outcome, count: 0, message };
    row.count++;
    counts.set(`${name} ${outcome} ${message}`, row);
  }
  const rows = [...counts.values()].map((row) => [row.name, row.outcome, String(row.count), row.message]);
  return textTable(['task', 'outcome', 'count', 'message'], rows, 'left');
}
