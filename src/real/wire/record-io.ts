/** RecordIO framing (reference §1.3): the payload's length in decimal, a newline, the payload. */
import { WireError } from './wire-error.ts';

const NEWLINE = 0x0a;
/** Digits of the largest length that a number holds exactly. */
const MAX_HEADER = 16;

/** Header and payload in one buffer: some clients take one chunk of the response for one record. */
export function record(payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${payload.length}\n`), payload]);
}

/** Puts records together again, wherever the chunks that they come in were cut. */
export class RecordReader {
  private readonly maxLength: number;
  private header = '';
  /** Of the payload that is under way; `null`: its header is. */
  private parts: Buffer[] | null = null;
  private missing = 0;

  /** @param maxLength of a payload, bytes */
  constructor(maxLength: number) {
    this.maxLength = maxLength;
  }

  /** @returns payloads that are whole now; @throws WireError where this is no RecordIO, or a payload is too long */
  push(chunk: Uint8Array): Buffer[] {
    const whole: Buffer[] = [];
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let at = 0; at < bytes.length; ) {
      if (this.parts === null) {
        at = this.readHeader(bytes, at);
        if (this.parts === null || this.missing > 0) continue;
      }
      const part = bytes.subarray(at, at + this.missing);
      this.parts!.push(part);
      this.missing -= part.length;
      at += part.length;
      if (this.missing > 0) continue;
      whole.push(Buffer.concat(this.parts!));
      this.parts = null;
    }
    return whole;
  }

  private readHeader(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      if (bytes[at] !== NEWLINE) {
        this.header += String.fromCharCode(bytes[at]);
        if (this.header.length > MAX_HEADER) throw this.malformed();
        continue;
      }
      if (!/^\d+$/.test(this.header)) throw this.malformed();
      const length = Number(this.header);
      if (length > this.maxLength)
        throw new WireError(
          `a record of ${length} bytes is longer than the ${this.maxLength} that are taken`,
        );
      this.header = '';
      this.parts = [];
      this.missing = length;
      return at + 1;
    }
    return bytes.length;
  }

  private malformed(): WireError {
    return new WireError(
      `expected the length of a record in decimal digits, found ${JSON.stringify(this.header)}`,
    );
  }
}
