/** Whether the stages of a job can be put in an order. */

/**
 * A stage that waits for itself through others, −1 if there is none.
 * @param after by stage: the stages it waits for
 */
export function stageOnCycle(after: readonly (readonly number[])[]): number {
  const waitsFor = after.map((stages) => stages.length);
  const before: number[][] = after.map(() => []);
  after.forEach((stages, stage) => {
    for (const other of stages) before[other].push(stage);
  });
  const ready = [...after.keys()].filter((stage) => waitsFor[stage] === 0);
  for (const stage of ready) for (const next of before[stage]) if (--waitsFor[next] === 0) ready.push(next);
  // What is left waits for a cycle or is on one; going back from it ends on the cycle.
  let stage = waitsFor.findIndex((count) => count > 0);
  if (stage < 0) return -1;
  const seen = new Set<number>();
  while (!seen.has(stage)) {
    seen.add(stage);
    stage = after[stage].find((other) => waitsFor[other] > 0)!;
  }
  return stage;
}
