import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stream } from '../../../src/cluster/streams.ts';
import { Call } from '../../../src/sim/protocol/call.ts';
import { Clock } from '../../../src/sim/protocol/clock.ts';
import { DEFAULT_NETWORK, type Host, Network } from '../../../src/sim/protocol/network.ts';
import { Timeline } from '../../../src/sim/protocol/timeline.ts';

const rate = fc.constantFrom(0, 0.2, 0.5);

test('every call has one answer in time; it arrives at most twice, and at least once where the answer came', () => {
  fc.assert(
    fc.property(fc.string(), rate, rate, rate, fc.boolean(), (seed, loss, duplication, reordering, isCut) => {
      const timeline = new Timeline();
      const options = { ...DEFAULT_NETWORK, loss, duplication, reordering };
      const network = new Network(timeline, stream(seed, 'calls'), options);
      const host = (name: string): Host => ({
        name,
        rack: 'r',
        clock: new Clock(0, 0),
        partitions: 0,
        pausedUntilUs: 0,
      });
      const answers = new Map<Call, number>();
      const arrivals = new Map<Call, number>();
      const order: Call[] = [];
      const server = {
        host: host('server'),
        isRunning: true,
        called(call: Call) {
          arrivals.set(call, (arrivals.get(call) ?? 0) + 1);
          order.push(call);
          call.answer(202);
        },
      };
      const client = {
        host: host('client'),
        answered(call: Call, status: number) {
          expect(answers.has(call)).toBe(false);
          answers.set(call, status);
        },
      };
      const calls = Array.from({ length: 20 }, (_, n) => new Call(network, client, server, n, {}, 'stream'));
      for (const call of calls) call.send();
      if (isCut) network.partition([server.host]);
      while (timeline.playNext());
      expect(timeline.nowUs).toBeLessThan(2 * options.callTimeoutUs);
      for (const call of calls) {
        expect(arrivals.get(call) ?? 0).toBeLessThanOrEqual(duplication === 0 ? 1 : 2);
        if (answers.get(call) === 202) expect(arrivals.get(call)).toBeGreaterThan(0);
        else expect(answers.get(call)).toBe(0);
        if (isCut) expect(answers.get(call)).toBe(0);
        else if (loss === 0) expect(answers.get(call)).toBe(202);
      }
    }),
  );
});

test('calls may overtake each other', () => {
  const timeline = new Timeline();
  const network = new Network(timeline, stream('1', 'calls'), { ...DEFAULT_NETWORK, reordering: 0.5 });
  const host: Host = { name: 'h', rack: 'r', clock: new Clock(0, 0), partitions: 0, pausedUntilUs: 0 };
  const order: number[] = [];
  const server = { host, isRunning: true, called: (call: Call) => void order.push(call.number) };
  const client = { host, answered() {} };
  for (let n = 0; n < 20; n++) new Call(network, client, server, n, {}, 'stream').send();
  while (timeline.playNext());
  expect(order).toHaveLength(20);
  expect(order).not.toEqual([...order].sort((a, b) => a - b));
});
