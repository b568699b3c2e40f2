/** Rows of text tables, streamed, with the place of every field for errors. */
import { InputError, type InputErrorCode } from '../cluster/errors.ts';
import type { ImportReport, TraceInput } from './importers/importer.ts';
import { readRecords } from './records.ts';

export interface TableDialect {
  readonly delimiter: ',' | '\t';
  /** Names by position; `header`: the first row has them. */
  readonly columns: readonly string[] | 'header';
  /** Columns that must be among those of the header. */
  readonly required?: readonly string[];
  /** Rows may end early; the missing fields are empty. */
  readonly mayEndEarly?: boolean;
}

/** One row. Fields are asked for by column name; a column that the table lacks reads as empty. */
export class Row {
  readonly line: number;
  readonly file: string;
  private readonly cells: readonly string[];
  private readonly places: ReadonlyMap<string, number>;
  private readonly mayHaveQuotes: boolean;

  /** @param places index into `cells` by column name @param mayHaveQuotes the table writes cells in quotes where needed */
  constructor(
    file: string,
    line: number,
    cells: readonly string[],
    places: ReadonlyMap<string, number>,
    mayHaveQuotes: boolean,
  ) {
    this.file = file;
    this.line = line;
    this.cells = cells;
    this.places = places;
    this.mayHaveQuotes = mayHaveQuotes;
  }

  /** Names of all columns of the table. */
  columns(): string[] {
    return [...this.places.keys()];
  }

  has(column: string): boolean {
    return this.places.has(column);
  }

  /** The field without surrounding blanks; empty if the table has no such column. */
  text(column: string): string {
    const place = this.places.get(column);
    return place === undefined ? '' : (this.cells[place] ?? '').trim();
  }

  /** A finite number. @param unit for the error message, e.g. `seconds` @throws InputError ROW_VALUE */
  number(column: string, unit: string): number {
    const text = this.text(column);
    const value = text === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(value)) {
      throw this.error(column, `${column} "${text}" is not a number of ${unit}; expected e.g. 12.5`);
    }
    return value;
  }

  /** A finite number from 0. @throws InputError ROW_VALUE */
  amount(column: string, unit: string): number {
    const value = this.number(column, unit);
    if (value < 0)
      throw this.error(column, `${column} ${value} is negative; expected a number of ${unit} from 0`);
    return value;
  }

  /** As `amount`, `undefined` where the field is empty. */
  optionalAmount(column: string, unit: string): number | undefined {
    return this.text(column) === '' ? undefined : this.amount(column, unit);
  }

  /** A whole number from `least`. @throws InputError ROW_VALUE */
  count(column: string, unit: string, least = 0): number {
    const value = this.number(column, unit);
    if (!Number.isInteger(value) || value < least) {
      throw this.error(column, `${column} ${value} is not a whole number of ${unit} from ${least}`);
    }
    return value;
  }

  /** One of the codes 0 … `count` − 1. @throws InputError ROW_VALUE */
  code(column: string, count: number): number {
    const text = this.text(column);
    const value = Number(text);
    if (text === '' || !Number.isInteger(value) || value < 0 || value >= count) {
      throw this.error(column, `${column} "${text}" is unknown; expected a code from 0 to ${count - 1}`);
    }
    return value;
  }

  /** An error at the field of `column`, which tells how to leave such rows out. */
  error(column: string, what: string, code: InputErrorCode = 'ROW_VALUE'): InputError {
    const place = this.places.get(column) ?? 0;
    let position = 1;
    for (const cell of this.cells.slice(0, place)) {
      position += (this.mayHaveQuotes ? quotedLength(cell) : cell.length) + 1;
    }
    return new InputError(code, `${what} (use --skip-bad-rows to leave such rows out)`, {
      file: this.file,
      line: this.line,
      column: position,
    });
  }
}

/** Characters of a cell in the file; quotes around a cell that needs none are not known of. */
function quotedLength(cell: string): number {
  if (!/[",\n]/.test(cell)) return cell.length;
  const quotes = cell.split('"').length - 1;
  return cell.length + quotes + 2;
}

/** Returns false to read no further; anything else goes on. */
export type RowHandler = (row: Row) => unknown;

/**
 * Calls `handle` for each row of a table. Errors that it throws about the row, and rows with a wrong number of
 * columns, go to `report.badRow`.
 * @throws InputError ROW_COLUMNS, and what `report.badRow` and `input.open` throw
 */
export async function readRows(
  input: TraceInput,
  file: string,
  dialect: TableDialect,
  report: ImportReport,
  handle: RowHandler,
): Promise<void> {
  const path = input.displayPath(file);
  const table = new Table(path, dialect, report, handle);
  await readRecords(input.open(file), dialect.delimiter, path, (cells, line) => table.take(cells, line));
  report.rows.set(file, table.rowCount);
}

class Table {
  /** Rows that `handle` did not turn down. */
  rowCount = 0;
  private readonly path: string;
  private readonly dialect: TableDialect;
  private readonly report: ImportReport;
  private readonly handle: RowHandler;
  private places: Map<string, number> | null;

  constructor(path: string, dialect: TableDialect, report: ImportReport, handle: RowHandler) {
    this.path = path;
    this.dialect = dialect;
    this.report = report;
    this.handle = handle;
    this.places = dialect.columns === 'header' ? null : placesOf(dialect.columns);
  }

  /** Returns false when no more rows are wanted. */
  take(cells: readonly string[], line: number): boolean {
    if (this.places === null) {
      this.readHeader(cells, line);
      return true;
    }
    try {
      this.checkWidth(cells, line, this.places.size);
      const row = new Row(this.path, line, cells, this.places, this.dialect.delimiter === ',');
      if (this.handle(row) === false) return false;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.report.badRow(error);
    }
    this.rowCount++;
    return true;
  }

  private readHeader(cells: readonly string[], line: number): void {
    this.places = placesOf(cells.map((cell) => cell.trim()));
    const missing = (this.dialect.required ?? []).filter((name) => !this.places!.has(name));
    if (missing.length > 0) {
      throw new InputError(
        'ROW_COLUMNS',
        `the header lacks ${missing.join(', ')}; it has ${cells.join(', ')}`,
        {
          file: this.path,
          line,
        },
      );
    }
  }

  private checkWidth(cells: readonly string[], line: number, expected: number): void {
    if (cells.length === expected || (cells.length < expected && this.dialect.mayEndEarly)) return;
    throw new InputError(
      'ROW_COLUMNS',
      `the row has ${cells.length} columns; expected ${expected} (use --skip-bad-rows to leave such rows out)`,
      { file: this.path, line },
    );
  }
}

function placesOf(names: readonly string[]): Map<string, number> {
  return new Map(names.map((name, place) => [name, place]));
}
