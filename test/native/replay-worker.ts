/** Replays in a worker thread a workload that lies in shared memory, and posts the digest of its decisions. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadNative } from '../../src/native/load-native.ts';
import { parsePolicy } from '../../src/policies/registry.ts';
import { createReplay } from '../../src/sim/create-replay.ts';

const { workload, cluster, policy, options } = workerData;
const replay = createReplay(
  workload,
  { ...options, cluster, policy: parsePolicy(policy) },
  loadNative().module,
);
while (!replay.advance(10_000));
parentPort!.postMessage(replay.summary().decisionDigest);
