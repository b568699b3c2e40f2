/** A digest over the effects of all steps of all machines: equal digests mean that two runs went the same way. */
import { DecisionDigest } from '../decision-digest.ts';

/** Parts of effects that the digest looks at; the others follow from inputs, which are effects of others. */
interface EffectParts {
  readonly kind: string;
  readonly message?: { readonly type?: string } | string;
  readonly event?: { readonly type?: string; readonly update?: { readonly status: StatusParts } };
  readonly call?: { readonly type?: string; readonly update?: { readonly status: StatusParts } };
  readonly revision?: number;
  readonly status?: number;
}

interface StatusParts {
  readonly task_id: { readonly value: string };
  readonly state: string;
}

export class StepDigest {
  private readonly digest = new DecisionDigest();
  private readonly numbers = new Map<string, number>();

  add(process: string, effects: readonly EffectParts[], timeUs: number): void {
    const number = this.numberOf(process);
    for (const effect of effects) {
      const part =
        effect.event ?? effect.call ?? (typeof effect.message === 'object' ? effect.message : null);
      const status = effect.event?.update?.status ?? effect.call?.update?.status;
      if (status !== undefined)
        this.digest.add(this.numberOf(status.state), hashOf(status.task_id.value), number, timeUs);
      const kind = this.numberOf(effect.kind);
      const detail = part === null ? (effect.revision ?? effect.status ?? 0) : this.numberOf(part.type ?? '');
      this.digest.add(kind, detail, number, timeUs);
    }
  }

  /** 16 hexadecimal digits. */
  toString(): string {
    return this.digest.toString();
  }

  /** Words are numbered as they come; that too is the same in the same run. */
  private numberOf(word: string): number {
    let number = this.numbers.get(word);
    if (number === undefined) {
      number = this.numbers.size;
      this.numbers.set(word, number);
    }
    return number;
  }
}

function hashOf(text: string): number {
  let hash = 0;
  for (let c = 0; c < text.length; c++) hash = (Math.imul(hash, 31) + text.charCodeAt(c)) | 0;
  return hash;
}
