/** Runs in a notebook's worker: plays what the page asks for, so that the page stays alive meanwhile. */
import type { Run } from '../../results/run.ts';
import { type PlaySettings, play } from './play.ts';

export interface WorkerRequest {
  readonly number: number;
  readonly settings: readonly PlaySettings[];
}

export type WorkerAnswer =
  | { readonly number: number; readonly runs: readonly (readonly Run[])[]; readonly seconds: number }
  | { readonly number: number; readonly error: string };

addEventListener('message', ({ data: { number, settings } }: MessageEvent<WorkerRequest>) => {
  const begun = performance.now();
  try {
    const runs = settings.map(play);
    postMessage({ number, runs, seconds: (performance.now() - begun) / 1000 } satisfies WorkerAnswer);
  } catch (error) {
    postMessage({ number, error: (error as Error).message } satisfies WorkerAnswer);
  }
});
