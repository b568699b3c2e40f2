/** A scheduler's state in a file, which one process at a time has. */
import { DatabaseSync } from 'node:sqlite';
import { InputError } from '../../cluster/errors.ts';
import { fromJson, toJson } from '../json.ts';
import type { SavedState } from './saved-state.ts';

export interface StateFile extends SavedState {
  close(): void;
}

/** @throws InputError where another process has the file, or it cannot be written */
export function openStateFile(path: string): StateFile {
  const database = open(path);
  const put = database.prepare('INSERT OR REPLACE INTO entry (key, value) VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM entry WHERE key = ?');
  return {
    entries() {
      const rows = database.prepare('SELECT key, value FROM entry ORDER BY rowid').all();
      return Object.fromEntries(rows.map(({ key, value }) => [key as string, fromJson(value as string)]));
    },
    write(changes) {
      database.exec('BEGIN');
      for (const { key, value } of changes) {
        if (value === null) remove.run(key);
        else put.run(key, toJson(value));
      }
      database.exec('COMMIT');
    },
    close: () => database.close(),
  };
}

function open(path: string): DatabaseSync {
  try {
    const database = new DatabaseSync(path);
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    database.exec('CREATE TABLE IF NOT EXISTS entry (key TEXT PRIMARY KEY, value TEXT NOT NULL)');
    return database;
  } catch (error) {
    const message = `keeps the state of a scheduler, and cannot be opened: ${(error as Error).message}`;
    throw new InputError('OUTPUT_UNWRITABLE', `${message}; is another process at work with it?`, {
      file: path,
    });
  }
}
