/** Rows of text tables: the same cells however the bytes arrive, and the place of every fault. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newImportReport } from '../../src/workload/import-report.ts';
import type { TraceInput } from '../../src/workload/importers/importer.ts';
import { type Row, readRows, type TableDialect } from '../../src/workload/rows.ts';

const COLUMNS = ['job', 'start', 'seconds'];
const PLAIN: TableDialect = { delimiter: ',', columns: COLUMNS };

/** A table whose bytes arrive in pieces of `size`. */
function tableOf(text: string, size = 1 << 16): TraceInput {
  const bytes = new TextEncoder().encode(text);
  return {
    name: 'jobs.csv',
    files: ['jobs.csv'],
    companions: [],
    displayPath: (file) => `/traces/${file}`,
    async *open() {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    },
  };
}

async function cellsOf(text: string, dialect: TableDialect = PLAIN, size?: number) {
  const rows: { line: number; cells: string[] }[] = [];
  await readRows(tableOf(text, size), 'jobs.csv', dialect, newImportReport(false), (row) => {
    rows.push({ line: row.line, cells: row.columns().map((column) => row.text(column)) });
  });
  return rows;
}

function read(text: string, handle: (row: Row) => unknown, dialect: TableDialect = PLAIN) {
  return readRows(tableOf(text), 'jobs.csv', dialect, newImportReport(false), handle);
}

test('without a header columns have the names given, with one its own, in any order', async () => {
  expect(await cellsOf('a,1,2\n')).toEqual([{ line: 1, cells: ['a', '1', '2'] }]);
  const rows: string[] = [];
  await read('seconds,job,extra\n2,a,x\n', (row) => rows.push(row.text('job'), row.text('seconds')), {
    delimiter: ',',
    columns: 'header',
    required: ['job', 'seconds'],
  });
  expect(rows).toEqual(['a', '2']);
});

test('a column that the table lacks reads as empty', async () => {
  await read('a,1,2', (row) => {
    expect(row.has('user')).toBe(false);
    expect(row.text('user')).toBe('');
    expect(row.optionalAmount('user', 'users')).toBe(undefined);
  });
});

test('empty lines, carriage returns, a byte order mark and a last line without an end are no rows or cells', async () => {
  const rows = [
    { line: 1, cells: ['a', '1', '2'] },
    { line: 3, cells: ['b', '3', '4'] },
  ];
  expect(await cellsOf('\uFEFFa,1,2\r\n\r\nb,3,4')).toEqual(rows);
  expect(await cellsOf('\uFEFF"a",1,2\r\n\r\nb,3,4')).toEqual(rows);
});

test('in tables separated by tabs a quote is a plain character', async () => {
  const dialect: TableDialect = { delimiter: '\t', columns: COLUMNS };
  expect(await cellsOf('"a\tsay "x, y"\t2\n', dialect)).toEqual([
    { line: 1, cells: ['"a', 'say "x, y"', '2'] },
  ]);
});

const cell = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'é', '7', '.'), minLength: 1, maxLength: 4 }),
  fc
    .string({ unit: fc.constantFrom('a', '"', ',', '\n', '😀'), minLength: 1, maxLength: 6 })
    .map((text) => `x${text}x`),
);
const written = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

test('cells come out as they were written, with the line they begin on, however the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 40 }),
      async (table, size) => {
        let line = 1;
        const expected = table.map((cells) => {
          const row = { line, cells };
          line += 1 + cells.join('').split('\n').length - 1;
          return row;
        });
        const text = table.map((cells) => `${cells.map(written).join(',')}\n`).join('');
        expect(await cellsOf(text, PLAIN, size)).toEqual(expected);
      },
    ),
    { numRuns: 300, seed: 3 },
  );
});

test('a table with and one without quotes are both read in many pieces without a warning', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on('warning', note);
  for (const job of ['a', '"a"']) {
    expect(await cellsOf(`${job},1,2\n`.repeat(50_000), PLAIN, 4096)).toHaveLength(50_000);
  }
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', note);
  expect(warnings).toEqual([]);
});

test('a reader that has enough stops the reading, and the row it turned down is not counted', async () => {
  for (const job of ['a', '"a"']) {
    const report = newImportReport(false);
    let count = 0;
    await readRows(tableOf(`${job},1,2\n`.repeat(9)), 'jobs.csv', PLAIN, report, () => ++count < 4);
    expect(count).toBe(4);
    expect(report.rows.get('jobs.csv')).toBe(3);
  }
});

const FAULTS = [
  ['text for a number', 'b,abc,2', 'start "abc" is not a number of seconds; expected e.g. 12.5', 3],
  ['an empty number', 'b,,2', 'start "" is not a number of seconds; expected e.g. 12.5', 3],
  ['not a number', 'b,NaN,2', 'start "NaN" is not a number of seconds; expected e.g. 12.5', 3],
  ['infinity', 'b,Infinity,2', 'start "Infinity" is not a number of seconds; expected e.g. 12.5', 3],
  ['overflow', 'b,1e999,2', 'start "1e999" is not a number of seconds; expected e.g. 12.5', 3],
  ['a negative number', 'long name,-1,2', 'start -1 is negative; expected a number of seconds from 0', 11],
  [
    'a fault after quotes',
    '"b, ""c""",-1,2',
    'start -1 is negative; expected a number of seconds from 0',
    12,
  ],
] as const;

for (const [fault, row, message, column] of FAULTS) {
  test(`${fault} is ROW_VALUE with line and column`, async () => {
    await expect(read(`a,1,2\n\n${row}\n`, (r) => r.amount('start', 'seconds'))).rejects.toMatchObject({
      code: 'ROW_VALUE',
      message: `/traces/jobs.csv:3:${column}: ${message} (use --skip-bad-rows to leave such rows out)`,
    });
  });
}

test('a column in a table separated by tabs is found whatever the cells before it have', async () => {
  const dialect: TableDialect = { delimiter: '\t', columns: COLUMNS };
  await expect(
    read('a, "b"\tx\t2\n', (row) => row.amount('start', 'seconds'), dialect),
  ).rejects.toMatchObject({
    place: { file: '/traces/jobs.csv', line: 1, column: 8 },
  });
});

test('a fraction, a code out of range and a count below the least are refused', async () => {
  const refused = expect.objectContaining({ code: 'ROW_VALUE' });
  await read('a,2.5,3', (row) => {
    expect(() => row.count('start', 'GPUs')).toThrow(refused);
    expect(() => row.count('seconds', 'GPUs', 4)).toThrow(refused);
    expect(() => row.code('seconds', 3)).toThrow(refused);
    expect(row.count('seconds', 'GPUs', 3)).toBe(3);
    expect(row.code('seconds', 4)).toBe(3);
  });
});

test('a row with too many or too few columns is ROW_COLUMNS', async () => {
  for (const row of ['b,1', 'b,1,2,3']) {
    await expect(cellsOf(`a,1,2\n${row}\n`)).rejects.toMatchObject({
      code: 'ROW_COLUMNS',
      place: { file: '/traces/jobs.csv', line: 2 },
      message: expect.stringContaining(`the row has ${row.split(',').length} columns; expected 3`),
    });
  }
});

test('rows may end early only where the format lets them', async () => {
  const dialect: TableDialect = { ...PLAIN, mayEndEarly: true };
  expect(await cellsOf('a,1\n', dialect)).toEqual([{ line: 1, cells: ['a', '1', ''] }]);
  await expect(cellsOf('a,1,2,3\n', dialect)).rejects.toMatchObject({ code: 'ROW_COLUMNS' });
});

test('a header without a needed column is ROW_COLUMNS', async () => {
  const dialect: TableDialect = { delimiter: ',', columns: 'header', required: ['job', 'seconds'] };
  await expect(cellsOf('job,start\na,1\n', dialect)).rejects.toMatchObject({
    code: 'ROW_COLUMNS',
    message: '/traces/jobs.csv:1: the header lacks seconds; it has job, start',
  });
});

test('a quote that is never closed is ROW_COLUMNS', async () => {
  await expect(cellsOf('a,1,2\n"b,1,2\nc,1,2\n')).rejects.toMatchObject({ code: 'ROW_COLUMNS' });
});

test('malformed rows are counted and left out where the user asked for it; errors of ours are not', async () => {
  const report = newImportReport(true);
  const jobs: string[] = [];
  await readRows(tableOf('a,1,2\nb,x,2\nc,1\nd,1,2\n'), 'jobs.csv', PLAIN, report, (row) => {
    row.amount('start', 'seconds');
    jobs.push(row.text('job'));
  });
  expect(jobs).toEqual(['a', 'd']);
  expect([...report.leftOut]).toEqual([['malformed row', 2]]);
  expect(report.rows.get('jobs.csv')).toBe(4);
  expect(() => report.badRow(new TypeError('a bug'))).toThrow('a bug');
});

test('an error of the input comes through, with and without quotes', async () => {
  for (const row of ['a,1,2\n', '"a",1,2\n']) {
    const input: TraceInput = {
      ...tableOf(''),
      async *open() {
        yield new TextEncoder().encode(row);
        throw new Error('the disk is gone');
      },
    };
    const reading = readRows(input, 'jobs.csv', PLAIN, newImportReport(true), () => true);
    await expect(reading).rejects.toThrow('the disk is gone');
  }
});
