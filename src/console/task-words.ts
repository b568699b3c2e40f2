/** States, reasons and times as people read them. */
import type { TimeInfo } from '../protocol/v1/mesos.ts';

export const stateWords = (state: string): string =>
  state.replace('TASK_', '').toLowerCase().replaceAll('_', ' ');

export const reasonWords = (reason: string | undefined): string =>
  (reason ?? '').replace('REASON_', '').toLowerCase().replaceAll('_', ' ');

export function timeOf(seconds: number | undefined): string {
  return seconds === undefined ? '' : new Date(seconds * 1000).toLocaleTimeString();
}

export function timeOfNanoseconds(time: TimeInfo | undefined): string {
  return time === undefined ? '' : new Date(Number(time.nanoseconds) / 1e6).toLocaleString();
}
