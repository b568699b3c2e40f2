/** Records of event tables that come as CSV with a header or as JSON lines, with nested fields by dotted name. */
import { InputError } from '../../cluster/errors.ts';
import { readLines } from '../lines.ts';
import { type Row, readRows } from '../rows.ts';
import type { ImportReport, TraceInput } from './importer.ts';

/** One record; a field that is not there reads as empty. */
export interface EventRecord {
  has(field: string): boolean;
  text(field: string): string;
  /** A text that must be there. @throws InputError ROW_VALUE */
  id(field: string): string;
  amount(field: string, unit: string): number;
  optionalAmount(field: string, unit: string): number | undefined;
  count(field: string, unit: string): number;
  /** The place in `codes` of what the field names, by place or by name. @throws InputError ROW_VALUE */
  code(field: string, codes: readonly string[]): number;
}

/** Calls `handle` for each record of a file; its errors go to `report.badRow`. */
export async function readRecords(
  input: TraceInput,
  file: string,
  report: ImportReport,
  handle: (record: EventRecord) => void,
): Promise<void> {
  if (!/\.jsonl?$|\.ndjson$/.test(file)) {
    await readRows(input, file, { delimiter: ',', columns: 'header' }, report, (row) =>
      handle(new CsvRecord(row)),
    );
    return;
  }
  let rows = 0;
  for await (const { line, text } of readLines(input, file)) {
    if (text.trim() === '') continue;
    rows++;
    try {
      handle(new JsonRecord(parseLine(text, input.displayPath(file), line), input.displayPath(file), line));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      report.badRow(error);
    }
  }
  report.rows.set(file, rows);
}

class CsvRecord implements EventRecord {
  private readonly row: Row;

  constructor(row: Row) {
    this.row = row;
  }

  has(field: string): boolean {
    return !['', '[]'].includes(this.text(field));
  }

  text(field: string): string {
    return this.row.text(this.column(field));
  }

  id(field: string): string {
    if (this.text(field) === '') throw this.row.error(this.column(field), `${field} is missing`);
    return this.text(field);
  }

  amount(field: string, unit: string): number {
    return this.row.amount(this.column(field), unit);
  }

  optionalAmount(field: string, unit: string): number | undefined {
    return this.row.optionalAmount(this.column(field), unit);
  }

  count(field: string, unit: string): number {
    return this.row.count(this.column(field), unit);
  }

  code(field: string, codes: readonly string[]): number {
    const code = codeOf(this.text(field), codes);
    if (code === undefined)
      throw this.row.error(this.column(field), `${field} ${unknownCode(this.text(field), codes)}`);
    return code;
  }

  /** Exports write `a.b` as such or as `a_b`. */
  private column(field: string): string {
    return this.row.has(field) ? field : field.replace('.', '_');
  }
}

class JsonRecord implements EventRecord {
  private readonly value: unknown;
  private readonly file: string;
  private readonly line: number;

  constructor(value: unknown, file: string, line: number) {
    this.value = value;
    this.file = file;
    this.line = line;
  }

  has(field: string): boolean {
    const value = this.at(field);
    return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
  }

  text(field: string): string {
    const value = this.at(field);
    return value === undefined || value === null ? '' : String(value);
  }

  id(field: string): string {
    if (this.text(field) === '') throw this.error(field, 'is missing');
    return this.text(field);
  }

  amount(field: string, unit: string): number {
    const text = this.text(field);
    const value = text === '' ? Number.NaN : Number(text);
    if (Number.isFinite(value) && value >= 0) return value;
    throw this.error(field, `"${text}" is not a number of ${unit} from 0`);
  }

  optionalAmount(field: string, unit: string): number | undefined {
    return this.text(field) === '' ? undefined : this.amount(field, unit);
  }

  count(field: string, unit: string): number {
    const value = this.amount(field, unit);
    if (Number.isInteger(value)) return value;
    throw this.error(field, `${value} is not a whole number of ${unit}`);
  }

  code(field: string, codes: readonly string[]): number {
    const code = codeOf(this.text(field), codes);
    if (code === undefined) throw this.error(field, unknownCode(this.text(field), codes));
    return code;
  }

  private at(field: string): unknown {
    return field
      .split('.')
      .reduce<unknown>(
        (value, key) => (value as Record<string, unknown> | null | undefined)?.[key],
        this.value,
      );
  }

  /** @param field shown as a JSON pointer into the line */
  private error(field: string, what: string): InputError {
    const pointer = `/${field.replaceAll('.', '/')}`;
    return new InputError('ROW_VALUE', `${pointer} ${what} (use --skip-bad-rows to leave such rows out)`, {
      file: this.file,
      line: this.line,
    });
  }
}

function parseLine(text: string, file: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError('ROW_VALUE', `not a JSON line: ${(error as Error).message}`, { file, line });
  }
}

/** Places in the list whose name is empty are no codes. */
function codeOf(text: string, codes: readonly string[]): number | undefined {
  if (text === '') return undefined;
  const place = codes.includes(text) ? codes.indexOf(text) : Number(text);
  return codes[place] ? place : undefined;
}

function unknownCode(text: string, codes: readonly string[]): string {
  return `"${text}" is unknown; expected ${codes.filter((code) => code !== '').join(', ')} or its number`;
}
