import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_ELECTION } from '../../../src/master/elector.ts';
import type { MasterEffect, MasterInput } from '../../../src/master/io.ts';
import type { Machine, Tick } from '../../../src/protocol/machine.ts';
import type { Fault } from '../../../src/sim/protocol/fault.ts';
import { World } from '../../../src/sim/protocol/world.ts';
import { QUIET } from './quiet-world.ts';

const SECOND_US = 1_000_000;

/** What all masters together were told: entries that were durable. */
interface History {
  readonly stored: Map<string, unknown>;
  elections: number;
}

/** Writes numbered entries into the registry while it leads, some at a time, and notes what was stored. */
class Writer implements Machine<MasterInput, MasterEffect> {
  readonly nextTimerUs = Number.POSITIVE_INFINITY;
  private readonly id: string;
  private readonly history: History;
  private revision = 0;
  private stored = 0;

  constructor(id: string, history: History) {
    this.id = id;
    this.history = history;
  }

  step(input: MasterInput | Tick): readonly MasterEffect[] {
    if (input.kind === 'elected') {
      this.history.elections++;
      for (const [key, value] of this.history.stored) expect(input.entries[key]).toBe(value);
      return [this.write(), this.write(), this.write()];
    }
    if (input.kind !== 'stored') return [];
    const effects: MasterEffect[] = [];
    for (; this.stored < input.revision; this.stored++) {
      this.history.stored.set(`${this.id}/${this.stored + 1}`, this.stored + 1);
      if (this.revision < 200) effects.push(this.write());
    }
    return effects;
  }

  private write(): MasterEffect {
    const revision = ++this.revision;
    return { kind: 'store', revision, changes: [{ key: `${this.id}/${revision}`, value: revision }] };
  }
}

function election(faults: readonly Fault[], seed = '1', drift = 0.04, loss = 0) {
  const history: History = { stored: new Map(), elections: 0 };
  const world = new World({
    ...QUIET,
    seed,
    masters: 3,
    clocks: { skewUs: 500_000, drift },
    network: { ...QUIET.network, loss },
    faults,
    createMaster: (info) => new Writer(info.id, history),
  });
  world.onEvent = () => {
    const leading = world.masters.filter((node) => node.isLeading);
    expect(leading.length).toBeLessThanOrEqual(1);
  };
  return { world, history };
}

describe('election', () => {
  test('one of three masters leads, and its writes are stored', () => {
    const { world, history } = election([]);
    world.advance(1e6, 5 * SECOND_US);
    expect(world.leader).not.toBeNull();
    expect(history.elections).toBe(1);
    expect(history.stored.size).toBe(200);
  });

  test('after the leader is killed another leads within the life of a lease', () => {
    const atUs = 5 * SECOND_US;
    const { world, history } = election([{ kind: 'kill', target: 'leader', atUs, durationUs: 0 }]);
    world.advance(1e6, atUs - 1);
    const first = world.leader;
    world.advance(1e6, atUs + DEFAULT_ELECTION.ttlUs + 100_000);
    expect(history.elections).toBe(2);
    expect(world.leader).not.toBeNull();
    expect(world.leader).not.toBe(first);
  });

  test('a leader that is cut off from the store stops before another begins', () => {
    const faults: Fault[] = [
      { kind: 'partition', target: 'leader', atUs: 5 * SECOND_US, durationUs: 10 * SECOND_US },
    ];
    const { world, history } = election(faults);
    world.advance(1e6, 20 * SECOND_US);
    const aborted = world.notes.find(({ kind }) => kind === 'master-aborted')!;
    const elected = world.notes.filter(({ kind }) => kind === 'leader-elected');
    expect(history.elections).toBe(2);
    expect(aborted.timeUs).toBeLessThan(elected[1].timeUs);
  });

  test('a leader that stood still for too long gives up when it wakes', () => {
    const faults: Fault[] = [
      { kind: 'pause', target: 'leader', atUs: 5 * SECOND_US, durationUs: 10 * SECOND_US },
    ];
    const { world, history } = election(faults);
    world.advance(1e6, 20 * SECOND_US);
    expect(history.elections).toBe(2);
    expect(world.notes.filter(({ kind }) => kind === 'master-aborted')).toHaveLength(1);
  });

  test('while the store has no quorum nobody leads; afterwards somebody does', () => {
    const { world } = election([{ kind: 'store-down', atUs: 5 * SECOND_US, durationUs: 20 * SECOND_US }]);
    world.advance(1e6, 24 * SECOND_US);
    expect(world.leader).toBeNull();
    world.advance(1e6, 30 * SECOND_US);
    expect(world.leader).not.toBeNull();
  });

  test('never do two lead at once, and nothing that was stored is lost, whatever fails and however clocks drift', () => {
    const target = fc.constantFrom('leader', 'master-0', 'master-1', 'master-2');
    const times = { atUs: fc.nat(30 * SECOND_US), durationUs: fc.nat(8 * SECOND_US) };
    const fault = fc.oneof(
      fc.record({
        kind: fc.constantFrom('kill' as const, 'power-off' as const, 'pause' as const),
        target,
        ...times,
      }),
      fc.record({
        kind: fc.constant('partition' as const),
        target: fc.oneof(target, fc.constant('store')),
        ...times,
      }),
      fc.record({ kind: fc.constant('store-down' as const), ...times }),
    );
    fc.assert(
      fc.property(
        fc.array(fault, { maxLength: 12 }),
        fc.string(),
        fc.constantFrom(0, 0.01, 0.04),
        fc.constantFrom(0, 0.1),
        (faults, seed, drift, loss) => {
          const { world, history } = election(faults, seed, drift, loss);
          world.advance(1e6, 40 * SECOND_US);
          // All faults are over: somebody leads again before long.
          world.advance(1e6, 60 * SECOND_US);
          expect(world.leader).not.toBeNull();
          expect(history.elections).toBeGreaterThan(0);
        },
      ),
      { numRuns: 100 },
    );
  });
});
