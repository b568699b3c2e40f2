/** Writes of the registry: in order, as few as may be, and never more at once than the store takes. */
import { expect, it } from 'vitest';
import type { MasterContext } from '../../src/master/context.ts';
import { DEFAULT_FLAGS } from '../../src/master/flags.ts';
import type { MasterEffect, RegistryChange } from '../../src/master/io.ts';
import { RegistryWriter } from '../../src/master/registrar.ts';
import { Timers } from '../../src/protocol/timers.ts';

const MOST_CHANGES = 100;

it('what was committed while a write was on its way goes in whole commits, a transaction of etcd each', () => {
  const stores: (readonly RegistryChange[])[] = [];
  const emit = (effect: MasterEffect) => void (effect.kind === 'store' && stores.push(effect.changes));
  const context = { nowUs: 0, flags: DEFAULT_FLAGS, timers: new Timers(), emit } as unknown as MasterContext;
  const writer = new RegistryWriter(() => context);
  const done: number[] = [];
  for (let n = 0; n < 250; n++) {
    const changes = ['a', 'b', 'c'].map((part) => ({ key: `${n}/${part}`, value: n }));
    writer.commit(changes, () => done.push(n));
    if (n === 0) writer.flush();
  }
  for (let revision = 1; done.length < 250; revision++) {
    writer.stored(revision);
    expect(done.length * 3).toBe(stores.flat().length);
    writer.flush();
  }
  expect(done).toEqual(Array.from({ length: 250 }, (_, n) => n));
  expect(stores.flat().map(({ key }) => key)).toEqual(done.flatMap((n) => [`${n}/a`, `${n}/b`, `${n}/c`]));
  for (const changes of stores) {
    expect(changes.length).toBeLessThanOrEqual(MOST_CHANGES);
    expect(changes.length % 3).toBe(0);
  }
  expect(stores.length).toBeLessThan(10);
});
