/** Errors that are the user's to mend: they say where, what was found, and how to go on. Exit code 2. */

export interface ErrorPlace {
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based: the column of the first wrong character, or of the field. */
  readonly column?: number;
}

/** Every kind of user error. The code is stable; `docs/errors.md` lists them with their mend. */
export type InputErrorCode =
  | 'FILE_MISSING'
  | 'FILE_IS_DIRECTORY'
  | 'FILE_UNREADABLE'
  | 'FILE_TRUNCATED'
  | 'FORMAT_UNKNOWN'
  | 'TRACE_EMPTY'
  | 'ROW_COLUMNS'
  | 'ROW_VALUE'
  | 'ROW_ORDER'
  | 'ROW_DUPLICATE'
  | 'OPTION_VALUE'
  | 'OPTION_CONFLICT'
  | 'POLICY_UNKNOWN'
  | 'POLICY_INVALID'
  | 'CLUSTER_INVALID'
  | 'CONFIG_INVALID'
  | 'OUTPUT_UNWRITABLE'
  | 'RUN_INVALID';

export class InputError extends Error {
  readonly code: InputErrorCode;
  readonly place: ErrorPlace;

  /** @param message what was found, what was expected and how to go on, in one sentence without the place. */
  constructor(code: InputErrorCode, message: string, place: ErrorPlace = {}) {
    super(`${formatPlace(place)}${message}`);
    this.name = 'InputError';
    this.code = code;
    this.place = place;
  }
}

/** `file:line:column: `, or as much of it as is known. */
function formatPlace({ file, line, column }: ErrorPlace): string {
  const parts = [file, line, column].filter((part) => part !== undefined);
  return parts.length === 0 ? '' : `${parts.join(':')}: `;
}
