/** How many policies are played at once. */

/** Starting a thread takes the time in which the native engine plays some 400,000 tasks, or TypeScript 100,000. */
const WORTH_TASKS = 200_000;

/**
 * @param asked by `--workers`; `undefined`: as many as the machine runs at once, where that pays
 * @param parallelism threads that the machine runs at once
 */
export function workerCount(
  asked: number | undefined,
  policyCount: number,
  taskCount: number,
  parallelism: number,
): number {
  return Math.min(policyCount, asked ?? (taskCount < WORTH_TASKS ? 1 : parallelism));
}
