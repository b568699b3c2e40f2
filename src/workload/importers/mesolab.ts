/** Our own columnar format: a folder with trace.json and Parquet tables. */
import { InputError } from '../../cluster/errors.ts';
import {
  columnTypes,
  DOCUMENT_FILE,
  TRACE_LAYOUT,
  type TraceDocument,
  type TraceTable,
  tablesOf,
} from '../format/trace-document.ts';
import { TraceFault, workloadOf } from '../format/trace-workload.ts';
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
    return probe.files.includes(DOCUMENT_FILE) && probe.files.includes('tasks.parquet') ? 1 : 0;
  },

  async read(input, settings, report) {
    if (!input.files.includes(DOCUMENT_FILE)) {
      throw new InputError('FILE_MISSING', `name the folder with ${DOCUMENT_FILE} and the tables`, {
        file: input.displayPath(input.files[0]),
      });
    }
    const document = parseDocument(await readText(input, DOCUMENT_FILE), input.displayPath(DOCUMENT_FILE));
    const tables: Partial<Record<TraceTable, Map<string, ColumnValues>>> = {};
    for (const table of tablesOf(document)) {
      tables[table] = await readTable(input, document, table);
      report.rows.set(fileOf(table), document.rows[table]!);
    }
    if (document.origin !== '') report.notes.push(`Made by: ${document.origin}`);
    try {
      return firstJobs(workloadOf(document, tables), settings.maxJobs);
    } catch (error) {
      if (!(error instanceof TraceFault)) throw error;
      const file = input.displayPath(fileOf(error.table));
      throw new InputError('ROW_VALUE', `${error.message}; docs/trace-format.md tells what was expected`, {
        file,
      });
    }
  },
};

const fileOf = (table: TraceTable) => `${table}.parquet`;

async function readTable(
  input: TraceInput,
  document: TraceDocument,
  table: TraceTable,
): Promise<Map<string, ColumnValues>> {
  const file = fileOf(table);
  const place = { file: input.displayPath(file) };
  if (!input.files.includes(file)) throw new InputError('FILE_MISSING', 'the trace lacks this table', place);
  const bytes = await readBytes(input, file);
  try {
    return await readParquetColumns(bytes, columnTypes(document, table), null);
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
  if (document?.layout !== TRACE_LAYOUT) {
    const found = `layout ${document?.layout} is not known; this version reads ${TRACE_LAYOUT}`;
    throw new InputError('FORMAT_UNKNOWN', found, { file });
  }
  const wrong = wrongField(document);
  if (wrong === null) return document;
  throw new InputError('ROW_VALUE', `"${wrong}" is missing or not as docs/trace-format.md says`, { file });
}

function wrongField(document: TraceDocument): string | null {
  const { name, origin, resources, roles, weights, hasJobIds, agents, rows } = document;
  const isTexts = (list: unknown) => Array.isArray(list) && list.every((item) => typeof item === 'string');
  const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  const isWeight = (weight: unknown) => typeof weight === 'number' && weight > 0;
  if (typeof name !== 'string') return 'name';
  if (typeof origin !== 'string') return 'origin';
  if (!isTexts(resources)) return 'resources';
  if (!isTexts(roles) || !roles.every((role, i) => i === 0 || roles[i - 1] < role)) return 'roles';
  if (!isObject(weights) || !Object.values(weights).every(isWeight)) return 'weights';
  if (typeof hasJobIds !== 'boolean') return 'hasJobIds';
  if (agents !== null && !(isObject(agents) && isTexts(agents.resources) && isTexts(agents.attributes)))
    return 'agents';
  const hasRows = isObject(rows) && tablesOf(document).every((table) => Number.isInteger(rows[table]));
  return hasRows ? null : 'rows';
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
