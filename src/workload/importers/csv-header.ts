/** Which table of our CSV format a file is, and whether its columns are right. */
import { parse } from 'csv-parse/sync';
import { distance } from 'fastest-levenshtein';
import { InputError } from '../../cluster/errors.ts';
import { AMOUNT_COLUMNS, CSV_COLUMNS, type CsvTable, REQUIRED_COLUMNS } from '../format/csv-columns.ts';
import { readRecords } from '../records.ts';
import type { TraceInput } from './importer.ts';

/** Column names in the first record of a text, of which the end may be missing; none if it is no table. */
export function headerOf(text: string): string[] {
  try {
    const [cells] = parse(text, { bom: true, to: 1, relax_quotes: true, relax_column_count: true });
    return (cells ?? []).map((cell: string) => cell.trim());
  } catch {
    return [];
  }
}

/** By the columns that tell tables apart; `null` for other files. */
export function tableOf(columns: readonly string[]): CsvTable | null {
  const has = (...names: string[]) => names.every((name) => columns.includes(name));
  if (has('job')) return 'jobs';
  if (has('agent', 'event')) return 'events';
  if (has('agent')) return 'agents';
  return has('role', 'weight') ? 'roles' : null;
}

/** The columns of a file; none if it is no table. */
export async function readHeader(input: TraceInput, file: string): Promise<string[]> {
  let columns: string[] = [];
  try {
    await readRecords(input.open(file), ',', input.displayPath(file), (cells) => {
      columns = cells.map((cell) => cell.trim());
      return false;
    });
  } catch (error) {
    if (error instanceof InputError && error.code === 'ROW_COLUMNS') return [];
    throw error;
  }
  return columns;
}

/** @throws InputError ROW_COLUMNS for a column that is missing, unknown or there twice */
export function checkHeader(columns: readonly string[], table: CsvTable, path: string): void {
  const fault = (what: string) =>
    new InputError('ROW_COLUMNS', `${what}; docs/trace-format.md lists the columns`, { file: path, line: 1 });
  columns.forEach((column, place) => {
    if (columns.indexOf(column) !== place) throw fault(`there are two columns "${column}"`);
    if (CSV_COLUMNS[table].includes(column) || isOpen(column, table)) return;
    const [nearest] = [...CSV_COLUMNS[table]].sort((a, b) => distance(column, a) - distance(column, b));
    throw fault(`there is no column "${column}"; did you mean "${nearest}"?`);
  });
  const missing = REQUIRED_COLUMNS[table].filter((name) => !columns.includes(name));
  if (missing.length > 0) throw fault(`the header lacks ${missing.join(', ')}; it has ${columns.join(', ')}`);
}

/** Whether a column is one of those that users name themselves. */
function isOpen(column: string, table: CsvTable): boolean {
  const [, kind, name] = /^(resource|attribute):(.+)$/s.exec(column) ?? [];
  if (kind === 'attribute') return table === 'agents';
  return kind === 'resource' && table !== 'roles' && !Object.values(AMOUNT_COLUMNS).includes(name);
}
