/** Runs one machine in the simulated world: shows it its host's clock, wakes it when it asks, and stops with the process. */
import type { Machine, Tick } from '../../protocol/machine.ts';
import type { Clock } from './clock.ts';
import type { Connection } from './connection.ts';
import type { Host } from './network.ts';
import type { Actor, Timeline } from './timeline.ts';

const TIMER = 0;
const RECEIVED = 1;
const BROKEN = 2;
/** Events of the kinds of processes are numbered from here. */
export const OWN_EVENTS = 3;

/** Told of every step of every machine. */
export type StepListener = (
  host: Host,
  input: unknown,
  effects: readonly { readonly kind: string }[],
) => void;

export abstract class Process<Input, Effect extends { readonly kind: string }> implements Actor {
  readonly host: Host;
  readonly machine: Machine<Input, Effect>;
  isRunning = true;
  protected readonly timeline: Timeline;
  private readonly onStep: StepListener;
  private readonly clock: Clock;
  /** True time of the timer that is to come, and its event. */
  private timerUs = Number.POSITIVE_INFINITY;
  private timer = 0;

  constructor(
    host: Host,
    timeline: Timeline,
    machine: Machine<Input, Effect>,
    onStep: StepListener,
    clock = host.clock,
  ) {
    this.host = host;
    this.clock = clock;
    this.timeline = timeline;
    this.machine = machine;
    this.onStep = onStep;
  }

  /** What the effect of a step brings about. */
  protected abstract carryOut(effect: Effect): void;
  protected abstract take(connection: Connection, message: unknown): void;
  protected abstract lost(connection: Connection): void;
  /** An event that the process asked for itself. */
  protected abstract happen(what: number, payload: unknown): void;

  /** The process is no more: nothing reaches it. */
  stop(): void {
    this.isRunning = false;
    if (this.timerUs < Number.POSITIVE_INFINITY) this.timeline.cancel(this.timer);
    this.timerUs = Number.POSITIVE_INFINITY;
  }

  step(input: Input | Tick): void {
    if (!this.isRunning) return;
    const effects = this.machine.step(input, this.clock.shownAt(this.timeline.nowUs));
    this.onStep(this.host, input, effects);
    for (let e = 0; e < effects.length && this.isRunning; e++) this.carryOut(effects[e]);
    if (this.isRunning) this.setTimer(this.timeline.nowUs);
  }

  occur(what: number, payload: unknown): void {
    if (!this.isRunning) return;
    const { pausedUntilUs } = this.host;
    if (this.timeline.nowUs < pausedUntilUs) {
      const deferred = this.timeline.at(pausedUntilUs, this, what, payload);
      if (what === TIMER) {
        this.timer = deferred;
        this.timerUs = pausedUntilUs;
      }
      return;
    }
    if (what === TIMER) this.wake();
    else if (what === RECEIVED) {
      const { connection, message } = payload as { connection: Connection; message: unknown };
      this.take(connection, message);
    } else if (what === BROKEN) this.lost(payload as Connection);
    else this.happen(what, payload);
  }

  /** Its timers may be due earlier than it thought. */
  clockWasSet(): void {
    if (this.isRunning) this.setTimer(this.timeline.nowUs);
  }

  received(connection: Connection, message: unknown): void {
    if (this.timeline.nowUs < this.host.pausedUntilUs) this.occur(RECEIVED, { connection, message });
    else if (this.isRunning) this.take(connection, message);
  }

  broken(connection: Connection): void {
    this.occur(BROKEN, connection);
  }

  private wake(): void {
    this.timerUs = Number.POSITIVE_INFINITY;
    const { nowUs } = this.timeline;
    if (this.machine.nextTimerUs > this.clock.shownAt(nowUs)) {
      this.setTimer(nowUs);
      return;
    }
    this.step({ kind: 'tick' });
  }

  private setTimer(earliestUs: number): void {
    const wantedUs = this.machine.nextTimerUs;
    if (wantedUs === Number.POSITIVE_INFINITY) return;
    const atUs = Math.max(earliestUs, this.clock.whenShows(wantedUs));
    if (atUs >= this.timerUs) return;
    if (this.timerUs < Number.POSITIVE_INFINITY) this.timeline.cancel(this.timer);
    this.timerUs = atUs;
    this.timer = this.timeline.at(atUs, this, TIMER, null);
  }
}
