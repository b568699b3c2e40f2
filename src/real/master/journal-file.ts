/** A master's journal as a file of JSON lines, from when it leads; `mesolab replay` reads it. */
import { appendFileSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import {
  JOURNAL_LAYOUT,
  type JournalEntry,
  type JournalHeader,
  type MasterSettings,
  type PolicyFile,
} from '../../master/journal.ts';

const FLUSH_MS = 500;

export class JournalFile {
  private readonly file: number;
  private lines: string[];
  private readonly timer: NodeJS.Timeout;

  /** @param version of mesolab */
  constructor(folder: string, settings: MasterSettings, version: string, policyFile: PolicyFile | null) {
    mkdirSync(folder, { recursive: true });
    const header: JournalHeader = { layout: JOURNAL_LAYOUT, version, policyFile, ...settings };
    this.file = openSync(
      join(folder, `${settings.info.hostname}-${settings.info.id.slice(0, 8)}.jsonl`),
      'w',
    );
    this.lines = [JSON.stringify(header)];
    this.timer = setInterval(() => this.flush(), FLUSH_MS);
  }

  add(entry: JournalEntry): void {
    this.lines.push(JSON.stringify(entry));
  }

  close(): void {
    clearInterval(this.timer);
    this.flush();
    closeSync(this.file);
  }

  private flush(): void {
    if (this.lines.length > 0) appendFileSync(this.file, `${this.lines.join('\n')}\n`);
    this.lines = [];
  }
}
