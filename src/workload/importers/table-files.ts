/** Traces that are a folder of tables, each in one or many files. */
import { type Row, readRows, type TableDialect } from '../rows.ts';
import type { ImportReport, TraceInput } from './importer.ts';

const NOT_DATA = /(\.(header|md|txt|pdf|parquet)|SHA256SUM)$/;

/**
 * Files named after a table (`batch_task.csv`, `instance_events-000000000000.json`) or in a folder named after it
 * (`task_events/part-00000-of-00500.csv`), in their order. Descriptions and checksums beside the data are not among them.
 */
export function filesOfTable(files: readonly string[], table: string): string[] {
  const pattern = new RegExp(`(^|[/_.-])${table}([/_.-]|$)`);
  return files.filter((file) => pattern.test(file) && !NOT_DATA.test(file));
}

/** Calls `handle` for each row of a table of comma-separated values; no rows where the trace lacks it. */
export async function readTable(
  input: TraceInput,
  table: string,
  dialect: Omit<TableDialect, 'delimiter'>,
  report: ImportReport,
  handle: (row: Row) => void,
): Promise<void> {
  for (const file of filesOfTable(input.files, table))
    await readRows(input, file, { delimiter: ',', ...dialect }, report, handle);
}

/** Fields of the first line of a file of comma-separated values, for recognising it. */
export function firstCells(head: string): string[] {
  return head
    .split('\n', 1)[0]
    .split(',')
    .map((cell) => cell.trim());
}
