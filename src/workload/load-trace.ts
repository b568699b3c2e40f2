/** From the bytes of a trace in any known format to a workload. */
import { InputError } from '../cluster/errors.ts';
import { newImportReport } from './import-report.ts';
import type { ImportReport, TraceImporter, TraceInput, TraceProbe } from './importers/importer.ts';
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
  /** A list of machines without jobs will do. */
  readonly mayLackJobs?: boolean | undefined;
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
  requireContent(source);
  const importer = options.format === undefined ? recogniseTrace(source) : importerOf(options.format);
  const roleField = options.roleField ?? importer.roleFields[0];
  if (!importer.roleFields.includes(roleField)) {
    throw new InputError(
      'OPTION_VALUE',
      `--role ${roleField}: ${importer.format} traces have ${importer.roleFields.join(', ')}`,
    );
  }
  const report = newImportReport(options.skipsBadRows ?? false);
  const workload = await importer.read(
    source,
    {
      roleField,
      options: importOptionsOf(importer, options.importOptions ?? {}),
      maxJobs: options.maxJobs ?? Number.POSITIVE_INFINITY,
    },
    report,
  );
  if (workload.jobs.count === 0 && !(options.mayLackJobs && workload.cluster)) {
    const reasons = [...report.leftOut].map(([reason, count]) => `${count} ${reason}`).join(', ');
    throw new InputError('TRACE_EMPTY', `the trace has no jobs${reasons ? ` (left out: ${reasons})` : ''}`, {
      file: source.displayPath(source.files[0]),
    });
  }
  return { workload, report, format: importer.format };
}

/** An empty file is of no format: told apart, since the mend is another. */
function requireContent(source: TraceInput & TraceProbe): void {
  if (source.files.some((file) => source.head(file) !== '')) return;
  throw new InputError('TRACE_EMPTY', 'there is nothing in it; name a trace with jobs', {
    file: source.displayPath(source.files[0]),
  });
}

function importOptionsOf(
  importer: TraceImporter,
  given: Readonly<Record<string, number>>,
): Record<string, number> {
  const known = Object.keys(importer.options);
  const values = Object.fromEntries(known.map((name) => [name, importer.options[name].default]));
  for (const [name, value] of Object.entries(given)) {
    if (!known.includes(name)) {
      const which = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
      throw new InputError(
        'OPTION_VALUE',
        `--import ${name}: the ${importer.format} importer has no such option; ${which}`,
      );
    }
    const { isPositive } = importer.options[name];
    if (!Number.isFinite(value) || value < 0 || (isPositive && value === 0)) {
      const range = isPositive ? 'above 0' : 'from 0';
      throw new InputError('OPTION_VALUE', `--import ${name}=${value}: expected a number ${range}`);
    }
    values[name] = value;
  }
  return values;
}
