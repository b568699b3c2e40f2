/** Our own columnar format: a folder with trace.json and Parquet tables. */
import { InputError } from '../../cluster/errors.ts';
import {
  TRACE_COLUMNS,
  TRACE_LAYOUT,
  TRACE_TABLES,
  type TraceDocument,
  type TraceTable,
  workloadOf,
} from '../format/trace-tables.ts';
import { firstJobs } from '../leading-jobs.ts';
import { readText } from '../lines.ts';
import { type ColumnValues, readParquetColumns } from '../parquet-columns.ts';
import type { TraceImporter, TraceInput } from './importer.ts';

export const mesolab: TraceImporter = {
  format: 'mesolab',
  title: 'Ours: Parquet tables and trace.json (docs/trace-format.md)',
  roleFields: ['role'],
  options: {},

  recognise(probe) {
    return probe.files.includes('trace.json') && probe.files.includes('tasks.parquet') ? 1 : 0;
  },

  async read(input, settings, report) {
    const path = input.displayPath('trace.json');
    const document = parseDocument(await readText(input, 'trace.json'), path);
    const tables = {} as Record<TraceTable, Map<string, ColumnValues>>;
    for (const table of TRACE_TABLES) tables[table] = await readTable(input, table);
    try {
      const workload = workloadOf(document, tables);
      report.rows.set('jobs.parquet', workload.jobs.count);
      return firstJobs(workload, settings.maxJobs);
    } catch (error) {
      throw new InputError('ROW_VALUE', `the tables contradict each other: ${(error as Error).message}`, {
        file: path,
      });
    }
  },
};

async function readTable(input: TraceInput, table: TraceTable): Promise<Map<string, ColumnValues>> {
  const file = `${table}.parquet`;
  const place = { file: input.displayPath(file) };
  if (!input.files.includes(file)) throw new InputError('FILE_MISSING', 'the trace lacks this table', place);
  const bytes = await readBytes(input, file);
  try {
    return await readParquetColumns(bytes, TRACE_COLUMNS[table]);
  } catch (error) {
    throw new InputError('FILE_UNREADABLE', `not a table of a trace: ${(error as Error).message}`, place);
  }
}

function parseDocument(text: string, file: string): TraceDocument {
  let document: TraceDocument;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new InputError('ROW_VALUE', `not valid JSON: ${(error as Error).message}`, { file });
  }
  if (document?.layout === TRACE_LAYOUT) return document;
  throw new InputError(
    'FORMAT_UNKNOWN',
    `layout ${document?.layout} is not known; this version reads ${TRACE_LAYOUT}`,
    { file },
  );
}

async function readBytes(input: TraceInput, file: string): Promise<ArrayBuffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of input.open(file)) {
    chunks.push(chunk);
    length += chunk.length;
  }
  const bytes = new Uint8Array(length);
  let place = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, place);
    place += chunk.length;
  }
  return bytes.buffer;
}
