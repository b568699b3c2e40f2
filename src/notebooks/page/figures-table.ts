/** Runs in a notebook's page: tables. */
import type { Run } from '../../results/run.ts';
import { figuresRows, type Table, textRows } from '../figures-rows.ts';

/** The figures of runs side by side, the best of each row in bold. */
export const figuresTable = (runs: readonly Run[]): HTMLTableElement => tableElement(figuresRows(runs));

/** A table of texts; the first column names the rows. */
export const textTable = (head: readonly string[], rows: readonly (readonly string[])[]): HTMLTableElement =>
  tableElement(textRows(head, rows));

function tableElement({ head, rows }: Table): HTMLTableElement {
  const element = document.createElement('table');
  const headRow = element.createTHead().insertRow();
  for (const text of head) headRow.appendChild(document.createElement('th')).textContent = text;
  const body = element.createTBody();
  for (const { label, cells } of rows) {
    const row = body.insertRow();
    row.insertCell().textContent = label;
    for (const { text, isBest } of cells) {
      const cell = row.insertCell();
      cell.textContent = text;
      if (isBest) cell.style.fontWeight = 'bold';
    }
  }
  return element;
}
