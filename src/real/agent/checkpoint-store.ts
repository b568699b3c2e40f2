/**
 * What an agent has on disk, in `<work_dir>/meta/checkpoint.db`. One agent at a time has it: the lock is the kernel's,
 * so that it goes with the process. Changes of one turn of the event loop are one transaction.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { CheckpointChange, CheckpointEntries } from '../../agent/io.ts';
import { InputError } from '../../cluster/errors.ts';
import { claimVersion } from '../file-version.ts';
import { fromJson, toJson } from '../json.ts';

const SQLITE_BUSY = 5;

export interface CheckpointListener {
  /** The changes of this revision, and of all before it, are durable. */
  saved(revision: number): void;
  /** Nothing can be made durable any more. */
  failed(error: Error): void;
}

export class CheckpointStore {
  private readonly database: DatabaseSync;
  private readonly put: StatementSync;
  private readonly remove: StatementSync;
  private readonly listener: CheckpointListener;
  private waiting: CheckpointChange[] = [];
  private revision: number | null = null;
  private turn: NodeJS.Immediate | null = null;

  /** @throws InputError where another agent has the work directory, or it cannot be written */
  constructor(workDir: string, listener: CheckpointListener) {
    this.listener = listener;
    this.database = open(workDir);
    this.put = this.database.prepare('INSERT OR REPLACE INTO entry (key, value) VALUES (?, ?)');
    this.remove = this.database.prepare('DELETE FROM entry WHERE key = ?');
  }

  entries(): CheckpointEntries {
    const rows = this.database.prepare('SELECT key, value FROM entry ORDER BY rowid').all();
    return Object.fromEntries(rows.map(({ key, value }) => [key as string, fromJson(value as string)]));
  }

  write(revision: number, changes: readonly CheckpointChange[]): void {
    this.waiting.push(...changes);
    this.revision = revision;
    this.turn ??= setImmediate(() => this.commit());
  }

  /** All is forgotten but these keys, at once. */
  keepOnly(keys: readonly string[]): void {
    if (this.turn !== null) this.commit();
    const kept = keys.map(() => '?').join(', ');
    this.database.prepare(`DELETE FROM entry WHERE key NOT IN (${kept})`).run(...keys);
  }

  close(): void {
    if (this.turn !== null) this.commit();
    this.database.close();
  }

  private commit(): void {
    clearImmediate(this.turn!);
    const { waiting, revision } = this;
    this.turn = null;
    this.waiting = [];
    try {
      this.database.exec('BEGIN');
      for (const { key, value } of waiting) {
        if (value === null) this.remove.run(key);
        else this.put.run(key, toJson(value));
      }
      this.database.exec('COMMIT');
    } catch (error) {
      this.listener.failed(error as Error);
      return;
    }
    this.listener.saved(revision!);
  }
}

function open(workDir: string): DatabaseSync {
  const meta = join(workDir, 'meta');
  const file = join(meta, 'checkpoint.db');
  try {
    mkdirSync(meta, { recursive: true });
    const database = new DatabaseSync(file);
    // In this order: with the lock held from the first read on, there is no shared memory to lose.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    database.exec('CREATE TABLE IF NOT EXISTS entry (key TEXT PRIMARY KEY, value TEXT NOT NULL)');
    database.exec('BEGIN IMMEDIATE; COMMIT');
    claimVersion(database, file);
    return database;
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { errcode, message } = error as Error & { readonly errcode?: number };
    throw errcode === SQLITE_BUSY
      ? new InputError(
          'OPTION_CONFLICT',
          `--work_dir ${workDir} is in use by another agent; stop that one, or give this one a directory of its own`,
        )
      : new InputError(
          'OUTPUT_UNWRITABLE',
          `the agent keeps its state here, and cannot: ${message}; give a --work_dir that it may write`,
          { file },
        );
  }
}
