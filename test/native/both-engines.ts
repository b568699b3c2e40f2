/** Plays a workload in both engines and demands the same answers, to the bit. */
import { expect } from 'vitest';
import type { Cluster } from '../../src/cluster/cluster.ts';
import { loadNative } from '../../src/native/load-native.ts';
import { parsePolicy } from '../../src/policies/registry.ts';
import { createReplay } from '../../src/sim/create-replay.ts';
import { NativeReplay } from '../../src/sim/native-replay.ts';
import type { ReplayOptions } from '../../src/sim/options.ts';
import { Replay } from '../../src/sim/replay.ts';
import type { Workload } from '../../src/workload/workload.ts';

const native = loadNative();

/** Whether tests of the native engine are to be skipped here: it was not built, and nothing demands it. */
export const lacksNative = native.module === null && process.env.CI !== 'true';

/** The native engine; a test that asks for it in vain fails and says why there is none. */
export function nativeModule() {
  if (native.module === null) throw new Error(`no native engine: ${native.reason}`);
  return native.module;
}

export type PlayOptions = Partial<Omit<ReplayOptions, 'policy' | 'cluster'>>;

export function replayOptions(
  workload: Workload,
  cluster: Cluster,
  policy: string,
  options: PlayOptions = {},
): ReplayOptions {
  return {
    seed: 'test',
    cluster,
    policy: parsePolicy(policy),
    weights: workload.weights,
    limits: new Map(),
    guarantees: new Map(),
    model: { kind: 'placement' },
    failures: null,
    untilUs: Number.POSITIVE_INFINITY,
    isChecked: false,
    ...options,
  };
}

/** @param batch instants a call: the native engine must not care */
export function expectSameAnswers(
  workload: Workload,
  cluster: Cluster,
  policy: string,
  options: PlayOptions = {},
  batch = 1000,
): void {
  const full = replayOptions(workload, cluster, policy, options);
  const fast = createReplay(workload, full, nativeModule());
  expect(fast).toBeInstanceOf(NativeReplay);
  while (!fast.advance(batch));
  const reference = new Replay(workload, full);
  while (!reference.advance(1_000_000));
  expect(fast.summary()).toStrictEqual(reference.summary());
  expect(fast.tables()).toStrictEqual(reference.tables());
  expect(fast.isComplete).toBe(reference.isComplete);
  expect(fast.progress).toStrictEqual(reference.progress);
}
