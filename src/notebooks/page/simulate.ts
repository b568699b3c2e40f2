/** Runs in a notebook's page: has a worker play settings, always the newest that a slider asked for. */
import type { Run } from '../../results/run.ts';
import type { PlaySettings } from './play.ts';
import type { WorkerAnswer, WorkerRequest } from './worker.ts';

export interface Simulation {
  /** By settings, then by policy. */
  readonly runs: readonly (readonly Run[])[];
  /** How long the worker took. */
  readonly seconds: number;
}

interface Asked {
  readonly number: number;
  readonly settings: readonly PlaySettings[];
  resolve(simulation: Simulation): void;
  reject(error: Error): void;
}

let worker: Worker | null = null;
let asked = 0;
let current: Asked | null = null;
let next: Asked | null = null;

/**
 * While one simulation is under way only the last that was asked for meanwhile is kept: those between were passed over by
 * the reader, too, and end as errors that nobody waits for.
 */
export function simulate(settings: PlaySettings | readonly PlaySettings[]): Promise<Simulation> {
  return new Promise((resolve, reject) => {
    next?.reject(new Error('a newer simulation was asked for'));
    next = { number: asked++, settings: [settings].flat(), resolve, reject };
    if (current === null) send();
  });
}

/** The run under a name for readers, where its policy's specification says less. */
export function named(name: string, run: Run): Run {
  return { ...run, summary: { ...run.summary, policy: name } };
}

function send(): void {
  current = next;
  next = null;
  if (current === null) return;
  if (worker === null) {
    worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', receive);
    worker.addEventListener('error', ({ message }) => current?.reject(new Error(message)));
  }
  const { number, settings } = current;
  worker.postMessage({ number, settings } satisfies WorkerRequest);
}

function receive({ data }: MessageEvent<WorkerAnswer>): void {
  if ('error' in data) current?.reject(new Error(data.error));
  else current?.resolve(data);
  send();
}
