/** The figures of the notebook on Mesos are what the code gives, and have the shape that the paper reports. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type MesosStudy, mesosStudy } from '../../notebooks/studies/mesos.ts';

test('are recomputed to the last digit', { timeout: 120_000 }, () => {
  const kept = JSON.parse(readFileSync('notebooks/studies/mesos.json', 'utf8')) as MesosStudy;
  const study = mesosStudy();
  expect(study).toEqual(kept);
  // Who holds offers for long makes others wait.
  const untimed = study.holds.filter(({ timeoutSeconds }) => timeoutSeconds === null);
  expect(untimed.at(-1)!.othersWaitSeconds).toBeGreaterThan(2 * untimed[0].othersWaitSeconds);
  // Filters save offers, and cost waits.
  const offers = study.filters.map((row) => row.offers);
  expect(offers).toEqual([...offers].sort((a, b) => b - a));
  // Half of the slots come free in half a constant duration, and in ln 2 of exponential ones.
  const [constant, exponential] = study.rampUp;
  expect(constant.taskDurations).toBeCloseTo(0.5, 1);
  expect(exponential.taskDurations).toBeCloseTo(Math.log(2), 1);
  for (const { launchP99Seconds, failoverSeconds } of study.scale) {
    expect(launchP99Seconds).toBeLessThan(1);
    expect(failoverSeconds).toBeLessThan(4);
  }
});
