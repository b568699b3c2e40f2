/** Replays in a worker thread a workload that lies in shared memory, and posts the digest of its decisions. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadNative } from '../../src/native/load-native.ts';
import { parsePolicy } from '../../src/policies/registry.ts';
import { createReplay } from '../../src/sim/create-replay.ts';
import { openSharedWorkload } from '../../src/workload/share.ts';

const { workload, cluster, policy, options } = workerData;
const { module } = loadNative();
if (module === null) throw new Error('the worker finds no native engine');
const replay = createReplay(
  openSharedWorkload(workload),
  { ...options, cluster, policy: parsePolicy(policy) },
  module,
  true,
);
while (!replay.advance(10_000));
parentPort!.postMessage(replay.summary().decisionDigest);
