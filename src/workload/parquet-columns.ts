/** Columns out of a Parquet file, a row group at a time, so that tens of millions of rows need little memory. */
import { type AsyncBuffer, parquetMetadataAsync, parquetRead } from 'hyparquet';

/** `double`: NaN is stored as null. `text`: stored through a dictionary; only `optionalText` may hold null. */
export type ColumnType = 'double' | 'integer' | 'text' | 'optionalText';
export type ColumnValues = Float64Array | Int32Array | readonly (string | null)[];

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly values: ColumnValues;
}

/**
 * Reads the columns of a Parquet file by name, in the file's order.
 * @param types of the columns that must be there
 * @param otherType of further columns; `null`: they are not read
 * @throws Error if the file is no Parquet file, is cut short, lacks a column or has another type in it
 */
export async function readParquetColumns(
  buffer: AsyncBuffer,
  types: Readonly<Record<string, ColumnType>>,
  otherType: ColumnType | null = 'double',
): Promise<Map<string, ColumnValues>> {
  const metadata = await parquetMetadataAsync(buffer);
  const rows = Number(metadata.num_rows);
  const columns = new Map<string, ColumnValues>();
  for (const { name } of metadata.schema.slice(1)) {
    const type = Object.hasOwn(types, name) ? types[name] : otherType;
    if (type !== null) columns.set(name, emptyColumn(type, rows));
  }
  for (const name of Object.keys(types)) {
    if (!columns.has(name)) throw new Error(`it has no column "${name}"`);
  }
  for (const [name, values] of columns) {
    const copy = copierTo(name, types[name] ?? otherType, values);
    let rowStart = 0;
    let failure: unknown;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      await parquetRead({
        file: buffer,
        metadata,
        columns: [name],
        rowStart,
        rowEnd,
        onChunk: ({ columnData, rowStart: first }) => {
          // What is thrown here would reach nobody.
          try {
            copy(columnData, first);
          } catch (error) {
            failure ??= error;
          }
        },
      });
      if (failure !== undefined) throw failure;
      rowStart = rowEnd;
    }
  }
  return columns;
}

function emptyColumn(type: ColumnType, rows: number): ColumnValues {
  if (type === 'text' || type === 'optionalText') return new Array<string>(rows).fill('');
  return type === 'integer' ? new Int32Array(rows) : new Float64Array(rows);
}

/** Copies decoded values to rows `first` …; other programs may store whole numbers in 64 bits, which decode as bigint. */
function copierTo(
  name: string,
  type: ColumnType | null,
  values: ColumnValues,
): (data: ArrayLike<unknown>, first: number) => void {
  if (type === 'text' || type === 'optionalText') {
    const texts = values as (string | null)[];
    const missing = type === 'text' ? '' : null;
    return (data, first) => {
      for (let i = 0; i < data.length; i++) {
        const value = data[i] ?? missing;
        if (value !== null && typeof value !== 'string') throw new Error(`column "${name}" is not text`);
        texts[first + i] = value;
      }
    };
  }
  const numbers = values as Float64Array | Int32Array;
  return (data, first) => {
    if (isOfKind(data, numbers)) {
      numbers.set(data, first);
      return;
    }
    for (let i = 0; i < data.length; i++) {
      const value = data[i] ?? Number.NaN;
      if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'boolean')
        throw new Error(`column "${name}" is not of numbers`);
      const number = Number(value);
      numbers[first + i] = number;
      // An integer column cuts off fractions, wraps large numbers around and makes 0 of NaN.
      if (type === 'integer' && numbers[first + i] !== number)
        throw new Error(`column "${name}", row ${first + i}: ${value} is not a whole number of 32 bits`);
    }
  };
}

/** Whether the values need no check, nor conversion, to go into the column. */
function isOfKind(data: ArrayLike<unknown>, column: Float64Array | Int32Array): data is ArrayLike<number> {
  return data.constructor === column.constructor;
}
