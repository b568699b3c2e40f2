/** Runs in the report's page: puts the tasks of each agent, which overlap in time, side by side into lanes. */

export interface Lanes {
  /** Tasks that ran, by agent and then by start. */
  readonly order: Int32Array;
  /** By agent: where its tasks begin in `order`; one entry more than agents. */
  readonly first: Int32Array;
  /** By task. */
  readonly lane: Uint16Array;
  /** By agent, 1 at least. */
  readonly laneCount: Uint16Array;
}

/**
 * Rounding of single precision, relative to a time: half a unit in the last place each for a task's start, its
 * duration, their sum and the next task's start.
 */
const ROUNDING = 4 * 2 ** -24;

/**
 * Each task takes the first lane that is free at its start. Columns are by task; start NaN: never started.
 * A task that starts as another ends does not overlap it, even if their times are rounded apart.
 */
export function assignLanes(
  start: Float32Array,
  end: Float32Array,
  agent: Uint16Array,
  agentCount: number,
): Lanes {
  const ran = Int32Array.from(start.keys()).filter((task) => !Number.isNaN(start[task]));
  const order = ran.sort((a, b) => agent[a] - agent[b] || start[a] - start[b] || a - b);
  const first = new Int32Array(agentCount + 1);
  for (const task of order) first[agent[task] + 1]++;
  for (let i = 0; i < agentCount; i++) first[i + 1] += first[i];
  const lane = new Uint16Array(start.length);
  const laneCount = new Uint16Array(agentCount).fill(1);
  for (let i = 0; i < agentCount; i++) {
    const freeFrom: number[] = [];
    for (let place = first[i]; place < first[i + 1]; place++) {
      const task = order[place];
      const latest = start[task] * (1 + ROUNDING);
      let chosen = 0;
      while (chosen < freeFrom.length && freeFrom[chosen] > latest) chosen++;
      freeFrom[chosen] = end[task];
      lane[task] = chosen;
    }
    laneCount[i] = Math.max(1, freeFrom.length);
  }
  return { order, first, lane, laneCount };
}
