/** A player of policies that works in a thread of its own. */
import { Worker } from 'node:worker_threads';
import { unpackError } from './packed-error.ts';
import type { PolicyPlayer } from './policy-player.ts';
import type { SentExperiment, WorkerMessage, WorkerRequest } from './policy-worker.ts';

type Answer = Exclude<WorkerMessage, { readonly kind: 'progress' | 'failed' }>;

export function startWorkerPlayer(experiment: SentExperiment): PolicyPlayer {
  const worker = new Worker(new URL('./policy-worker.ts', import.meta.url), { workerData: experiment });
  let pending: PromiseWithResolvers<Answer> | null = null;
  let showProgress: (endedTasks: number, nowUs: number) => void = () => {};
  let failure: unknown;
  const fail = (error: unknown) => {
    failure ??= error;
    pending?.reject(failure);
  };
  worker.on('error', fail);
  worker.on('exit', (code) => fail(new Error(`a worker thread ended with code ${code}`)));
  worker.on('message', (message: WorkerMessage) => {
    if (message.kind === 'progress') showProgress(message.endedTasks, message.nowUs);
    else if (message.kind === 'failed') pending?.reject(unpackError(message.error));
    else pending?.resolve(message);
  });
  const ask = (request: WorkerRequest): Promise<Answer> => {
    pending = Promise.withResolvers();
    if (failure !== undefined) pending.reject(failure);
    else worker.postMessage(request);
    return pending.promise;
  };
  return {
    async play(place, startedAt, onProgress) {
      showProgress = onProgress;
      const answer = await ask({ kind: 'play', place, startedAt });
      return answer.kind === 'played' ? answer.run : null;
    },
    async writeRun(folder) {
      await ask({ kind: 'write', folder });
    },
    async end() {
      await worker.terminate();
    },
  };
}
