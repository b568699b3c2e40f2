/** A body that is not the message it should be: what is wrong, and where. */
export class WireError extends Error {
  /** @param pointer JSON pointer (RFC 6901) into the message; empty: the whole */
  constructor(problem: string, pointer = '') {
    super(pointer === '' ? problem : `${pointer}: ${problem}`);
    this.name = 'WireError';
  }
}
