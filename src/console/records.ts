/** Reads RecordIO (reference §1.3) in a browser: the length in bytes, a line feed, the record. */

const LINE_FEED = 10;

export class Records {
  private rest = new Uint8Array(0);
  private readonly decoder = new TextDecoder();

  /** @returns the records that this chunk completes @throws Error where it is no RecordIO */
  push(chunk: Uint8Array): string[] {
    const bytes = new Uint8Array(this.rest.length + chunk.length);
    bytes.set(this.rest);
    bytes.set(chunk, this.rest.length);
    const records: string[] = [];
    let at = 0;
    for (;;) {
      const end = bytes.indexOf(LINE_FEED, at);
      if (end < 0) break;
      const header = this.decoder.decode(bytes.subarray(at, end));
      if (!/^\d+$/.test(header)) throw new Error(`${JSON.stringify(header)} is no length of a record`);
      const next = end + 1 + Number(header);
      if (next > bytes.length) break;
      records.push(this.decoder.decode(bytes.subarray(end + 1, next)));
      at = next;
    }
    this.rest = bytes.slice(at);
    return records;
  }
}
