/** The order in which the two sides are measured, so that neither gains from a machine that slows down or speeds up. */

export type Side = 'base' | 'change';

/**
 * `runs` runs of each side, ABBA BAAB …: within each four, a steady drift of the machine adds equally to both sides.
 * @param pair number of the pair of processes; every other one starts with the other side
 */
export function interleaved(runs: number, pair: number): Side[] {
  const leader: Side = pair % 2 === 0 ? 'base' : 'change';
  const follower: Side = leader === 'base' ? 'change' : 'base';
  return Array.from({ length: runs }, (_, run) =>
    isMirrored(run) ? [follower, leader] : [leader, follower],
  ).flat();
}

/** Thue–Morse: 0110 1001 …, which cancels drifts that bend as well as straight ones. */
function isMirrored(run: number): boolean {
  let ones = 0;
  for (let bits = run; bits > 0; bits >>= 1) ones += bits & 1;
  return ones % 2 === 1;
}
