/** Tells all threads that the user wants them to stop; a busy thread sees it without hearing messages. */

export type StopFlag = Int32Array;

export const createStopFlag = (): StopFlag => new Int32Array(new SharedArrayBuffer(4));

export function raiseStop(flag: StopFlag): void {
  Atomics.store(flag, 0, 1);
}

export const isStopped = (flag: StopFlag): boolean => Atomics.load(flag, 0) === 1;
