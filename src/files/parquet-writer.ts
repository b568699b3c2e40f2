/** Columns into a Parquet file, a row group at a time, so that tens of millions of rows need little memory. */
import { setImmediate } from 'node:timers/promises';
import type { Encoding } from 'hyparquet';
import {
  type BasicType,
  type ColumnSource,
  fileWriter,
  ParquetWriter,
  schemaFromColumnData,
} from 'hyparquet-writer';
import type { Column, ColumnType } from '../workload/parquet-columns.ts';

/** Rows of a row group: large enough to compress well, small enough to read a part of a table. */
const GROUP_ROWS = 500_000;

const STORED: Readonly<Record<ColumnType, { type: BasicType; encoding: Encoding }>> = {
  double: { type: 'DOUBLE', encoding: 'BYTE_STREAM_SPLIT' },
  integer: { type: 'INT32', encoding: 'DELTA_BINARY_PACKED' },
  text: { type: 'STRING', encoding: 'RLE_DICTIONARY' },
  optionalText: { type: 'STRING', encoding: 'RLE_DICTIONARY' },
};

/** Writes columns of equal length to a new file. */
export async function writeParquetTable(file: string, columns: readonly Column[]): Promise<void> {
  // What could be null is read value by value, whether or not any is; columns of numbers are read as they are.
  const isNullable = columns.map(mayHaveNulls);
  const schema = schemaFromColumnData({
    columnData: columns.map((column, i) => ({ ...stored(column, []), nullable: isNullable[i] })),
  });
  const writer = new ParquetWriter({ writer: fileWriter(file), schema, createdBy: 'mesolab' });
  const rows = columns[0].values.length;
  for (let start = 0; start < rows; start += GROUP_ROWS) {
    const end = Math.min(start + GROUP_ROWS, rows);
    const columnData = columns.map((column) => stored(column, groupValues(column, start, end)));
    await writer.write({ columnData, rowGroupSize: GROUP_ROWS });
    await setImmediate(); // the writer itself never waits, and Ctrl-C is to be heard between row groups
  }
  await writer.finish();
}

function stored(column: Column, data: ColumnSource['data']): ColumnSource {
  return { name: column.name, data, ...STORED[column.type] };
}

function mayHaveNulls({ type, values }: Column): boolean {
  return type === 'optionalText' || (type === 'double' && (values as Float64Array).some(Number.isNaN));
}

/** Part of a column as the writer takes it: NaN, which is "did not happen", becomes null, as SQL and pandas expect. */
function groupValues({ type, values }: Column, start: number, end: number): ColumnSource['data'] {
  const part = values.slice(start, end) as Float64Array | Int32Array | string[];
  if (type !== 'double' || !(part as Float64Array).some(Number.isNaN)) return part;
  return Array.from(part as Float64Array, (value) => (Number.isNaN(value) ? null : value));
}
