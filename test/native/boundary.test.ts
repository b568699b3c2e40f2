/** What crosses between JavaScript and Rust: shared memory, faults, and replays that are not for the native engine. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { drf } from '../../src/policies/drf.ts';
import { createReplay } from '../../src/sim/create-replay.ts';
import { NativeReplay } from '../../src/sim/native-replay.ts';
import { Replay } from '../../src/sim/replay.ts';
import { demoModel } from '../../src/workload/generate/demo-model.ts';
import { generateWorkload } from '../../src/workload/generate/generate.ts';
import { shareWorkload } from '../../src/workload/share.ts';
import type { Workload } from '../../src/workload/workload.ts';
import { lacksNative, nativeModule, replayOptions } from './both-engines.ts';

const workload = generateWorkload(demoModel, 'boundary', { tasks: 2000, agents: 20, load: 1 });
const cluster = workload.cluster!;

test.skipIf(lacksNative)(
  'worker threads replay one workload in shared memory under several policies',
  async () => {
    const shared = shareWorkload(workload);
    const digests = await Promise.all(
      ['fifo', 'drf'].map(async (policy) => {
        const { policy: _, ...options } = replayOptions(workload, cluster, policy);
        const worker = new Worker(new URL('./replay-worker.ts', import.meta.url), {
          workerData: { workload: shared, cluster, policy, options },
        });
        const [digest] = await once(worker, 'message');
        return digest;
      }),
    );
    const expected = ['fifo', 'drf'].map((policy) => {
      const replay = new Replay(workload, replayOptions(workload, cluster, policy));
      while (!replay.advance(10_000));
      return replay.summary().decisionDigest;
    });
    expect(digests).toEqual(expected);
  },
);

test.skipIf(lacksNative)(
  'a fault in the engine is an error, and the replay says that it cannot go on',
  () => {
    const broken: Workload = {
      ...workload,
      tasks: { ...workload.tasks, request: workload.tasks.request.map(() => 9999) },
    };
    const replay = createReplay(broken, replayOptions(broken, cluster, 'fifo'), nativeModule());
    expect(replay).toBeInstanceOf(NativeReplay);
    expect(() => replay.advance(1)).toThrow(/index out of bounds/);
    expect(() => replay.advance(1)).toThrow(/failed in an earlier call/);
  },
);

test.skipIf(lacksNative)('columns of unequal length are refused', () => {
  const broken = { ...workload, tasks: { ...workload.tasks, durationUs: new Float64Array(3) } };
  expect(() => createReplay(broken, replayOptions(broken, cluster, 'fifo'), nativeModule())).toThrow(
    /columns do not fit: one entry a task/,
  );
});

test.skipIf(lacksNative)('what the native engine cannot play is played in TypeScript', () => {
  const engineOf = (policy: string) =>
    createReplay(workload, replayOptions(workload, cluster, policy), nativeModule()).constructor;
  for (const policy of [
    'random',
    'tetris',
    'ceei',
    'priority',
    'conservative',
    'fifo:fit=random',
    'maxmin:resource=x',
  ])
    expect(engineOf(policy)).toBe(Replay);
  for (const policy of ['fifo', 'easy', 'sjf', 'drf', 'hdrf', 'capacity'])
    expect(engineOf(policy)).toBe(NativeReplay);
});

test.skipIf(lacksNative)('a policy that changes a built-in key is played in TypeScript', () => {
  const { order } = drf;
  if (order.kind !== 'roles') throw new Error('DRF orders roles');
  const mine = { ...drf, order: { ...order, key: (role: Parameters<typeof order.key>[0]) => -role.weight } };
  const options = { ...replayOptions(workload, cluster, 'drf'), policy: mine };
  expect(createReplay(workload, options, nativeModule())).toBeInstanceOf(Replay);
});

test('without a native engine the TypeScript engine plays', () => {
  expect(createReplay(workload, replayOptions(workload, cluster, 'drf'), null)).toBeInstanceOf(Replay);
});
