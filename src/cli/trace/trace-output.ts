/** Writes what a trace command made, as the user wants it, without harm to what is there. */
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Option } from 'commander';
import { InputError } from '../../cluster/errors.ts';
import { writeCsvTrace, writeTrace } from '../../files/trace-directory.ts';
import { formatCount } from '../../metrics/format-values.ts';
import { CSV_FILES } from '../../workload/format/csv-columns.ts';
import { DOCUMENT_FILE, TRACE_TABLES } from '../../workload/format/trace-document.ts';
import type { Workload } from '../../workload/workload.ts';

const FORMS = ['parquet', 'csv'] as const;
export type TraceForm = (typeof FORMS)[number];

const FILES_OF_FORM: Readonly<Record<TraceForm, readonly string[]>> = {
  parquet: [DOCUMENT_FILE, ...TRACE_TABLES.map((table) => `${table}.parquet`)],
  csv: Object.values(CSV_FILES),
};

/** `--to parquet|csv` */
export function formOption(): Option {
  return new Option('--to <form>', 'what to write').choices(FORMS).default('parquet' satisfies TraceForm);
}

/**
 * Refuses, before long work, a folder that writing a trace would destroy.
 * @param input what is being read, if anything
 * @throws InputError OUTPUT_UNWRITABLE unless the path is free, or a folder of nothing but a trace in the same form
 */
export async function refuseForeignFolder(path: string, form: TraceForm, input?: string): Promise<void> {
  const fault = (what: string) =>
    new InputError('OUTPUT_UNWRITABLE', `${what}; name a new folder`, { file: path });
  if (input !== undefined && resolve(input) === resolve(path)) throw fault('is the trace that is being read');
  let names: string[];
  try {
    names = await readdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw fault('is a file, or can’t be read');
  }
  const foreign = names.find((name) => !FILES_OF_FORM[form].includes(name));
  if (foreign !== undefined)
    throw fault(`has "${foreign}", which is no part of a ${form} trace, and would be replaced`);
}

/** Writes a workload and says so. @param origin how it was made, for people @throws InputError OUTPUT_UNWRITABLE */
export async function writeOutput(
  path: string,
  workload: Workload,
  form: TraceForm,
  origin: string,
): Promise<void> {
  await (form === 'csv' ? writeCsvTrace(path, workload) : writeTrace(path, workload, origin));
  const { jobs, tasks, cluster } = workload;
  const agents = cluster === null ? '' : `, ${formatCount(cluster.agentIds.length)} agents`;
  process.stdout.write(
    `${path}: ${formatCount(jobs.count)} jobs, ${formatCount(tasks.count)} tasks${agents}\n`,
  );
}
