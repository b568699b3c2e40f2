/** Runs the real command line as a child process, in a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LAUNCHER = join(import.meta.dirname, '../../bin/mesolab.js');
export const DEMO = join(import.meta.dirname, '../../traces/demo');

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'mesolab-test-'));

/** @param onStart gets the child, e.g. to send it a signal */
export function mesolab(
  args: readonly string[],
  onStart: (child: ChildProcess) => void = () => {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [LAUNCHER, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    onStart(child);
  });
}
