/** Waits for what must come to be. */
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;

/** @throws Error with what did not come to be */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  deadlineMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`in vain waited for: ${what}`);
    await sleep(POLL_MS);
  }
}
