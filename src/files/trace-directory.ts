/** Writes a workload as a folder in our trace format: trace.json and four Parquet files. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TRACE_TABLES, traceColumns, traceDocument } from '../workload/format/trace-tables.ts';
import type { Workload } from '../workload/workload.ts';
import { writeDirectoryAtomically } from './atomic-write.ts';
import { writeParquetTable } from './parquet-writer.ts';

/** The folder appears whole or not at all. @throws InputError OUTPUT_UNWRITABLE */
export async function writeTrace(path: string, workload: Workload): Promise<void> {
  await writeDirectoryAtomically(path, async (directory) => {
    for (const table of TRACE_TABLES) {
      await writeParquetTable(join(directory, `${table}.parquet`), traceColumns(workload, table));
    }
    await writeFile(join(directory, 'trace.json'), `${JSON.stringify(traceDocument(workload))}\n`);
  });
}
