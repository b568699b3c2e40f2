/** Rows in which every word of a search occurs in some column, whatever its case; the newest first. */

interface Searched<Row> {
  readonly shown: readonly Row[];
  readonly found: number;
  readonly all: number;
}

export function searched<Row>(
  rows: Iterable<Row>,
  columns: readonly { text(row: Row): string }[],
  search: string,
  limit: number,
): Searched<Row> {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const newestFirst = [...rows].reverse();
  const has = (row: Row) => {
    const texts = columns.map(({ text }) => text(row).toLowerCase());
    return words.every((word) => texts.some((text) => text.includes(word)));
  };
  const found = words.length === 0 ? newestFirst : newestFirst.filter(has);
  return { shown: found.slice(0, limit), found: found.length, all: newestFirst.length };
}
