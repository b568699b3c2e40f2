/** A run as a folder: manifest.json, summary.json and a Parquet file per table. */
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asyncBufferFromFile } from 'hyparquet';
import { InputError } from '../cluster/errors.ts';
import { writeDirectoryAtomically } from '../files/atomic-write.ts';
import { writeParquetTable } from '../files/parquet-writer.ts';
import type { RunSummary } from '../metrics/summary.ts';
import type { RunTables } from '../metrics/tables.ts';
import { readParquetColumns } from '../workload/parquet-columns.ts';
import type { Manifest, Run } from './run.ts';
import {
  COLUMN_TYPES,
  TABLE_NAMES,
  type TableName,
  tableColumns,
  tableFile,
  tableFromColumns,
} from './table-columns.ts';

/** Version of the layout that this version writes and reads. */
export const RUN_LAYOUT = 1;

const MANIFEST_FILE = 'manifest.json';
const SUMMARY_FILE = 'summary.json';

/** A run on disk: its figures are at hand, its tables are read when asked for. */
export interface StoredRun {
  readonly directory: string;
  readonly manifest: Manifest;
  readonly summary: RunSummary;
  /** @throws InputError RUN_INVALID */
  table<N extends TableName>(name: N): Promise<RunTables[N]>;
}

/**
 * Writes a run; the folder appears when it is whole, in the place of a run that was there before.
 * @throws InputError OUTPUT_UNWRITABLE, also where the folder holds anything but a run
 */
export async function writeRun(directory: string, run: Run): Promise<void> {
  await replaceRun(directory, (temporary) => writeRunFiles(temporary, run));
}

/**
 * Makes the folder of a run as `writeRun` does.
 * @param fill writes the run's files into a folder, in this or another thread
 * @throws InputError OUTPUT_UNWRITABLE; whatever `fill` throws
 */
export async function replaceRun(
  directory: string,
  fill: (temporary: string) => Promise<void>,
): Promise<void> {
  await ensureReplaceable(directory);
  await writeDirectoryAtomically(directory, fill);
}

/** Writes the files of a run into a folder that is there. */
export async function writeRunFiles(folder: string, run: Run): Promise<void> {
  for (const name of TABLE_NAMES) {
    await writeParquetTable(join(folder, tableFile(name)), tableColumns(run.tables, name));
  }
  await writeFile(join(folder, SUMMARY_FILE), `${JSON.stringify(run.summary, null, 2)}\n`);
  await writeFile(join(folder, MANIFEST_FILE), `${JSON.stringify(run.manifest, null, 2)}\n`);
}

/** Refuses a folder that `writeRun` would have to destroy though it is no run. @throws InputError OUTPUT_UNWRITABLE */
export async function ensureReplaceable(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => null);
  if (found === null) return;
  if (!found.isDirectory()) {
    throw new InputError('OUTPUT_UNWRITABLE', 'is a file; choose another place with --out', {
      file: directory,
    });
  }
  const entries = await namesIn(directory);
  if (entries.length === 0 || entries.includes(MANIFEST_FILE)) return;
  throw new InputError(
    'OUTPUT_UNWRITABLE',
    'holds files that are no run of mesolab; choose another place with --out, or empty the folder',
    { file: directory },
  );
}

/** Whether a folder looks like a run (it may still turn out to be a broken one). */
export async function isRunDirectory(directory: string): Promise<boolean> {
  return (await namesIn(directory)).includes(MANIFEST_FILE);
}

/** Opens a run without reading its tables. @throws InputError FILE_MISSING, RUN_INVALID */
export async function openRun(directory: string): Promise<StoredRun> {
  await ensureRunDirectory(directory);
  const manifest = (await readJson(directory, MANIFEST_FILE)) as Partial<Manifest>;
  if (manifest.layout !== RUN_LAYOUT) {
    throw invalid(
      directory,
      `is a run of layout ${JSON.stringify(manifest.layout)}, this version reads layout ${RUN_LAYOUT}; replay it with this version`,
    );
  }
  const summary = (await readJson(directory, SUMMARY_FILE)) as Partial<RunSummary>;
  if (!summary.metrics || !summary.roles) {
    throw invalid(directory, `has a ${SUMMARY_FILE} without figures; replay it`);
  }
  return {
    directory,
    manifest: manifest as Manifest,
    summary: summary as RunSummary,
    table: (name) => readTable(directory, name),
  };
}

/** Reads a run with all its tables. @throws InputError FILE_MISSING, RUN_INVALID */
export async function readRun(directory: string): Promise<Run> {
  return readTables(await openRun(directory));
}

/** An opened run with all its tables. @throws InputError RUN_INVALID */
export async function readTables({ manifest, summary, table }: StoredRun): Promise<Run> {
  const tables: RunTables = {
    jobs: await table('jobs'),
    tasks: await table('tasks'),
    agents: await table('agents'),
    rolesOverTime: await table('rolesOverTime'),
    clusterOverTime: await table('clusterOverTime'),
  };
  return { manifest, summary, tables };
}

/** Names in a folder; none where it can't be read. */
function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}

async function ensureRunDirectory(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => null);
  if (found === null) {
    throw new InputError('FILE_MISSING', 'does not exist; expected the folder of a run', { file: directory });
  }
  if (!found.isDirectory()) {
    throw invalid(directory, 'is a file; expected the folder of a run, as `simulate --out` writes it');
  }
  if (!(await isRunDirectory(directory))) {
    throw invalid(
      directory,
      `is no run: it has no ${MANIFEST_FILE}; expected a folder as \`simulate --out\` writes it`,
    );
  }
}

async function readJson(directory: string, file: string): Promise<object> {
  try {
    const value: unknown = JSON.parse(await readFile(join(directory, file), 'utf8'));
    if (typeof value === 'object' && value !== null) return value;
    throw new Error('it holds no object');
  } catch (error) {
    throw invalid(
      directory,
      `is no whole run: ${file} can't be read (${(error as Error).message}); replay it`,
    );
  }
}

async function readTable<N extends TableName>(directory: string, name: N): Promise<RunTables[N]> {
  const file = tableFile(name);
  try {
    return tableFromColumns(
      name,
      await readParquetColumns(await asyncBufferFromFile(join(directory, file)), COLUMN_TYPES[name]),
    );
  } catch (error) {
    throw invalid(
      directory,
      `is no whole run: ${file} can't be read (${(error as Error).message}); replay it`,
    );
  }
}

function invalid(directory: string, message: string): InputError {
  return new InputError('RUN_INVALID', message, { file: directory });
}
