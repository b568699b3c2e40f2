import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folderOf } from '../temporary-files.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');

function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, 'agent', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function refused(...args: readonly string[]) {
  const child = start(...args);
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, 'close');
  return [code, said];
}

describe('mesolab agent', () => {
  it('says what of its flags is wrong', async () => {
    const workDir = folderOf({});
    expect(await refused('--work_dir', workDir)).toEqual([
      2,
      'error: --master is missing; give it, or set MESOS_MASTER [OPTION_VALUE]\n',
    ]);
    const [code, said] = await refused('--work_dir', workDir, '--master=nowhere');
    expect([code, said]).toEqual([2, expect.stringContaining('expected HOST:PORT, such as 10.0.0.1:5050')]);
  });

  it('says what holds its tasks, looks for its master, and ends when it is told', async () => {
    const child = start(
      '--work_dir',
      folderOf({}),
      '--master=127.0.0.1:1',
      '--port=0',
      '--isolation=posix/cpu',
    );
    const lines: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      lines.push(line.replace(/^\S+ /, ''));
      if (line.includes('cannot be reached')) child.kill('SIGTERM');
    }
    if (child.exitCode === null) await once(child, 'exit');
    expect(child.exitCode).toBe(0);
    expect(lines[0]).toContain('no limits hold: --isolation asks for none');
    expect(lines).toContain('master 127.0.0.1:1 cannot be reached: ECONNREFUSED');
    expect(lines.at(-1)).toBe('Agent was stopped');
  });
});
