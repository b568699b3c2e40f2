/** `mesolab trace generate PRESET --out DIR` */
import type { Command } from 'commander';
import { InputError } from '../../cluster/errors.ts';
import { generateWorkload } from '../../workload/generate/generate.ts';
import { workloadModels } from '../../workload/generate/models.ts';
import { withRoleCount } from '../../workload/generate/split-roles.ts';
import { suggestion } from '../nearest.ts';
import { parseCount, parsePositiveNumber } from '../option-values.ts';
import { formOption, refuseForeignFolder, type TraceForm, writeOutput } from './trace-output.ts';

const DAY_SECONDS = 86_400;

interface GenerateFlags {
  readonly out: string;
  readonly to: TraceForm;
  readonly seed: string;
  readonly tasks?: number;
  readonly jobs?: number;
  readonly agents?: number;
  readonly load?: number;
  readonly days?: number;
  readonly roles?: number;
}

export function addGenerateCommand(trace: Command): void {
  const count = (option: string) => (text: string) => parseCount(option, text);
  const positive = (option: string) => (text: string) => parsePositiveNumber(option, text);
  trace
    .command('generate')
    .description('make a synthetic workload and its cluster; mesolab trace list shows the presets')
    .argument('<preset>', `one of ${workloadModels.map(({ name }) => name).join(', ')}`)
    .requiredOption('--out <dir>', 'folder to write')
    .addOption(formOption())
    .option('--seed <text>', 'seed of all random streams', '1')
    .option('--tasks <count>', 'at least so many tasks', count('--tasks'))
    .option('--jobs <count>', 'so many jobs, in place of --tasks', count('--jobs'))
    .option('--agents <count>', 'number of agents', count('--agents'))
    .option('--load <factor>', 'work ÷ capacity over the time of arrivals', positive('--load'))
    .option('--days <number>', 'time over which jobs arrive', positive('--days'))
    .option('--roles <count>', 'share the jobs among so many roles', count('--roles'))
    .addHelpText(
      'after',
      '\nTasks, agents, load and days fix each other. Without --days the time follows from the others; with it the\n' +
        'tasks do, or the agents if --tasks or --jobs is given, or the load if --agents is given besides.',
    )
    .action(generate);
}

async function generate(preset: string, flags: GenerateFlags): Promise<void> {
  const known = workloadModels.find(({ name }) => name === preset);
  if (known === undefined) {
    const names = workloadModels.map(({ name }) => name);
    throw new InputError('OPTION_VALUE', `there is no preset "${preset}"${suggestion(preset, names)}`);
  }
  await refuseForeignFolder(flags.out, flags.to);
  const model = flags.roles === undefined ? known : withRoleCount(known, flags.roles);
  const { tasks, jobs, agents, load, days } = flags;
  const spanSeconds = days === undefined ? undefined : days * DAY_SECONDS;
  const given = Object.entries({ tasks, jobs, agents, load, spanSeconds }).filter(
    ([, value]) => value !== undefined,
  );
  const workload = generateWorkload(model, flags.seed, Object.fromEntries(given));
  await writeOutput(flags.out, workload, flags.to, commandLine(preset, flags));
}

/** The command that makes the same trace again. */
function commandLine(
  preset: string,
  { seed, tasks, jobs, agents, load, days, roles }: GenerateFlags,
): string {
  const options = Object.entries({ seed, tasks, jobs, agents, load, days, roles }).filter(
    ([, value]) => value !== undefined,
  );
  return ['mesolab trace generate', preset, ...options.map(([name, value]) => `--${name} ${value}`)].join(
    ' ',
  );
}
