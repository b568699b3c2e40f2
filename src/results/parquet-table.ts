/** Columns to and from a Parquet file, a row group at a time, so that tens of millions of rows need little memory. */
import { asyncBufferFromFile, type Encoding, parquetMetadataAsync, parquetRead } from 'hyparquet';
import {
  type BasicType,
  type ColumnSource,
  fileWriter,
  ParquetWriter,
  schemaFromColumnData,
} from 'hyparquet-writer';
import type { Column, ColumnType, ColumnValues } from './table-columns.ts';

/** Rows of a row group: large enough to compress well, small enough to read a part of a table. */
const GROUP_ROWS = 500_000;

const STORED: Readonly<Record<ColumnType, { type: BasicType; encoding: Encoding; nullable: boolean }>> = {
  double: { type: 'DOUBLE', encoding: 'BYTE_STREAM_SPLIT', nullable: true },
  integer: { type: 'INT32', encoding: 'DELTA_BINARY_PACKED', nullable: false },
  text: { type: 'STRING', encoding: 'RLE_DICTIONARY', nullable: false },
};

/** Writes columns of equal length to a new file. */
export async function writeParquetTable(file: string, columns: readonly Column[]): Promise<void> {
  const schema = schemaFromColumnData({ columnData: columns.map((column) => stored(column, [])) });
  const writer = new ParquetWriter({ writer: fileWriter(file), schema, createdBy: 'mesolab' });
  const rows = columns[0].values.length;
  for (let start = 0; start < rows; start += GROUP_ROWS) {
    const end = Math.min(start + GROUP_ROWS, rows);
    const columnData = columns.map((column) => stored(column, groupValues(column, start, end)));
    await writer.write({ columnData, rowGroupSize: GROUP_ROWS });
  }
  await writer.finish();
}

/**
 * Reads columns of a file by name, in the file's order.
 * @param types of the columns that must be there; others are taken as `double`
 * @throws Error if the file is no Parquet file, is cut short or lacks a column
 */
export async function readParquetTable(
  file: string,
  types: Readonly<Record<string, ColumnType>>,
): Promise<Map<string, ColumnValues>> {
  const buffer = await asyncBufferFromFile(file);
  const metadata = await parquetMetadataAsync(buffer);
  const rows = Number(metadata.num_rows);
  const columns = new Map<string, ColumnValues>();
  for (const { name } of metadata.schema.slice(1))
    columns.set(name, emptyColumn(types[name] ?? 'double', rows));
  for (const name of Object.keys(types)) {
    if (!columns.has(name)) throw new Error(`it has no column "${name}"`);
  }
  for (const [name, values] of columns) {
    const target = values as { [row: number]: number | string };
    const missing = Array.isArray(values) ? '' : Number.NaN;
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      await parquetRead({
        file: buffer,
        metadata,
        columns: [name],
        rowStart,
        rowEnd,
        onChunk: ({ columnData, rowStart: first }) => {
          for (let i = 0; i < columnData.length; i++) target[first + i] = columnData[i] ?? missing;
        },
      });
      rowStart = rowEnd;
    }
  }
  return columns;
}

function stored(column: Column, data: ColumnSource['data']): ColumnSource {
  return { name: column.name, data, ...STORED[column.type] };
}

/** Part of a column as the writer takes it: NaN, which is "did not happen", becomes null, as SQL and pandas expect. */
function groupValues({ type, values }: Column, start: number, end: number): ColumnSource['data'] {
  const part = values.slice(start, end) as Float64Array | Int32Array | string[];
  if (type !== 'double' || !(part as Float64Array).some(Number.isNaN)) return part;
  return Array.from(part as Float64Array, (value) => (Number.isNaN(value) ? null : value));
}

function emptyColumn(type: ColumnType, rows: number): ColumnValues {
  if (type === 'text') return new Array<string>(rows);
  return type === 'integer' ? new Int32Array(rows) : new Float64Array(rows);
}
