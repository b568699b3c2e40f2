/** Writes journals of masters (src/master/journal.ts): a file of JSON lines for each master that came to lead. */
import { appendFileSync, closeSync, mkdirSync, openSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../../cluster/errors.ts';
import { claimTemporaryPath, releaseTemporaryPath } from '../../files/unfinished.ts';
import {
  JOURNAL_LAYOUT,
  type JournalEntry,
  type JournalHeader,
  type MasterSettings,
  type PolicyFile,
} from '../../master/journal.ts';
import { VERSION } from '../version.ts';

/** Lines are gathered up to so many characters before they are written. */
const BUFFER_LENGTH = 1 << 20;

interface OpenJournal {
  readonly path: string;
  readonly temporary: string;
  lines: string[];
  length: number;
  /** `null`: the master has not led yet. */
  file: number | null;
}

export interface JournalWriter {
  write(settings: MasterSettings, entry: JournalEntry): void;
  /** Gives the files their names. @returns their paths */
  finish(): string[];
}

/** @param folder is made; @throws InputError OUTPUT_UNWRITABLE */
export function startJournals(folder: string, policyFile: PolicyFile | null): JournalWriter {
  const journals = new Map<string, OpenJournal>();
  const open = (settings: MasterSettings): OpenJournal => {
    const path = join(folder, `${settings.info.hostname}-${settings.info.id.slice(0, 8)}.jsonl`);
    const header: JournalHeader = { layout: JOURNAL_LAYOUT, version: VERSION, policyFile, ...settings };
    const lines = [JSON.stringify(header)];
    return { path, temporary: claimTemporaryPath(path), lines, length: 0, file: null };
  };
  const flush = (journal: OpenJournal) => {
    if (journal.file === null) return;
    appendFileSync(journal.file, `${journal.lines.join('\n')}\n`);
    journal.lines = [];
    journal.length = 0;
  };
  return {
    write(settings, entry) {
      let journal = journals.get(settings.info.id);
      if (journal === undefined) {
        journal = open(settings);
        journals.set(settings.info.id, journal);
      }
      const line = JSON.stringify(entry);
      journal.lines.push(line);
      journal.length += line.length;
      if (entry.input.kind === 'elected') journal.file = openFile(journal);
      if (journal.length > BUFFER_LENGTH) flush(journal);
    },
    finish() {
      const led = [...journals.values()].filter(({ file }) => file !== null);
      for (const journal of led) {
        flush(journal);
        closeSync(journal.file!);
        renameSync(journal.temporary, journal.path);
      }
      for (const { temporary } of journals.values()) releaseTemporaryPath(temporary);
      return led.map(({ path }) => path);
    },
  };
}

function openFile({ path, temporary }: OpenJournal): number {
  try {
    mkdirSync(dirname(path), { recursive: true });
    return openSync(temporary, 'w');
  } catch (error) {
    throw new InputError(
      'OUTPUT_UNWRITABLE',
      `the journal cannot be written (${(error as NodeJS.ErrnoException).code}); choose another --journal folder`,
      { file: path },
    );
  }
}
