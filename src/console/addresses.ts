/** Addresses of pages: `#/tasks/FRAMEWORK/TASK`, each part as a URL has it. */

export const addressOf = (...path: readonly string[]): string =>
  `#/${path.map((part) => encodeURIComponent(part)).join('/')}`;

/** At least one part; what is garbled is as it was given. */
export function pathOf(hash: string): readonly string[] {
  return hash
    .replace(/^#\/?/, '')
    .split('/')
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    });
}
