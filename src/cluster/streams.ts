/** Named random streams, all derived from one seed, so that adding one stream never shifts another. */
import seedrandom from 'seedrandom';

/** Draws uniformly from [0, 1). */
export type RandomStream = () => number;

/**
 * The random stream `name` of a run's seed (Alea generator: fast, and short enough to have a Rust twin).
 * Two policies replayed with one seed draw the same arrivals, durations and failures (common random numbers).
 */
export function stream(seed: string, name: string): RandomStream {
  return seedrandom.alea(`${seed}/${name}`);
}

/** Where the random stream starts, for an engine that draws from it by itself: the generator's four numbers. */
export function streamStart(
  seed: string,
  name: string,
): { readonly s0: number; readonly s1: number; readonly s2: number; readonly c: number } {
  return seedrandom.alea(`${seed}/${name}`, { state: true }).state() as never;
}
