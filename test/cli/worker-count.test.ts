/** How many policies are played at once, where nobody says. */
import { expect, test } from 'vitest';
import { workerCount } from '../../src/cli/simulate/worker-count.ts';

test('a large workload takes a thread a policy, up to what the machine runs at once', () => {
  expect(workerCount(undefined, 3, 5_000_000, 8)).toBe(3);
  expect(workerCount(undefined, 3, 5_000_000, 2)).toBe(2);
  expect(workerCount(undefined, 1, 5_000_000, 8)).toBe(1);
});

test('a small one is not worth a thread', () => {
  expect(workerCount(undefined, 3, 1000, 8)).toBe(1);
});

test('what the user asks for counts, but no thread is without a policy', () => {
  expect(workerCount(2, 3, 1000, 1)).toBe(2);
  expect(workerCount(1, 3, 5_000_000, 8)).toBe(1);
  expect(workerCount(8, 3, 1000, 2)).toBe(3);
});
