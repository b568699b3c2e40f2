/** Plays a replay in slices, so that progress is shown and Ctrl-C is heard between them. */
import { setImmediate } from 'node:timers/promises';
import type { AnyReplay } from '../../sim/create-replay.ts';

/** A slice should take about so long: short enough for Ctrl-C, long enough to cost nothing. */
const SLICE_MS = 50;
const FIRST_SLICE_INSTANTS = 200;
const MAX_GROWTH = 4;

export interface Played {
  readonly isOver: boolean;
  readonly wallSeconds: number;
}

/** @param onProgress, shouldStop called between slices */
export async function playReplay(
  replay: AnyReplay,
  onProgress: (endedTasks: number, nowUs: number) => void,
  shouldStop: () => boolean,
): Promise<Played> {
  const startedMs = performance.now();
  let instants = FIRST_SLICE_INSTANTS;
  let isOver = false;
  while (!isOver && !shouldStop()) {
    const sliceMs = performance.now();
    isOver = replay.advance(instants);
    const growth = SLICE_MS / Math.max(performance.now() - sliceMs, SLICE_MS / MAX_GROWTH);
    instants = Math.max(1, Math.round(instants * growth));
    onProgress(replay.progress.endedTasks, replay.progress.nowUs);
    await setImmediate();
  }
  return { isOver, wallSeconds: (performance.now() - startedMs) / 1000 };
}
