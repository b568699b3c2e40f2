/** Runs a machine by the wall clock: steps inputs in one after the other, hands each effect on, wakes it for its timers. */
import type { Machine, Tick } from '../protocol/machine.ts';

/** Longest delay that setTimeout takes. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** How much faster or slower than time itself the clock may go to meet the machine's. */
const MAX_SLEW = 0.05;

/**
 * Follows the machine's clock without its jumps: it never goes back, and is never faster or slower than time by more than
 * a twentieth, so that timeouts and leases hold even while somebody sets the machine's clock.
 */
export function createClock(wallUs: () => number, elapsedUs: () => number): () => number {
  let nowUs = wallUs();
  let lastUs = elapsedUs();
  return () => {
    const atUs = elapsedUs();
    const passedUs = atUs - lastUs;
    lastUs = atUs;
    const aheadUs = wallUs() - (nowUs + passedUs);
    nowUs += passedUs + Math.max(-MAX_SLEW * passedUs, Math.min(MAX_SLEW * passedUs, aheadUs));
    return Math.floor(nowUs);
  };
}

export class RunningMachine<Input, Effect> {
  private readonly machine: Machine<Input, Effect>;
  private readonly carryOut: (effect: Effect) => void;
  readonly nowUs = createClock(
    () => Date.now() * 1000,
    () => performance.now() * 1000,
  );
  private readonly queue: (Input | Tick)[] = [];
  private isStepping = false;
  private timer: NodeJS.Timeout | null = null;
  private timerUs = Number.POSITIVE_INFINITY;
  private hasStopped = false;

  /** @param carryOut may step inputs in: they wait until all effects of the present step are carried out */
  constructor(machine: Machine<Input, Effect>, carryOut: (effect: Effect) => void) {
    this.machine = machine;
    this.carryOut = carryOut;
  }

  step(input: Input | Tick): void {
    if (this.hasStopped) return;
    this.queue.push(input);
    if (this.isStepping) return;
    this.isStepping = true;
    try {
      for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift())
        for (const effect of this.machine.step(next, this.nowUs())) this.carryOut(effect);
    } finally {
      this.isStepping = false;
    }
    this.setTimer();
  }

  /** Nothing is stepped in any more. */
  stop(): void {
    this.hasStopped = true;
    this.queue.length = 0;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private setTimer(): void {
    const { nextTimerUs } = this.machine;
    if (this.hasStopped || nextTimerUs === this.timerUs) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.timerUs = nextTimerUs;
    if (nextTimerUs === Number.POSITIVE_INFINITY) return;
    const delayMs = Math.ceil((nextTimerUs - this.nowUs()) / 1000);
    this.timer = setTimeout(() => this.wake(), Math.min(MAX_DELAY_MS, Math.max(0, delayMs)));
  }

  private wake(): void {
    this.timer = null;
    this.timerUs = Number.POSITIVE_INFINITY;
    this.step({ kind: 'tick' });
  }
}
