import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stream } from '../../../src/cluster/streams.ts';
import { Clock } from '../../../src/sim/protocol/clock.ts';
import { Connection } from '../../../src/sim/protocol/connection.ts';
import { DEFAULT_NETWORK, type Host, Network } from '../../../src/sim/protocol/network.ts';
import { Timeline } from '../../../src/sim/protocol/timeline.ts';

class End {
  readonly host: Host;
  readonly seen: unknown[] = [];
  readonly seenUs: number[] = [];
  brokenUs = -1;
  private readonly timeline: Timeline;

  constructor(timeline: Timeline, name: string) {
    this.timeline = timeline;
    this.host = { name, rack: 'r', clock: new Clock(0, 0), partitions: 0, pausedUntilUs: 0 };
  }

  received(_: Connection, message: unknown): void {
    expect(this.brokenUs).toBe(-1);
    this.seen.push(message);
    this.seenUs.push(this.timeline.nowUs);
  }

  broken(): void {
    expect(this.brokenUs).toBe(-1);
    this.brokenUs = this.timeline.nowUs;
  }
}

function pair(options = DEFAULT_NETWORK, seed = '1') {
  const timeline = new Timeline();
  const network = new Network(timeline, stream(seed, 'network'), options);
  const [a, b] = [new End(timeline, 'a'), new End(timeline, 'b')];
  const connection = new Connection(network, 'link', [a, b]);
  const playUntil = (us: number) => {
    while (timeline.nextUs <= us && timeline.playNext());
    timeline.nowUs = Math.max(timeline.nowUs, us === Number.POSITIVE_INFINITY ? 0 : us);
  };
  const play = () => playUntil(Number.POSITIVE_INFINITY);
  return { timeline, network, a, b, connection, play, playUntil };
}

describe('a connection', () => {
  test('delivers in order; loss only delays', () => {
    const { a, b, connection, play } = pair({ ...DEFAULT_NETWORK, loss: 0.3 });
    const sent = Array.from({ length: 200 }, (_, n) => n);
    for (const n of sent) connection.send(0, n);
    connection.send(1, 'back');
    play();
    expect(b.seen).toEqual(sent);
    expect(a.seen).toEqual(['back']);
    expect(b.seenUs.at(-1)).toBeGreaterThan(DEFAULT_NETWORK.retransmitUs);
  });

  test('what was sent before a process ended arrives, then the other end is told', () => {
    const { b, connection, play } = pair();
    connection.send(0, 'last words');
    connection.close(0);
    connection.send(0, 'from the grave');
    play();
    expect(b.seen).toEqual(['last words']);
    expect(b.brokenUs).toBeGreaterThanOrEqual(b.seenUs[0]);
  });

  test('a short partition holds messages back, and none is lost', () => {
    const { network, a, b, connection, play, playUntil } = pair();
    connection.send(0, 1);
    const partition = network.partition([b.host]);
    playUntil(1_000_000);
    connection.send(0, 2);
    expect(b.seen).toEqual([]);
    playUntil(2_000_000);
    network.heal(partition, [b.host]);
    connection.send(0, 3);
    play();
    expect(b.seen).toEqual([1, 2, 3]);
    expect([a.brokenUs, b.brokenUs]).toEqual([-1, -1]);
  });

  test('a long partition breaks both ends, and nothing arrives afterwards', () => {
    const { network, a, b, connection, play, playUntil } = pair();
    const partition = network.partition([b.host]);
    connection.send(0, 1);
    playUntil(30_000_000);
    expect(a.brokenUs).toBeGreaterThan(DEFAULT_NETWORK.breakUs);
    expect(b.brokenUs).toBeGreaterThan(a.brokenUs);
    network.heal(partition, [b.host]);
    connection.send(0, 2);
    play();
    expect(b.seen).toEqual([]);
  });

  test('a host that is gone without a word is noticed after a while', () => {
    const { b, connection, play } = pair();
    connection.vanish(0);
    play();
    expect(b.brokenUs).toBe(DEFAULT_NETWORK.breakUs);
  });

  test('whatever happens: each end sees a prefix of what the other sent, and both or none break', () => {
    const step = fc.record({
      what: fc.constantFrom('send', 'send', 'send', 'cut', 'heal', 'close', 'vanish'),
      side: fc.constantFrom(0 as const, 1 as const),
      waitUs: fc.nat(12_000_000),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.string(), (steps, seed) => {
        const { network, a, b, connection, timeline, play, playUntil } = pair(
          { ...DEFAULT_NETWORK, loss: 0.1 },
          seed,
        );
        const ends = [a, b];
        const sent: [number[], number[]] = [[], []];
        const closed = [false, false];
        let partition = -1;
        steps.forEach(({ what, side, waitUs }, n) => {
          if (what === 'send') {
            connection.send(side, n);
            if (!closed[side] && ends[side].brokenUs < 0) sent[side].push(n);
          } else if (what === 'cut' && partition < 0) partition = network.partition([b.host]);
          else if (what === 'heal' && partition >= 0) {
            network.heal(partition, [b.host]);
            partition = -1;
          } else if (what === 'close' || what === 'vanish') {
            connection[what](side);
            closed[side] = true;
          }
          playUntil(timeline.nowUs + waitUs);
        });
        if (partition >= 0) network.heal(partition, [b.host]);
        play();
        for (const side of [0, 1])
          expect(ends[side].seen).toEqual(sent[1 - side].slice(0, ends[side].seen.length));
        const isOver = (side: number) => closed[side] || ends[side].brokenUs >= 0;
        expect(isOver(0)).toBe(isOver(1));
        if (!isOver(0)) for (const side of [0, 1]) expect(ends[side].seen).toEqual(sent[1 - side]);
      }),
      { numRuns: 300 },
    );
  });
});
