/** Writes a workload as a folder: in our columnar trace format, or in its CSV twin. */
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { csvFiles } from '../workload/format/csv-text.ts';
import { DOCUMENT_FILE, tablesOf, traceDocument } from '../workload/format/trace-document.ts';
import { traceColumns } from '../workload/format/trace-tables.ts';
import type { Workload } from '../workload/workload.ts';
import { writeDirectoryAtomically } from './atomic-write.ts';
import { writeParquetTable } from './parquet-writer.ts';

/**
 * trace.json and Parquet tables; the folder appears whole or not at all.
 * @param origin how the trace was made, for people @throws InputError OUTPUT_UNWRITABLE
 */
export async function writeTrace(path: string, workload: Workload, origin = ''): Promise<void> {
  await writeDirectoryAtomically(path, async (directory) => {
    const document = traceDocument(workload, origin);
    for (const table of tablesOf(document)) {
      await writeParquetTable(join(directory, `${table}.parquet`), traceColumns(workload, document, table));
    }
    await writeFile(join(directory, DOCUMENT_FILE), `${JSON.stringify(document, null, 2)}\n`);
  });
}

/** jobs.csv, and whatever of agents.csv, agent-events.csv and roles.csv there is to say. @throws InputError OUTPUT_UNWRITABLE */
export async function writeCsvTrace(path: string, workload: Workload): Promise<void> {
  await writeDirectoryAtomically(path, async (directory) => {
    for (const [file, lines] of csvFiles(workload))
      await pipeline(Readable.from(lines), createWriteStream(join(directory, file)));
  });
}
