/** Suggests what a user may have meant by a misspelt name. */
import { distance } from 'fastest-levenshtein';

/** `; did you mean "drf"?` for the candidate nearest to `name`, or the list of a few candidates, or nothing. */
export function suggestion(name: string, candidates: readonly string[]): string {
  const near = candidates
    .map((candidate) => ({ candidate, edits: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)[0];
  if (near && near.edits <= Math.max(2, name.length / 3)) return `; did you mean "${near.candidate}"?`;
  if (candidates.length === 0) return '';
  const shown = candidates.slice(0, MAX_LISTED).map((candidate) => `"${candidate}"`);
  const rest = candidates.length - shown.length;
  return `; there are ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

const MAX_LISTED = 8;
