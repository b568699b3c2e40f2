/** `mesolab trace info|convert|generate|list` */
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { closest } from 'fastest-levenshtein';
import { InputError } from '../cluster/errors.ts';
import { writeDirectoryAtomically } from '../files/atomic-write.ts';
import { writeTrace } from '../files/trace-directory.ts';
import { formatCount } from '../metrics/format-values.ts';
import { agentsCsv, jobsCsv } from '../workload/format/csv-text.ts';
import { generateWorkload } from '../workload/generate/generate.ts';
import { workloadModels } from '../workload/generate/models.ts';
import type { LoadOptions } from '../workload/load-trace.ts';
import type { Workload } from '../workload/workload.ts';
import { loadInput } from './load-input.ts';
import { parseChoice, parseCount, parsePositiveNumber } from './option-values.ts';
import { collectImportOption } from './simulate-flags.ts';
import { traceInfo, traceInfoText } from './trace-info.ts';
import { traceListText } from './trace-list.ts';
import { refuseForeignFolder } from './trace-output.ts';

interface LoadFlags {
  readonly format?: string;
  readonly role?: string;
  readonly import?: ReadonlyMap<string, number>;
  readonly skipBadRows?: true;
}

export function addTraceCommands(program: Command): void {
  const trace = program.command('trace').description('look at, convert, generate and find traces');

  addLoadFlags(
    trace.command('info').description('what is in a trace').argument('<trace>', 'trace file or folder'),
  )
    .option('--json', 'print one JSON document in place of text')
    .action(async (path: string, flags: LoadFlags & { json?: true }) => {
      const info = traceInfo(await loadInput(path, loadOptions(flags)));
      process.stdout.write(flags.json ? `${JSON.stringify(info, null, 2)}\n` : traceInfoText(info));
    });

  addLoadFlags(
    trace
      .command('convert')
      .description('convert a trace to our Parquet format, or to CSV')
      .argument('<trace>', 'trace file or folder')
      .argument('<out>', 'folder to write'),
  )
    .option(
      '--to <form>',
      'parquet or csv',
      (text) => parseChoice('--to', text, ['parquet', 'csv'] as const),
      'parquet',
    )
    .action(async (path: string, out: string, flags: LoadFlags & { to: 'parquet' | 'csv' }) => {
      await refuseForeignFolder(out);
      const { workload } = await loadInput(path, loadOptions(flags));
      await (flags.to === 'csv' ? writeCsv(out, workload) : writeTrace(out, workload));
      process.stdout.write(`${out}: ${contents(workload)}\n`);
      if (flags.to === 'csv' && workload.cluster?.events.length) {
        process.stderr.write(
          'warning: agents.csv has the agents as they are at the start; their changes are left out\n',
        );
      }
    });

  trace
    .command('generate')
    .description('make a synthetic workload; mesolab trace list shows the presets')
    .argument('<preset>', `one of ${workloadModels.map(({ name }) => name).join(', ')}`)
    .requiredOption('--out <dir>', 'folder to write')
    .option('--seed <text>', 'seed of all random streams', '1')
    .option('--tasks <count>', 'at least so many tasks', (text) => parseCount('--tasks', text))
    .option('--agents <count>', 'number of agents', (text) => parseCount('--agents', text))
    .option('--load <factor>', 'work ÷ capacity over the time of arrivals', (text) =>
      parsePositiveNumber('--load', text),
    )
    .action(
      async (
        preset: string,
        flags: { out: string; seed: string; tasks?: number; agents?: number; load?: number },
      ) => {
        const model = modelOf(preset);
        await refuseForeignFolder(flags.out);
        const { tasks, agents, load } = { ...model.defaults, ...flags };
        const workload = generateWorkload(model, flags.seed, { tasks, agents, load });
        await writeTrace(flags.out, workload);
        process.stdout.write(`${flags.out}: ${contents(workload)}\n`);
      },
    );

  trace
    .command('list')
    .description('presets of the generator, bundled traces, and where to get public ones')
    .action(() => {
      process.stdout.write(traceListText());
    });
}

function addLoadFlags(command: Command): Command {
  return command
    .option('--format <name>', 'trace format; recognised if left out')
    .option('--role <field>', 'field of the trace that names the role of a job')
    .option('--import <key=value>', 'option of the trace format (repeatable)', collectImportOption)
    .option('--skip-bad-rows', 'leave malformed rows out and count them');
}

function loadOptions(flags: LoadFlags): LoadOptions {
  return {
    format: flags.format,
    roleField: flags.role,
    importOptions: flags.import && Object.fromEntries(flags.import),
    skipsBadRows: flags.skipBadRows,
    mayLackJobs: true,
  };
}

async function writeCsv(out: string, workload: Workload): Promise<void> {
  await writeDirectoryAtomically(out, async (directory) => {
    await mkdir(directory, { recursive: true });
    await pipeline(Readable.from(jobsCsv(workload)), createWriteStream(join(directory, 'jobs.csv')));
    if (workload.cluster === null) return;
    await pipeline(
      Readable.from(agentsCsv(workload.cluster)),
      createWriteStream(join(directory, 'agents.csv')),
    );
  });
}

function modelOf(name: string): (typeof workloadModels)[number] {
  const model = workloadModels.find((candidate) => candidate.name === name);
  if (model) return model;
  const names = workloadModels.map((candidate) => candidate.name);
  throw new InputError(
    'OPTION_VALUE',
    `there is no preset "${name}"; did you mean "${closest(name, names)}"? There are ${names.join(', ')}`,
  );
}

function contents({ jobs, tasks, cluster }: Workload): string {
  const agents = cluster === null ? '' : `, ${formatCount(cluster.agentIds.length)} agents`;
  return `${formatCount(jobs.count)} jobs, ${formatCount(tasks.count)} tasks${agents}`;
}
