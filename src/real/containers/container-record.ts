/** What the agent notes of a container before it starts it, so that a later agent process can look after it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ValueRange } from '../../protocol/v1/mesos.ts';
import { NESTED } from './cgroups.ts';
import type { ContainerLimits } from './limits.ts';

export interface ContainerRecord {
  /** Its group, which names it: ids of containers around it and its own, with `containers` between. */
  readonly group: string;
  /** Relative to the work directory. */
  readonly sandbox: string;
  /** As whom it runs; `null`: as the agent. */
  readonly user: string | null;
  /** `null`: it shares those of the container around it. */
  readonly limits: ContainerLimits | null;
  /** That it may listen on. */
  readonly ports: readonly ValueRange[];
  /** That it has to itself, by number. */
  readonly gpus: readonly number[];
  /** Of the run of the machine that it was started in. */
  readonly bootId: string;
}

const FILE = 'container.json';

export function saveRecord(folder: string, record: ContainerRecord): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, FILE);
  writeFileSync(`${file}.new`, JSON.stringify(record));
  renameSync(`${file}.new`, file);
}

/** All below the folder of a runtime, those around others first. */
export function savedRecords(root: string): readonly ContainerRecord[] {
  return recordsIn(root, '');
}

function recordsIn(root: string, around: string): ContainerRecord[] {
  const folder = join(root, around);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const group = join(around, name);
    const file = join(root, group, FILE);
    // One whose record was not yet written was not yet started.
    if (!existsSync(file)) return [];
    const record = JSON.parse(readFileSync(file, 'utf8')) as ContainerRecord;
    return [record, ...recordsIn(root, join(group, NESTED))];
  });
}
