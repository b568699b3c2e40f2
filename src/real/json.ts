/** JSON between our own processes and on disk: as usual, and infinite numbers stay what they are (limits of tasks may be infinite). */

const INFINITE = '\u0000Infinity';

export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part === Number.POSITIVE_INFINITY ? INFINITE : part,
  );
}

/** @throws SyntaxError */
export function fromJson(text: string): unknown {
  if (!text.includes('\\u0000Infinity')) return JSON.parse(text);
  return JSON.parse(text, (_key, part: unknown) => (part === INFINITE ? Number.POSITIVE_INFINITY : part));
}
