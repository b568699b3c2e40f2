/**
 * Records of a text table: csv-parse wherever a quote occurs, and from there on; plain splitting of lines before
 * that, which gives the same cells several times faster. Most large traces have no quotes at all.
 */
import { CsvError, type Info, type Parser, parse } from 'csv-parse';
import { InputError } from '../cluster/errors.ts';

const QUOTE = '"';
/** A record longer than this is an unclosed quote, not a row. */
const MAX_RECORD_BYTES = 4 * 1024 ** 2;

/** @param line 1-based: where the record begins. Returns false to read no further. */
export type RecordHandler = (cells: string[], line: number) => boolean;

/**
 * Calls `take` for each record that is not an empty line. In tables separated by tabs quotes are plain characters.
 * @param path for error messages @throws InputError ROW_COLUMNS for quotes that do not match, and what `take` throws
 */
export async function readRecords(
  bytes: AsyncIterable<Uint8Array>,
  delimiter: ',' | '\t',
  path: string,
  take: RecordHandler,
): Promise<void> {
  const texts = decode(bytes);
  let rest = '';
  let line = 0;
  try {
    for (let next = await texts.next(); !next.done; next = await texts.next()) {
      const text = rest + next.value;
      if (delimiter === ',' && next.value.includes(QUOTE)) {
        await readQuotedRecords(text, texts, line, path, take);
        return;
      }
      const lines = text.split('\n');
      rest = lines.pop()!;
      for (const record of lines) if (!takeLine(record, delimiter, ++line, take)) return;
    }
    takeLine(rest, delimiter, ++line, take);
  } finally {
    await texts.return(undefined);
  }
}

function takeLine(text: string, delimiter: string, line: number, take: RecordHandler): boolean {
  const record = text.endsWith('\r') ? text.slice(0, -1) : text;
  return record === '' || take(record.split(delimiter), line);
}

/** A byte order mark at the start is left out. */
async function* decode(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/** @param first text before that of `texts` @param linesBefore lines read before `first` */
async function readQuotedRecords(
  first: string,
  texts: AsyncGenerator<string, void>,
  linesBefore: number,
  path: string,
  take: RecordHandler,
): Promise<void> {
  const parser = parse({
    info: true,
    max_record_size: MAX_RECORD_BYTES,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  const feeding = feed(parser, first, texts);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
      if (!take(record, linesBefore + info.lines - newlinesIn(record))) return;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new InputError('ROW_COLUMNS', `not a table of comma-separated values: ${error.message}`, {
      file: path,
      line: linesBefore + parser.info.lines,
    });
  } finally {
    // Leaving the loop has destroyed the parser, whatever the reason, and with that ends the feeding.
    await feeding;
  }
}

/** Errors of `texts` come out of the parser. */
async function feed(parser: Parser, first: string, texts: AsyncGenerator<string, void>): Promise<void> {
  try {
    let next: IteratorResult<string, void> = { done: false, value: first };
    for (; !next.done && !parser.destroyed; next = await texts.next()) {
      if (!parser.write(next.value)) await roomIn(parser);
    }
    if (!parser.destroyed) parser.end();
  } catch (error) {
    parser.destroy(error as Error);
  }
}

function roomIn(parser: Parser): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      parser.off('drain', done).off('close', done);
      resolve();
    };
    parser.once('drain', done).once('close', done);
  });
}

/** csv-parse numbers a record by its last line. */
function newlinesIn(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
}
