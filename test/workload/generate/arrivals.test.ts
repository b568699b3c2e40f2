import { describe, expect, it } from 'vitest';
import { stream } from '../../../src/cluster/streams.ts';
import { arrivalTimes, bursts, diurnal, steady } from '../../../src/workload/generate/arrivals.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Part of the arrivals within each of `count` equal parts of the span. */
function parts(times: Float64Array, span: number, count: number): number[] {
  const found = new Array<number>(count).fill(0);
  for (const time of times) found[Math.floor((time / span) * count)] += 1 / times.length;
  return found;
}

describe('arrivals', () => {
  it('at a constant rate have exponential gaps', () => {
    const times = arrivalTimes(50_000, DAY, steady, stream('1', 'arrivals'));
    const gaps = times.subarray(1).map((time, i) => time - times[i]);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    expect(mean).toBeCloseTo(DAY / 50_000, 2);
    // An exponential distribution has a standard deviation equal to its mean, and exceeds it with probability 1/e.
    expect(Math.sqrt(variance) / mean).toBeCloseTo(1, 1);
    expect(gaps.filter((gap) => gap > mean).length / gaps.length).toBeCloseTo(1 / Math.E, 2);
  });

  it('are in order and within the span', () => {
    const times = arrivalTimes(1000, 50, bursts([[0.5, 0.6]], 0.2), stream('1', 'arrivals'));
    expect(times).toEqual(times.slice().sort());
    expect(times[0]).toBeGreaterThanOrEqual(0);
    expect(times[999]).toBeLessThan(50);
  });

  it('over days follow the hour of the day', () => {
    const times = arrivalTimes(200_000, 2 * DAY, diurnal(0.5), stream('1', 'arrivals'));
    const byHour = parts(times, 2 * DAY, 48);
    // The rate's mean is 0.75; it peaks at 1 around 14 h and is lowest, at 0.5, around 2 h.
    const expected = (hour: number) =>
      (0.75 + 0.25 * Math.cos((2 * Math.PI * (hour + 0.5 - 14)) / 24)) / 0.75 / 48;
    byHour.forEach((part, hour) => {
      expect(Math.abs(part / expected(hour) - 1)).toBeLessThan(0.06);
    });
  });

  it('in bursts come at the full rate within windows and at the low rate outside', () => {
    const times = arrivalTimes(100_000, 1000, bursts([[0.2, 0.4]], 0.25), stream('1', 'arrivals'));
    // Windows hold 0.2 × 1 of 0.2 × 1 + 0.8 × 0.25.
    expect(parts(times, 1000, 5)[1]).toBeCloseTo(0.5, 2);
  });
});
