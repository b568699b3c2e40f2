/** Versions of our files in SQLite: of the version that wrote them or one before, else they are refused. */
import type { DatabaseSync } from 'node:sqlite';
import { InputError } from '../cluster/errors.ts';

/** Files of before versions were counted have 0, and are read as they are. */
const CURRENT = 1;

/** @throws InputError where a newer version wrote it */
export function claimVersion(database: DatabaseSync, file: string): void {
  const { user_version: found } = database.prepare('PRAGMA user_version').get() as {
    readonly user_version: number;
  };
  if (found > CURRENT)
    throw new InputError(
      'FORMAT_UNKNOWN',
      `a newer mesolab wrote this (layout ${found}, this one knows ${CURRENT}); use that one, or another --work_dir`,
      { file },
    );
  if (found < CURRENT) database.exec(`PRAGMA user_version = ${CURRENT}`);
}
