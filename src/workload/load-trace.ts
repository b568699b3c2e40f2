/** From the bytes of a trace in any known format to a workload. */
import { InputError } from '../cluster/errors.ts';
import { newImportReport } from './import-report.ts';
import type { ImportReport, TraceInput, TraceProbe } from './importers/importer.ts';
import { importerOf, recogniseTrace } from './importers/registry.ts';
import type { Workload } from './workload.ts';

export interface LoadOptions {
  /** `undefined`: recognised from the content. */
  readonly format?: string | undefined;
  /** One of the format's role fields; `undefined`: its first. */
  readonly roleField?: string | undefined;
  /** The format's own numeric options. */
  readonly importOptions?: Readonly<Record<string, number>> | undefined;
  readonly skipsBadRows?: boolean | undefined;
  /** Take so many jobs at most, in file order. */
  readonly maxJobs?: number | undefined;
}

export interface LoadedTrace {
  readonly workload: Workload;
  readonly report: ImportReport;
  readonly format: string;
}

/** @throws InputError FORMAT_UNKNOWN, TRACE_EMPTY, OPTION_VALUE, and what is wrong in the trace itself */
export async function loadTrace(
  source: TraceInput & TraceProbe,
  options: LoadOptions = {},
): Promise<LoadedTrace> {
  const importer = options.format === undefined ? recogniseTrace(source) : importerOf(options.format);
  const roleField = options.roleField ?? importer.roleFields[0];
  if (!importer.roleFields.includes(roleField)) {
    throw new InputError(
      'OPTION_VALUE',
      `--role ${roleField}: ${importer.format} traces have ${importer.roleFields.join(', ')}`,
    );
  }
  const known = Object.keys(importer.options);
  for (const name of Object.keys(options.importOptions ?? {})) {
    if (known.includes(name)) continue;
    const which = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
    throw new InputError(
      'OPTION_VALUE',
      `--import ${name}: the ${importer.format} importer has no such option; ${which}`,
    );
  }
  const defaults = Object.fromEntries(
    Object.entries(importer.options).map(([name, option]) => [name, option.default]),
  );
  const report = newImportReport(options.skipsBadRows ?? false);
  const workload = await importer.read(
    source,
    {
      roleField,
      options: { ...defaults, ...options.importOptions },
      maxJobs: options.maxJobs ?? Number.POSITIVE_INFINITY,
    },
    report,
  );
  if (workload.jobs.count === 0 && workload.cluster === null) {
    const reasons = [...report.leftOut].map(([reason, count]) => `${count} ${reason}`).join(', ');
    throw new InputError('TRACE_EMPTY', `the trace has no jobs${reasons ? ` (left out: ${reasons})` : ''}`, {
      file: source.displayPath(source.files[0]),
    });
  }
  return { workload, report, format: importer.format };
}
