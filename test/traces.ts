/** Where the real traces lie that tests read; without them tests are skipped, but fail under CI=true. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.env.MESOLAB_TRACES ?? join(import.meta.dirname, '../../shared/traces');

/** Whether tests on real traces are to be skipped here. */
export const lacksTraces = !existsSync(folder) && process.env.CI !== 'true';

export function tracePath(file: string): string {
  return join(folder, file);
}
