import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stream } from '../../../src/cluster/streams.ts';
import { Clock } from '../../../src/sim/protocol/clock.ts';
import { Disk } from '../../../src/sim/protocol/disk.ts';
import { Timeline } from '../../../src/sim/protocol/timeline.ts';

test('writes that come during a write go together after it', () => {
  const timeline = new Timeline();
  const disk = new Disk(timeline, stream('1', 'disk'), 1000);
  const done: [number, number][] = [];
  const write = (number: number) =>
    disk.write([{ key: 'k', value: number }], number, (n) => done.push([n, timeline.nowUs]));
  write(1);
  write(2);
  write(3);
  while (timeline.playNext());
  expect(done).toEqual([
    [1, 1000],
    [2, 2000],
    [3, 2000],
  ]);
  expect(disk.entries()).toEqual({ k: 3 });
  disk.write([{ key: 'k', value: null }], 4, null);
  while (timeline.playNext());
  expect(disk.entries()).toEqual({});
});

test('a crash keeps what was durable and a prefix of the rest', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 9 }), fc.nat(12), (seed, count, steps) => {
      const timeline = new Timeline();
      const disk = new Disk(timeline, stream(seed, 'disk'), 1000);
      let durable = 0;
      for (let n = 1; n <= count; n++)
        disk.write([{ key: String(n), value: n }], n, (number) => {
          durable = number;
        });
      for (let s = 0; s < steps; s++) timeline.playNext();
      disk.crash();
      const kept = Object.values(disk.entries());
      expect(kept).toEqual(Array.from({ length: kept.length }, (_, n) => n + 1));
      expect(kept.length).toBeGreaterThanOrEqual(durable);
      while (timeline.playNext());
      expect(Object.values(disk.entries())).toEqual(kept);
    }),
  );
});

test('a clock never goes back, and a timer falls due as soon as the clock shows its time', () => {
  fc.assert(
    fc.property(
      fc.nat(1_000_000),
      fc.double({ min: -0.1, max: 0.1, noNaN: true }),
      fc.nat(10 ** 9),
      (skewUs, drift, wantedUs) => {
        const clock = new Clock(skewUs, drift);
        const dueUs = clock.whenShows(wantedUs);
        expect(clock.shownAt(dueUs)).toBeGreaterThanOrEqual(wantedUs);
        if (dueUs > 0) expect(clock.shownAt(dueUs - 1)).toBeLessThan(wantedUs);
      },
    ),
  );
});

test('a clock that is set follows without a jump, a twentieth faster or slower; by the steady one nothing happened', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -0.1, max: 0.1, noNaN: true }),
      fc.array(fc.tuple(fc.nat(10_000), fc.integer({ min: -50_000, max: 50_000 })), { maxLength: 8 }),
      fc.nat(100_000),
      (drift, settings, aheadUs) => {
        const clock = new Clock(0, drift);
        let nowUs = 0;
        let byUs = 0;
        for (const [afterUs, changeUs] of settings) {
          const beforeUs = clock.shownAt(nowUs);
          nowUs += afterUs;
          const passedUs = clock.shownAt(nowUs) - beforeUs;
          expect(Math.abs(passedUs - afterUs * (1 + drift))).toBeLessThanOrEqual(0.06 * afterUs + 2);
          const shownUs = clock.shownAt(nowUs);
          clock.set(nowUs, changeUs);
          byUs += changeUs;
          expect(clock.shownAt(nowUs)).toBe(shownUs);
          const wantedUs = shownUs + aheadUs;
          const dueUs = clock.whenShows(wantedUs);
          expect(dueUs).toBeGreaterThanOrEqual(nowUs);
          expect(clock.shownAt(dueUs)).toBeGreaterThanOrEqual(wantedUs);
          if (dueUs > nowUs) expect(clock.shownAt(dueUs - 1)).toBeLessThan(wantedUs);
        }
        expect(clock.steady.shownAt(nowUs)).toBe(new Clock(0, drift).shownAt(nowUs));
        const lateUs = nowUs + 10_000_000;
        expect(Math.abs(clock.shownAt(lateUs) - clock.steady.shownAt(lateUs) - byUs)).toBeLessThanOrEqual(1);
      },
    ),
  );
});
