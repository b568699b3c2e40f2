/** Errors on their way between threads: a message keeps neither an error's class nor its code, and not every error at all. */
import { InputError, type InputErrorCode } from '../../cluster/errors.ts';

export interface PackedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** The user's to mend. */
  readonly inputCode?: InputErrorCode;
  /** As of the file system: `ENOSPC`. */
  readonly code?: string;
}

export function packError(error: unknown): PackedError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: String(error) };
  const { name, message, stack = message } = error;
  if (error instanceof InputError) return { name, message, stack, inputCode: error.code };
  const { code } = error as NodeJS.ErrnoException;
  return { name, message, stack, ...(typeof code === 'string' && { code }) };
}

/** An error that says the same; the place of an InputError is in its message. */
export function unpackError({ name, message, stack, inputCode, code }: PackedError): Error {
  if (inputCode !== undefined) return new InputError(inputCode, message);
  return Object.assign(new Error(message), { name, stack, ...(code !== undefined && { code }) });
}
