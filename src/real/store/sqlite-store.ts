/**
 * The masters' store in a file of SQLite, for a single master: nothing to install. It has etcd's semantics (a revision that
 * every change raises, transactions, leases), and what it answered is durable. One process at a time has the file.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { InputError } from '../../cluster/errors.ts';
import type { StoreAnswer, StoreEntry, StoreRequest } from '../../master/election-io.ts';
import { Store } from '../../master/store.ts';
import { claimVersion } from '../file-version.ts';
import { fromJson, toJson } from '../json.ts';
import type { MasterStore } from './master-store.ts';

type Watcher = (entry: StoreEntry | null, revision: number) => void;

export class SqliteStore implements MasterStore {
  private readonly database: DatabaseSync;
  private readonly store: Store;
  private readonly put: StatementSync;
  private readonly remove: StatementSync;
  private readonly watchers = new Map<string, Watcher>();

  /** @throws InputError where another master has the file, or it cannot be written */
  constructor(file: string) {
    this.database = open(file);
    this.store = load(this.database);
    this.put = this.database.prepare('INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?)');
    this.remove = this.database.prepare('DELETE FROM entry WHERE key = ?');
  }

  /** @throws Error where it cannot be made durable: nothing is certain any more, and the master must end */
  serve(request: StoreRequest, answered: (answer: StoreAnswer) => void): void {
    answered(this.do(request));
  }

  private do(request: StoreRequest): StoreAnswer {
    const answer = this.store.serve(request, Date.now() * 1000);
    const changes = this.store.takeChanges();
    if (changes.length === 0) return answer;
    this.database.exec('BEGIN');
    for (const { key, entry } of changes) {
      // What a lease holds ends with the process, which has the file to itself.
      if (entry === null || entry.lease !== null) this.remove.run(key);
      else this.put.run(key, toJson(entry.value), entry.createRevision, entry.modRevision);
    }
    this.database.exec(`UPDATE revision SET last = ${this.store.revision}; COMMIT`);
    for (const { key, entry } of changes) this.watchers.get(key)?.(entry, this.store.revision);
    return answer;
  }

  /** Tells of the key's present state at once, and of its changes from now on. */
  watch(key: string, watcher: Watcher): void {
    this.watchers.set(key, watcher);
    watcher(this.store.get(key), this.store.revision);
  }

  close(): void {
    this.database.close();
  }
}

function open(file: string): DatabaseSync {
  try {
    const database = new DatabaseSync(file);
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    database.exec(`CREATE TABLE IF NOT EXISTS entry
      (key TEXT PRIMARY KEY, value TEXT NOT NULL, createRevision INTEGER NOT NULL, modRevision INTEGER NOT NULL)`);
    claimVersion(database, file);
    database.exec('CREATE TABLE IF NOT EXISTS revision (last INTEGER NOT NULL)');
    database.exec('INSERT INTO revision SELECT 1 WHERE NOT EXISTS (SELECT * FROM revision)');
    return database;
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      'OUTPUT_UNWRITABLE',
      `holds a master's registry, and cannot be opened: ${(error as Error).message}; does another master have this --work_dir?`,
      { file },
    );
  }
}

function load(database: DatabaseSync): Store {
  const rows = database
    .prepare('SELECT key, value, createRevision, modRevision FROM entry ORDER BY key')
    .all();
  const [{ last }] = database.prepare('SELECT last FROM revision').all() as [{ readonly last: number }];
  const entries = rows.map(({ key, value, createRevision, modRevision }) => ({
    key: String(key),
    value: fromJson(String(value)),
    createRevision: Number(createRevision),
    modRevision: Number(modRevision),
    lease: null,
  }));
  return new Store(entries, Number(last));
}
