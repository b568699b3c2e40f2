/** A worker thread that plays policies over the workload which all threads share. It imports a user's policies itself. */
import { parentPort, workerData } from 'node:worker_threads';
import { InputError } from '../../cluster/errors.ts';
import { loadNative } from '../../native/load-native.ts';
import { openSharedWorkload, type SharedWorkload } from '../../workload/share.ts';
import { choosePolicies, type PolicyFlags } from '../policies/choose-policies.ts';
import { showWarnings } from '../show-warnings.ts';
import { type PackedError, packError } from './packed-error.ts';
import { createPolicyPlayer, type Experiment, type PlayedRun, type PolicyPlayer } from './policy-player.ts';
import { isStopped, type StopFlag } from './stop-flag.ts';

/** An experiment as it is sent to a worker: functions, such as a policy's key, cannot be. */
export interface SentExperiment extends Pick<Experiment, 'options' | 'causes' | 'journal'> {
  readonly workload: SharedWorkload;
  readonly policyFlags: PolicyFlags;
  readonly engine: { readonly isNative: boolean; readonly isDemanded: boolean };
  readonly stop: StopFlag;
}

export type WorkerRequest =
  | { readonly kind: 'play'; readonly place: number; readonly startedAt: string }
  | { readonly kind: 'write'; readonly folder: string };

/** Any number of `progress`, then one of the others for each request. */
export type WorkerMessage =
  | { readonly kind: 'progress'; readonly endedTasks: number; readonly nowUs: number }
  | { readonly kind: 'played'; readonly run: PlayedRun | null }
  | { readonly kind: 'written' }
  | { readonly kind: 'failed'; readonly error: PackedError };

showWarnings();
let player: PolicyPlayer | null = null;
parentPort?.on('message', async (request: WorkerRequest) => {
  try {
    post(await answer(request));
  } catch (error) {
    post({ kind: 'failed', error: packError(error) });
  }
});

async function answer(request: WorkerRequest): Promise<WorkerMessage> {
  player ??= await openPlayer(workerData);
  if (request.kind === 'write') {
    await player.writeRun(request.folder);
    return { kind: 'written' };
  }
  const run = await player.play(request.place, request.startedAt, (endedTasks, nowUs) =>
    post({ kind: 'progress', endedTasks, nowUs }),
  );
  return { kind: 'played', run };
}

async function openPlayer(sent: SentExperiment): Promise<PolicyPlayer> {
  const { options, causes, journal, stop } = sent;
  const policies = await choosePolicies(sent.policyFlags);
  policies.forEach(({ file }, place) => {
    if (file?.digest === causes[place].policyFile?.digest) return;
    throw new InputError('POLICY_INVALID', 'was changed while the trace was read; start again', {
      file: file?.path ?? causes[place].policy,
    });
  });
  const native = sent.engine.isNative ? loadNative().module : null;
  const engine = { native, isDemanded: sent.engine.isDemanded };
  const workload = openSharedWorkload(sent.workload);
  return createPolicyPlayer({ workload, options, engine, policies, causes, journal }, () => isStopped(stop));
}

function post(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}
