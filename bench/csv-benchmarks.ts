/**
 * Reading a generated table like Google's task_events: csv-parse, which reads tables from their first quote on, our
 * row reader on a plain table, and the least that any reader does (splitting lines).
 */
import { newImportReport } from '../src/workload/import-report.ts';
import type { TraceInput } from '../src/workload/importers/importer.ts';
import { readLines } from '../src/workload/lines.ts';
import { readRows } from '../src/workload/rows.ts';

const CHUNK_BYTES = 65_536;
const COLUMNS = [
  'time',
  'missing',
  'job',
  'index',
  'machine',
  'type',
  'user',
  'class',
  'priority',
  'cpus',
  'mem',
  'disk',
  'spread',
];

/** Each call of a result reads a table of `rows` rows once. */
export function csvBenchmarks(rows: number): Readonly<Record<string, () => Promise<number>>> {
  const plain = table(rows, '');
  const quoted = table(rows, '"');
  return {
    'csv-parse (quoted table)': () => sumRows(quoted),
    'row reader (plain table)': () => sumRows(plain),
    'line splitting': () => sumLines(plain),
  };
}

function table(rows: number, quote: string): TraceInput {
  const lines = Array.from(
    { length: rows },
    (_, row) =>
      `${600_000_000 + row * 1000},,${3_418_309 + (row % 999)},${row % 50},4155527081,${row % 5},` +
      `${quote}user${row % 77}${quote},2,9,0.0${row % 9}25,0.0${row % 7}63,0.0002,0\n`,
  );
  const bytes = new TextEncoder().encode(lines.join(''));
  return {
    name: 'bench',
    files: ['table'],
    companions: [],
    displayPath: (file) => file,
    async *open() {
      for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
    },
  };
}

async function sumRows(input: TraceInput): Promise<number> {
  let sum = 0;
  await readRows(input, 'table', { delimiter: ',', columns: COLUMNS }, newImportReport(false), (row) => {
    sum += row.amount('time', 'µs') + row.amount('cpus', 'cores');
  });
  return sum;
}

async function sumLines(input: TraceInput): Promise<number> {
  let sum = 0;
  for await (const { text } of readLines(input, 'table')) {
    const cells = text.split(',');
    sum += Number(cells[0]) + Number(cells[9]);
  }
  return sum;
}
