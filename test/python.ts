/** Python with packages that a test needs, installed once beside the other modules. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const CACHE = join(import.meta.dirname, '../node_modules/.cache/mesolab-python');
const run = promisify(execFile);

/** @param packages with their versions @returns the interpreter */
export async function pythonWith(...packages: string[]): Promise<string> {
  const folder = join(CACHE, packages.join('-').replaceAll(/[^\w.-]+/g, '-'));
  const mark = join(folder, 'installed');
  if (!existsSync(mark)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await run('python3', ['-m', 'venv', folder]);
    await run(join(folder, 'bin/pip'), ['install', '-q', ...packages]);
    writeFileSync(mark, '');
  }
  return join(folder, 'bin/python');
}
