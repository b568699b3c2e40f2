/**
 * How the core is driven: a machine is a deterministic function of its construction and of the inputs stepped into it.
 * It reads no clock, draws no randomness of its own and does no I/O; drivers (simulated or real) carry out its effects
 * in order and step in what comes of them.
 */
export interface Machine<Input, Effect> {
  /** @param nowUs never decreases from step to step */
  step(input: Input | Tick, nowUs: number): readonly Effect[];
  /** When the machine wants a tick, µs; Infinity: never. */
  readonly nextTimerUs: number;
}

/** A timer of the machine may be due. Ticks that come early or twice do no harm. */
export interface Tick {
  readonly kind: 'tick';
}
