/** `mesolab run`: one command on the cluster, with its output here and its exit code as ours. */
import type { Command } from 'commander';
import { InputError } from '../../cluster/errors.ts';
import { BATCH_DEFAULTS, Batch } from '../../frameworks/batch.ts';
import { describeTask } from '../../frameworks/task-definition.ts';
import { isTerminal } from '../../protocol/task-states.ts';
import type { TaskStatus } from '../../protocol/v1/mesos.ts';
import type { MasterAddresses } from '../../real/scheduler-client/master-connection.ts';
import { followSandboxFile, type Sandbox } from '../../real/scheduler-client/sandbox-output.ts';
import { FORGETFUL } from '../../real/scheduler-client/saved-state.ts';
import { parseCount, parsePositiveNumber } from '../option-values.ts';
import { INTERRUPTED_EXIT_CODE } from '../signals.ts';
import { addMasterOptions, type MasterFlags, masterAddresses } from './master-options.ts';
import { runBatch } from './run-batch.ts';

interface RunFlags extends MasterFlags {
  readonly cpus: number;
  readonly mem: number;
  readonly disk?: number;
  readonly gpus?: number;
  readonly ports?: number;
  readonly role: string;
  readonly name?: string;
  readonly user?: string;
  readonly image?: string;
  readonly env: readonly string[];
  readonly uri: readonly string[];
  readonly constraint: readonly string[];
}

const EXIT_FAILED = 1;
const gather = (value: string, all: readonly string[]) => [...all, value];

export function addRunCommand(program: Command): void {
  const command = program
    .command('run')
    .description('run a command on a cluster: its output appears here, its exit code is ours')
    .argument('<command...>', 'program and arguments; a single argument is run by a shell')
    .option('--cpus <cores>', 'cores', (text) => parsePositiveNumber('--cpus', text), 0.1)
    .option('--mem <MiB>', 'memory', (text) => parsePositiveNumber('--mem', text), 32)
    .option('--disk <MiB>', 'disk', (text) => parsePositiveNumber('--disk', text))
    .option('--gpus <count>', 'GPUs', (text) => parseCount('--gpus', text))
    .option('--ports <count>', 'ports, whose numbers the command finds in PORT0, PORT1, …', (text) =>
      parseCount('--ports', text),
    )
    .option('--role <role>', 'role whose share pays for it', '*')
    .option('--name <name>', 'name of the task')
    .option('--user <user>', 'user that runs it')
    .option('--image <image>', 'Docker image to run it in')
    .option('--env <NAME=value>', 'environment variable; may be repeated', gather, [])
    .option('--uri <uri>', 'file to fetch into the sandbox first; may be repeated', gather, [])
    .option(
      '--constraint <text>',
      'agents that it may run on, such as rack=r1|r2; may be repeated',
      gather,
      [],
    );
  addMasterOptions(command).action(run);
}

async function run(words: readonly string[], flags: RunFlags): Promise<void> {
  const addresses = masterAddresses(flags);
  const { role, env, uri, constraint, name = words[0].split('/').at(-1)!, ...rest } = flags;
  const task = describeTask(
    {
      ...rest,
      name,
      command: words.length === 1 ? words[0] : words,
      env: Object.fromEntries(env.map((pair) => pair.split(/=(.*)/s, 2))),
      uris: uri,
      constraints: constraint,
    },
    (_at, message) => new InputError('OPTION_VALUE', `--constraint: ${message}`),
    [],
  );
  const batch = new Batch([{ ...task, prefers: [], after: [], maxFailures: 1 }], BATCH_DEFAULTS);
  const output = new TaskOutput(addresses);
  const settings = { name: `run ${name}`, role, failoverSeconds: 0, ...who(flags) };
  const problem = await runBatch(batch, settings, addresses, FORGETFUL, {
    status: (status, sandbox) => output.heard(status, sandbox),
  });
  await output.finish();
  if (problem === 'interrupted') process.exitCode = INTERRUPTED_EXIT_CODE;
  else if (problem !== null) {
    process.stderr.write(`error: the master refused: ${problem}\n`);
    process.exitCode = EXIT_FAILED;
  } else process.exitCode = output.exitCode;
}

const who = ({ user, principal }: RunFlags) => ({
  ...(user !== undefined && { user }),
  ...(principal !== undefined && { principal }),
});

/** Copies what the task writes, from when it runs to its end. */
class TaskOutput {
  exitCode = EXIT_FAILED;
  private readonly addresses: MasterAddresses;
  private readonly ended = Promise.withResolvers<void>();
  private following: Promise<unknown> | undefined;

  constructor(addresses: MasterAddresses) {
    this.addresses = addresses;
  }

  heard(status: TaskStatus, sandbox: Sandbox | null): void {
    const hasEnded = isTerminal(status.state);
    if (sandbox !== null && (hasEnded || status.state === 'TASK_RUNNING'))
      this.following ??= this.follow(sandbox);
    if (!hasEnded) return;
    this.exitCode = exitCodeOf(status);
    if (status.state !== 'TASK_FINISHED' && !EXIT_STATUS.test(status.message ?? ''))
      process.stderr.write(`mesolab: ${status.state}${status.message ? `: ${status.message}` : ''}\n`);
    this.ended.resolve();
  }

  async finish(): Promise<void> {
    this.ended.resolve();
    await this.following;
  }

  private follow(sandbox: Sandbox): Promise<unknown> {
    const copy = (name: string, stream: NodeJS.WriteStream) =>
      followSandboxFile(
        { ...sandbox, name, ...this.addresses },
        (part) => void stream.write(part),
        this.ended.promise,
      );
    return Promise.all([copy('stdout', process.stdout), copy('stderr', process.stderr)]);
  }
}

const EXIT_STATUS = /exited with status (\d+)/;

function exitCodeOf({ state, message = '' }: TaskStatus): number {
  if (state === 'TASK_FINISHED') return 0;
  const status = EXIT_STATUS.exec(message);
  return status === null ? EXIT_FAILED : Number(status[1]);
}
