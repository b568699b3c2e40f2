/** A table of many rows: those in which what is searched for occurs, the first of them shown. */
import { useState } from 'preact/hooks';
import { searched } from '../searched.ts';

export interface TableColumn<Row> {
  readonly title: string;
  text(row: Row): string;
  /** Where more about it is. */
  link?(row: Row): string;
}

interface SearchTableProps<Row> {
  readonly name: string;
  /** The first tells rows apart. */
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: Iterable<Row>;
  keyOf(row: Row): string;
  readonly none: string;
}

/** More could not be read, and would be slow to draw. */
const SHOWN = 200;

export function SearchTable<Row>({ name, columns, rows, keyOf, none }: SearchTableProps<Row>) {
  const [search, setSearch] = useState('');
  const { shown, found, all } = searched(rows, columns, search, SHOWN);
  return (
    <>
      <p class="search">
        <label>
          Search{' '}
          <input
            type="search"
            value={search}
            onInput={({ currentTarget }) => setSearch(currentTarget.value)}
          />
        </label>{' '}
        <output>
          {found.toLocaleString('en')} of {all.toLocaleString('en')}
          {found > shown.length && `, the first ${shown.length} are shown`}
        </output>
      </p>
      {found === 0 ? (
        <p class="note">{all === 0 ? none : 'Nothing is like this.'}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <section class="scroll" aria-label={name} tabIndex={0}>
          <table>
            <thead>
              <tr>
                {columns.map(({ title }) => (
                  <th scope="col" key={title}>
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <tr key={keyOf(row)}>
                  {columns.map(({ title, text, link }, index) => {
                    const content = link ? <a href={link(row)}>{text(row)}</a> : text(row);
                    return index === 0 ? (
                      <th scope="row" key={title}>
                        {content}
                      </th>
                    ) : (
                      <td key={title}>{content}</td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}
