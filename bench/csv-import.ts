/**
 * Rows per second of the row reader, which leaves a table to csv-parse from its first quote on, against splitting
 * lines, on a generated table like Google's task_events.
 */
import benny from 'benny';
import { newImportReport } from '../src/workload/import-report.ts';
import type { TraceInput } from '../src/workload/importers/importer.ts';
import { readLines } from '../src/workload/lines.ts';
import { readRows } from '../src/workload/rows.ts';

const ROWS = 200_000;
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
const line = (row: number, quote: string) =>
  `${600_000_000 + row * 1000},,${3_418_309 + (row % 999)},${row % 50},4155527081,${row % 5},${quote}user${row % 77}${quote},2,9,0.0${row % 9}25,0.0${row % 7}63,0.0002,0\n`;
const table = (quote: string): TraceInput => {
  const lines = Array.from({ length: ROWS }, (_, row) => line(row, quote));
  const bytes = new TextEncoder().encode(lines.join(''));
  return {
    name: 'bench',
    files: ['table'],
    companions: [],
    displayPath: (file) => file,
    async *open() {
      for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
    },
  };
};
const plain = table('');
const quoted = table('"');

async function sumRows(input: TraceInput): Promise<number> {
  let sum = 0;
  await readRows(input, 'table', { delimiter: ',', columns: COLUMNS }, newImportReport(false), (row) => {
    sum += row.amount('time', 'µs') + row.amount('cpus', 'cores');
  });
  return sum;
}

await benny.suite(
  'csv import',
  benny.add('csv-parse (quoted table)', () => sumRows(quoted), { minSamples: 5 }),
  benny.add('row reader (plain table)', () => sumRows(plain), { minSamples: 5 }),
  benny.add(
    'line splitting',
    async () => {
      let sum = 0;
      for await (const { text } of readLines(plain, 'table')) {
        const cells = text.split(',');
        sum += Number(cells[0]) + Number(cells[9]);
      }
      return sum;
    },
    { minSamples: 5 },
  ),
  benny.cycle((result) => `${result.name}: ${Math.round(ROWS / result.details.median)} rows/s`),
  benny.complete(),
);
