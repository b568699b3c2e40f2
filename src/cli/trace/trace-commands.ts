/** `mesolab trace info|convert|generate|list` */
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { LoadOptions } from '../../workload/load-trace.ts';
import { collectImportOption } from '../simulate/simulate-flags.ts';
import { loadInput } from './load-input.ts';
import { addGenerateCommand } from './trace-generate.ts';
import { traceInfo, traceInfoText } from './trace-info.ts';
import { traceList, traceListText } from './trace-list.ts';
import { formOption, refuseForeignFolder, type TraceForm, writeOutput } from './trace-output.ts';

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
    .addOption(formOption())
    .action(async (path: string, out: string, flags: LoadFlags & { to: TraceForm }) => {
      await refuseForeignFolder(out, flags.to, path);
      const { workload, format, digest } = await loadInput(path, loadOptions(flags));
      const origin = `converted from ${basename(path)} (${format}, SHA-256 ${digest})`;
      await writeOutput(out, workload, flags.to, origin);
    });

  addGenerateCommand(trace);

  trace
    .command('list')
    .description('presets of the generator, bundled traces, and where to get public ones')
    .option('--json', 'print one JSON document in place of text')
    .action(({ json }: { json?: true }) => {
      process.stdout.write(json ? `${JSON.stringify(traceList(), null, 2)}\n` : traceListText());
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
