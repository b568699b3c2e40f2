/**
 * Counts messages and bytes on the network. Bytes are those of the JSON bodies, without headers. Writing out every
 * message would cost more than all else, so of each type a sample is measured (the first ones, then every so many-th)
 * and its mean taken for all.
 */

const MEASURED_FIRST = 8;
const MEASURED_EVERY = 1024;

interface Tally {
  messages: number;
  measured: number;
  measuredBytes: number;
  /** Bytes are by item; for most messages there is one. */
  items: number;
}

export interface TrafficCount {
  readonly messages: number;
  /** Estimated, see above. */
  readonly bytes: number;
}

export class Traffic {
  private readonly tallies = new Map<string, Tally>();

  /** @param type of message, such as `agent/PONG`; its messages should be about equally long */
  count(type: string, message: unknown): void {
    const tally = this.tallyOf(type);
    if (tally.messages < MEASURED_FIRST || tally.messages % MEASURED_EVERY === 0) {
      tally.measured++;
      tally.measuredBytes += JSON.stringify(message).length;
    }
    tally.messages++;
    tally.items++;
  }

  /** A message of many like items: these are counted, and only the first of them is measured. */
  countItems(type: string, items: readonly unknown[]): void {
    const tally = this.tallyOf(type);
    if (items.length > 0 && (tally.messages < MEASURED_FIRST || tally.messages % MEASURED_EVERY === 0)) {
      tally.measured++;
      tally.measuredBytes += JSON.stringify(items[0]).length;
    }
    tally.messages++;
    tally.items += items.length;
  }

  private tallyOf(type: string): Tally {
    let tally = this.tallies.get(type);
    if (tally === undefined) {
      tally = { messages: 0, measured: 0, measuredBytes: 0, items: 0 };
      this.tallies.set(type, tally);
    }
    return tally;
  }

  get total(): TrafficCount {
    let messages = 0;
    let bytes = 0;
    for (const count of Object.values(this.byType())) {
      messages += count.messages;
      bytes += count.bytes;
    }
    return { messages, bytes };
  }

  byType(): Readonly<Record<string, TrafficCount>> {
    const sorted = [...this.tallies].sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(
      sorted.map(([type, { messages, measured, measuredBytes, items }]) => [
        type,
        { messages, bytes: measured === 0 ? 0 : Math.round((measuredBytes / measured) * items) },
      ]),
    );
  }
}
