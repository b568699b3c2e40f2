/** A master and its elector as one machine: what a process of the real system, or of a simulated one, runs. */
import type { Machine, Tick } from '../protocol/machine.ts';
import type { ElectionEffect, ElectionInput, StoreEffect, StoreInput } from './election-io.ts';
import type { Elector } from './elector.ts';
import type { MasterEffect, MasterInput } from './io.ts';

export type ElectedMasterInput =
  /** First of all. */
  | { readonly kind: 'start' }
  | StoreInput
  /** What comes from outside; the elector tells the master the rest. */
  | Exclude<MasterInput, { readonly kind: 'elected' | 'leader' | 'stored' }>;

export type ElectedMasterEffect = StoreEffect | Exclude<MasterEffect, { readonly kind: 'store' }>;

export class ElectedMaster implements Machine<ElectedMasterInput, ElectedMasterEffect> {
  readonly elector: Elector;
  readonly master: Machine<MasterInput, MasterEffect>;
  /** Told of every input of the master itself, before it is stepped in. */
  private readonly journal: ((input: MasterInput | Tick, nowUs: number) => void) | null;
  private hasEnded = false;

  constructor(
    elector: Elector,
    master: Machine<MasterInput, MasterEffect>,
    journal: ((input: MasterInput | Tick, nowUs: number) => void) | null,
  ) {
    this.elector = elector;
    this.master = master;
    this.journal = journal;
  }

  get nextTimerUs(): number {
    return this.hasEnded
      ? Number.POSITIVE_INFINITY
      : Math.min(this.elector.nextTimerUs, this.master.nextTimerUs);
  }

  step(input: ElectedMasterInput | Tick, nowUs: number): readonly ElectedMasterEffect[] {
    if (this.hasEnded) return [];
    const effects: ElectedMasterEffect[] = [];
    switch (input.kind) {
      case 'start':
      case 'store-answer':
      case 'watched':
        this.stepElector(input, nowUs, effects);
        break;
      case 'tick':
        if (nowUs >= this.elector.nextTimerUs) this.stepElector(input, nowUs, effects);
        if (!this.hasEnded && nowUs >= this.master.nextTimerUs) this.stepMaster(input, nowUs, effects);
        break;
      default:
        // A leader whose lease may have run out does nothing more; the elector's timer is due then.
        if (nowUs >= this.elector.nextTimerUs) this.stepElector({ kind: 'tick' }, nowUs, effects);
        if (!this.hasEnded) this.stepMaster(input, nowUs, effects);
    }
    return effects;
  }

  private stepElector(input: ElectionInput | Tick, nowUs: number, effects: ElectedMasterEffect[]): void {
    for (const effect of this.elector.step(input, nowUs)) this.carryOut(effect, nowUs, effects);
  }

  private carryOut(effect: ElectionEffect, nowUs: number, effects: ElectedMasterEffect[]): void {
    switch (effect.kind) {
      case 'store-request':
      case 'watch':
        effects.push(effect);
        return;
      case 'abort':
        this.hasEnded = true;
        effects.push(effect);
        return;
      default:
        if (!this.hasEnded) this.stepMaster(effect, nowUs, effects);
    }
  }

  private stepMaster(input: MasterInput | Tick, nowUs: number, effects: ElectedMasterEffect[]): void {
    this.journal?.(input, nowUs);
    for (const effect of this.master.step(input, nowUs)) {
      if (this.hasEnded) return;
      if (effect.kind === 'store') this.stepElector(effect, nowUs, effects);
      else if (effect.kind === 'abort') {
        this.stepElector({ kind: 'resign' }, nowUs, effects);
        this.hasEnded = true;
        effects.push(effect);
      } else effects.push(effect);
    }
  }
}
