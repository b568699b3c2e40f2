/** A workload in shared memory is the same workload, and posting it copies no column. */
import { expect, test } from 'vitest';
import { WorkloadBuilder } from '../../src/workload/builder.ts';
import { demoModel } from '../../src/workload/generate/demo-model.ts';
import { generateWorkload } from '../../src/workload/generate/generate.ts';
import { openSharedWorkload, shareWorkload } from '../../src/workload/share.ts';
import type { Workload } from '../../src/workload/workload.ts';

function namedJobs(): Workload {
  const builder = new WorkloadBuilder('named');
  for (const id of ['first', '', 'größe 𝄞', '\ud800 alone']) {
    builder.job({ id, role: 'ads', submitUs: 5 });
    builder.tasks(2, builder.request({ cpus: 1 }), 1_000_000);
  }
  return builder.finish();
}

/** Buffers of all typed arrays in a value. */
function buffersIn(value: unknown): ArrayBufferLike[] {
  if (ArrayBuffer.isView(value)) return [value.buffer];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(buffersIn) : [];
}

const generated = generateWorkload(demoModel, 'share', { tasks: 2000, agents: 20, load: 1 });

for (const [what, workload] of [
  ['jobs by number', generated],
  ['jobs with ids', namedJobs()],
] as const) {
  test(`${what} are the same after they were posted`, () => {
    expect(openSharedWorkload(structuredClone(shareWorkload(workload)))).toEqual(workload);
  });
}

test('every column is shared, and a clone lies on the same memory', () => {
  const { cluster: _, ...shared } = shareWorkload(namedJobs());
  const buffers = buffersIn(shared);
  expect(buffers.length).toBeGreaterThan(10);
  for (const buffer of buffers) expect(buffer).toBeInstanceOf(SharedArrayBuffer);
  const clone = structuredClone(shared);
  shared.tasks.durationUs[3] = 77;
  expect(clone.tasks.durationUs[3]).toBe(77);
});
