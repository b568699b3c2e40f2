import { describe, expect, test } from 'vitest';
import { parseFault } from '../../src/cli/simulate/parse-fault.ts';

const SECOND_US = 1_000_000;

describe('faults', () => {
  test.each([
    ['kill-leader@60s', { kind: 'kill', target: 'leader', atUs: 60 * SECOND_US, durationUs: 0 }],
    ['kill:agent-7@1m', { kind: 'kill', target: 'agent-7', atUs: 60 * SECOND_US, durationUs: 0 }],
    [
      'kill:framework-ads@1m+10s',
      { kind: 'kill', target: 'framework-ads', atUs: 60 * SECOND_US, durationUs: 10 * SECOND_US },
    ],
    [
      'power-off:rack-2@1m+10m',
      { kind: 'power-off', target: 'rack-2', atUs: 60 * SECOND_US, durationUs: 600 * SECOND_US },
    ],
    [
      'partition:rack-3@2m+30s',
      { kind: 'partition', target: 'rack-3', atUs: 120 * SECOND_US, durationUs: 30 * SECOND_US },
    ],
    [
      'slow-disk:a=200ms@1s+2s',
      { kind: 'slow-disk', target: 'a', latencyUs: 200_000, atUs: SECOND_US, durationUs: 2 * SECOND_US },
    ],
    [
      'clock-skew:master-0=-5s@1m+2m',
      {
        kind: 'clock-skew',
        target: 'master-0',
        skewUs: -5 * SECOND_US,
        atUs: 60 * SECOND_US,
        durationUs: 120 * SECOND_US,
      },
    ],
    ['store-down@1m+10s', { kind: 'store-down', atUs: 60 * SECOND_US, durationUs: 10 * SECOND_US }],
    [
      'loss=1%',
      {
        kind: 'network',
        change: { loss: 0.01 },
        atUs: Number.NEGATIVE_INFINITY,
        durationUs: Number.POSITIVE_INFINITY,
      },
    ],
    [
      'reordering=0.5@10s',
      {
        kind: 'network',
        change: { reordering: 0.5 },
        atUs: 10 * SECOND_US,
        durationUs: Number.POSITIVE_INFINITY,
      },
    ],
    [
      'latency=5ms@1m+30s',
      { kind: 'network', change: { latencyUs: 5_000 }, atUs: 60 * SECOND_US, durationUs: 30 * SECOND_US },
    ],
  ])('%s', (text, fault) => {
    expect(parseFault(text)).toEqual(fault);
  });

  test.each([
    ['explode@60s', 'kill-leader@60s'],
    ['kill@60s', 'kill:WHO@TIME'],
    ['kill-leader:agent-1@60s', 'kill-leader without :'],
    ['kill-leader', 'a time, such as kill-leader@60s'],
    ['partition:rack-1@60s', 'how long it lasts, such as partition:rack-1@60s+30s'],
    ['loss', 'a value, such as loss=1%'],
    ['loss=200%', 'a share below 1'],
    ['kill-leader=3@60s', 'kill without a value'],
    ['store-down:rack-1@1m+1s', 'store-down without a name'],
    ['kill-leader@soon', 'a duration such as'],
  ])('%s is refused with a word about what was expected', (text, expected) => {
    expect(() => parseFault(text)).toThrow(expected);
  });
});
