/**
 * A 64-bit digest of the sequence of decisions: which task started where and when, and which was stopped. Integer
 * arithmetic only, so that TypeScript and Rust agree to the bit. Not cryptographic.
 */

export const DECISION_START = 1;
export const DECISION_STOP = 2;

export class DecisionDigest {
  private high = 0x9e3779b9 | 0;
  private low = 0x7f4a7c15 | 0;

  add(kind: number, task: number, agent: number, timeUs: number): void {
    const timeHigh = Math.floor(timeUs / 2 ** 32);
    this.mix(kind);
    this.mix(task);
    this.mix(agent);
    this.mix(timeHigh);
    this.mix(timeUs - timeHigh * 2 ** 32);
  }

  /** 16 hexadecimal digits. */
  toString(): string {
    return [this.high, this.low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
  }

  /** Two lanes of multiply, xor and rotate; each lane feeds the other. @param word its low 32 bits count */
  private mix(word: number): void {
    let h = Math.imul(this.high ^ (word | 0), 0x85ebca6b);
    h = (h << 13) | (h >>> 19);
    let l = Math.imul(this.low ^ h, 0xc2b2ae35);
    l = (l << 17) | (l >>> 15);
    this.high = (h + l) | 0;
    this.low = (l ^ word) | 0;
  }
}
