import { describe, expect, it } from 'vitest';
import type { Resource } from '../../src/protocol/v1/mesos.ts';
import { applyCheckpointed } from '../../src/resources/checkpointed.ts';
import { Resources } from '../../src/resources/resources.ts';

const scalar = (name: string, value: number, rest: Partial<Resource> = {}): Resource => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  ...rest,
});
const dynamic = { type: 'DYNAMIC', role: 'ads' } as const;

describe('§14.2 and 14.9: what an agent has after operations', () => {
  it('takes a reservation out of the unreserved', () => {
    const total = Resources.of([scalar('cpus', 4)]);
    const reserved = Resources.of([scalar('cpus', 1, { reservations: [dynamic] })]);
    expect(String(applyCheckpointed(total, reserved))).toBe(
      String(Resources.of([scalar('cpus', 3)]).plus(reserved)),
    );
  });

  it('takes a refined reservation out of the static one below it', () => {
    const fixed = { type: 'STATIC', role: 'ads' } as const;
    const total = Resources.of([scalar('cpus', 4, { reservations: [fixed] })]);
    const refined = Resources.of([
      scalar('cpus', 1, { reservations: [fixed, { type: 'DYNAMIC', role: 'ads/dev' }] }),
    ]);
    expect(
      applyCheckpointed(total, refined).equals(
        Resources.of([scalar('cpus', 3, { reservations: [fixed] })]).plus(refined),
      ),
    ).toBe(true);
  });

  it('takes a volume out of plain disk, of the same source', () => {
    const source = { type: 'PATH', path: { root: '/data' } } as const;
    const total = Resources.of([scalar('disk', 100), scalar('disk', 100, { disk: { source } })]);
    const volume = Resources.of([
      scalar('disk', 30, {
        reservations: [dynamic],
        disk: { source, persistence: { id: 'v' }, volume: { container_path: 'data', mode: 'RW' } },
      }),
    ]);
    const after = applyCheckpointed(total, volume);
    expect(
      after.equals(
        Resources.of([scalar('disk', 100), scalar('disk', 70, { disk: { source } })]).plus(volume),
      ),
    ).toBe(true);
  });

  it('refuses what the agent cannot have', () => {
    const reserved = Resources.of([scalar('cpus', 5, { reservations: [dynamic] })]);
    expect(() => applyCheckpointed(Resources.of([scalar('cpus', 4)]), reserved)).toThrow(
      'cannot have come from',
    );
  });
});
