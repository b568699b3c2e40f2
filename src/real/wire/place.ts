/** Where in a message a reader is, and which required fields it did not find on its way. */
import { WireError } from './wire-error.ts';

/** Fields, list indices and map keys on the way down; protobuf's own readers stop at 100 messages, too. */
const MAX_STEPS = 200;
const MAX_LISTED = 20;

export class Place {
  private readonly steps: (string | number)[] = [];
  private readonly missing: string[] = [];
  /** Whether values must have the form of our code already. */
  readonly isExact: boolean;

  constructor(isExact = false) {
    this.isExact = isExact;
  }

  /** Goes down; nobody needs to come back up by `leave` once something is wrong. */
  enter(step: string | number): void {
    if (this.steps.length === MAX_STEPS) throw new WireError('the message is nested too deeply');
    this.steps.push(step);
  }

  leave(): void {
    this.steps.pop();
  }

  /** A required field of the message here is not there. */
  miss(name: string): void {
    this.missing.push(this.pointer(name));
  }

  error(problem: string): WireError {
    return new WireError(problem, this.pointer());
  }

  /** @throws WireError if required fields were missing: it lists them */
  finish(): void {
    const { missing } = this;
    if (missing.length === 0) return;
    const listed = missing.slice(0, MAX_LISTED).join(', ');
    const more = missing.length > MAX_LISTED ? ` and ${missing.length - MAX_LISTED} more` : '';
    throw new WireError(`missing required fields: ${listed}${more}`);
  }

  private pointer(...further: readonly string[]): string {
    return [...this.steps, ...further]
      .map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`)
      .join('');
  }
}
