/** JSON of a large document, made in slices, so that others are served in between. */
import { setImmediate as nextTurn } from 'node:timers/promises';

const SLICE_MS = 5;

/** A value that is made when it is written. */
export interface Later {
  toJSON(): unknown;
}

export function later(make: () => unknown): Later {
  return { toJSON: make };
}

/** As JSON.stringify(document) writes it; elements of its lists are written one by one. */
export async function jsonInSlices(document: Readonly<Record<string, unknown>>): Promise<string> {
  let text = '';
  let startedMs = performance.now();
  for (const [key, value] of Object.entries(document)) {
    const list = Array.isArray(value) ? value : null;
    const whole = list === null ? JSON.stringify(value) : '';
    if (whole === undefined) continue;
    text += `${text === '' ? '{' : ','}${JSON.stringify(key)}:${list === null ? whole : '['}`;
    for (const [index, element] of list?.entries() ?? []) {
      text += `${index === 0 ? '' : ','}${JSON.stringify(element) ?? 'null'}`;
      if (performance.now() - startedMs < SLICE_MS) continue;
      await nextTurn();
      startedMs = performance.now();
    }
    if (list !== null) text += ']';
  }
  return `${text || '{'}}`;
}
