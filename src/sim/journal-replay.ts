/** Steps a journal into a master made anew, and, if wanted, into one with another policy beside it. */
import type { MasterEffect } from '../master/io.ts';
import { createMaster, effectsDigest, type JournalEntry, type JournalHeader } from '../master/journal.ts';
import type { Master } from '../master/master.ts';
import type { Policy } from '../policies/policy.ts';
import type { Offer } from '../protocol/v1/mesos.ts';
import { Resources } from '../resources/resources.ts';

export interface Difference {
  readonly nowUs: number;
  /** As text: which framework was offered what of which agent. */
  readonly original: readonly string[];
  readonly other: readonly string[];
}

export class JournalReplay {
  readonly master: Master;
  /** Steps whose effects were offers. */
  offeringSteps = 0;
  /** Of those before the two policies parted. */
  equalSteps = 0;
  /** Where they part; `null`: nowhere so far. */
  firstDifference: Difference | null = null;
  private readonly other: Master | null;

  /** @param other `null`: only the journal's own policy is replayed */
  constructor(header: JournalHeader, policy: Policy, other: Policy | null) {
    this.master = createMaster(header, policy);
    this.other = other && createMaster(header, other);
  }

  /** @returns whether the effects are those of the journal */
  step({ input, nowUs, digest }: JournalEntry): boolean {
    const effects = this.master.step(input, nowUs);
    const offers = offersOf(this.master, effects);
    if (offers.length > 0) this.offeringSteps++;
    if (this.other !== null && this.firstDifference === null) {
      const others = offersOf(this.other, this.other.step(input, nowUs));
      if (offers.join() === others.join()) this.equalSteps += offers.length > 0 ? 1 : 0;
      // From here on, inputs answer offers that the other policy never made.
      else this.firstDifference = { nowUs, original: offers, other: others };
    }
    return effectsDigest(effects) === digest;
  }
}

function offersOf(master: Master, effects: readonly MasterEffect[]): string[] {
  return effects.flatMap((effect) => {
    if (effect.kind !== 'event' || effect.event.type !== 'OFFERS') return [];
    const framework = master.state.frameworkOfStream.get(effect.stream)?.info.name ?? '?';
    return (effect.event.offers?.offers ?? []).map((offer) => `${framework}: ${offerText(offer)}`);
  });
}

function offerText({ hostname, resources }: Offer): string {
  return `${hostname} ${Resources.of(resources).unallocated()}`;
}
