import { describe, expect, it } from 'vitest';
import { createClock } from '../../src/real/running-machine.ts';

const SECOND_US = 1e6;

/** A clock over a machine's clock and an elapsed time that the test moves. */
function clockAt(start: number) {
  const machine = { wallUs: start, elapsedUs: 0 };
  const clock = createClock(
    () => machine.wallUs,
    () => machine.elapsedUs,
  );
  const pass = (us: number) => {
    machine.wallUs += us;
    machine.elapsedUs += us;
    return clock();
  };
  return { machine, clock, pass };
}

describe('the clock of a machine', () => {
  it('is that of the system while nobody sets it', () => {
    const { pass } = clockAt(1000 * SECOND_US);
    for (const passed of [0, 1, 500, SECOND_US])
      expect(pass(passed)).toBeGreaterThanOrEqual(1000 * SECOND_US);
    expect(pass(SECOND_US)).toBe(1002 * SECOND_US + 501);
  });

  it.each([-3600, 3600])(
    'is never faster or slower than time by more than a twentieth when it is set by %i s',
    (jump) => {
      const { machine, clock, pass } = clockAt(10_000 * SECOND_US);
      machine.wallUs += jump * SECOND_US;
      let last = clock();
      for (let n = 0; n < 100; n++) {
        const now = pass(SECOND_US);
        expect(now - last).toBeGreaterThanOrEqual(0.95 * SECOND_US - 1);
        expect(now - last).toBeLessThanOrEqual(1.05 * SECOND_US + 1);
        last = now;
      }
    },
  );

  it('shows the time that it was set to in the end', () => {
    const { machine, pass } = clockAt(10_000 * SECOND_US);
    machine.wallUs += 10 * SECOND_US;
    for (let n = 0; n < 300; n++) pass(SECOND_US);
    expect(pass(0)).toBe(machine.wallUs);
  });
});
