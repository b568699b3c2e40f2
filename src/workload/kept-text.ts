/** Texts that are kept for longer than the row they were cut from. */

/**
 * The same text, on its own: V8 makes a cell of 13 characters or more a view into the chunk of the file that it came
 * with, so that one kept user name would keep hundreds of kilobytes alive.
 */
export function keptText(text: string): string {
  return ` ${text}`.slice(1);
}
