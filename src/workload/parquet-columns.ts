/** Columns out of a Parquet file, a row group at a time, so that tens of millions of rows need little memory. */
import { type AsyncBuffer, parquetMetadataAsync, parquetRead } from 'hyparquet';

/** `double`: NaN is stored as null. `text`: stored through a dictionary. */
export type ColumnType = 'double' | 'integer' | 'text';
export type ColumnValues = Float64Array | Int32Array | readonly string[];

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly values: ColumnValues;
}

/**
 * Reads the columns of a Parquet file by name, in the file's order.
 * @param types of the columns that must be there; others are taken as `double`
 * @throws Error if the file is no Parquet file, is cut short or lacks a column
 */
export async function readParquetColumns(
  buffer: AsyncBuffer,
  types: Readonly<Record<string, ColumnType>>,
): Promise<Map<string, ColumnValues>> {
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

function emptyColumn(type: ColumnType, rows: number): ColumnValues {
  if (type === 'text') return new Array<string>(rows);
  return type === 'integer' ? new Int32Array(rows) : new Float64Array(rows);
}
