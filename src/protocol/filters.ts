/** For how long declined resources stay away (reference §2.8). */
import { secondsToUs } from '../cluster/time.ts';
import type { Filters } from './v1/mesos.ts';

const DEFAULT_SECONDS = 5;
const MAX_SECONDS = 365 * 24 * 3600;

/** µs; 0: no filter. What is negative or not finite counts as the default of 5 s. */
export function refuseUs(filters: Filters | undefined): number {
  const seconds = filters?.refuse_seconds ?? DEFAULT_SECONDS;
  if (!Number.isFinite(seconds) || seconds < 0) return secondsToUs(DEFAULT_SECONDS);
  return secondsToUs(Math.min(seconds, MAX_SECONDS));
}
