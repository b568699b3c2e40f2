/** Ids that frameworks choose: of tasks, executors, frameworks, volumes (reference §4.4). */

const MAX_BYTES = 255;

/** Why it cannot be an id; `null`: it can. */
export function idProblem(id: string): string | null {
  if (id === '') return 'ID must not be empty';
  // A UTF-16 unit takes three bytes at most.
  if (3 * id.length > MAX_BYTES && new TextEncoder().encode(id).length > MAX_BYTES)
    return `ID must not be longer than ${MAX_BYTES} bytes`;
  if (id === '.' || id === '..') return `'${id}' is not a valid ID`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what an id must not hold
  if (/[/\\\u0000-\u001f\u007f]/.test(id))
    return `'${JSON.stringify(id).slice(1, -1)}' contains a slash, a backslash or a control character`;
  return null;
}
