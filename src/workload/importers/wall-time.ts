/** Calendar times of traces, as seconds; time zones do not matter where only differences do. */
import type { Row } from '../rows.ts';

/** `2017-10-03 00:05:12`, with `T`, fraction and offset allowed; `undefined` for empty, `None` and `null`. NaN if malformed. */
export function parseWallTime(text: string | null | undefined): number | undefined {
  if (text === null || text === undefined || ['', 'None', 'null', 'NaN', 'nan'].includes(text))
    return undefined;
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?)\s*(Z|[+-]\d\d:?\d\d)?$/.exec(text);
  if (!match) return Number.NaN;
  const offset = (match[3] ?? 'Z').replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  return Date.parse(`${match[1]}T${match[2]}${offset}`) / 1000;
}

/** The time in a column, seconds. @throws InputError ROW_VALUE if malformed */
export function wallTimeOf(row: Row, column: string): number | undefined {
  const seconds = parseWallTime(row.text(column));
  if (!Number.isNaN(seconds ?? 0)) return seconds;
  throw row.error(column, `${column} "${row.text(column)}" is not a time such as 2020-04-01 12:30:00`);
}
