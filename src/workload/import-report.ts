/** Counts what an importer read and left out. */
import { InputError } from '../cluster/errors.ts';
import type { ImportReport } from './importers/importer.ts';

/** @param skipsBadRows count malformed rows rather than stop at the first */
export function newImportReport(skipsBadRows: boolean): ImportReport {
  const leftOut = new Map<string, number>();
  const leaveOut = (reason: string) => {
    leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
  };
  return {
    rows: new Map(),
    leftOut,
    notes: [],
    leaveOut,
    badRow(error) {
      if (!skipsBadRows || !(error instanceof InputError)) throw error;
      leaveOut('malformed row');
    },
  };
}
