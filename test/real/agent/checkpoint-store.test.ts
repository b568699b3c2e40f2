import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CheckpointStore } from '../../../src/real/agent/checkpoint-store.ts';
import { folderOf } from '../../temporary-files.ts';

const SOURCE = join(import.meta.dirname, '../../../src/real/agent/checkpoint-store.ts');

function open(workDir: string, saved: (revision: number) => void = () => {}) {
  return new CheckpointStore(workDir, {
    saved,
    failed(error) {
      throw error;
    },
  });
}

const write = (store: CheckpointStore, revision: number, key: string, value: unknown) =>
  store.write(revision, [{ key, value }]);

/** Another process that counts up and says each number once it is durable. @returns what it said before it was killed */
async function countUntilKilled(workDir: string): Promise<number> {
  const program = `
    import { CheckpointStore } from ${JSON.stringify(SOURCE)};
    let n = 0;
    const next = () => store.write(++n, [{ key: 'n', value: n }, { key: 'at/' + n, value: 'x'.repeat(500) }]);
    const store = new CheckpointStore(${JSON.stringify(workDir)}, {
      saved(revision) { process.stdout.write(revision + '\\n'); next(); },
      failed(error) { throw error; },
    });
    next();`;
  const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  for await (const chunk of child.stdout) {
    said += chunk;
    if (said.length > 1000) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1));
}

describe('checkpoints of an agent', () => {
  it('are there when it starts again: the newest of each key, without what was deleted', async () => {
    const folder = folderOf({});
    const { promise, resolve } = Promise.withResolvers<number>();
    const store = open(folder, resolve);
    write(store, 1, 'a', { limit: Number.POSITIVE_INFINITY, name: 'Infinity' });
    write(store, 2, 'b', 1);
    write(store, 3, 'c', 1);
    write(store, 4, 'b', 2);
    write(store, 5, 'c', null);
    expect(await promise).toBe(5);
    store.close();
    const again = open(folder);
    expect(again.entries()).toEqual({ a: { limit: Number.POSITIVE_INFINITY, name: 'Infinity' }, b: 2 });
    again.keepOnly(['b']);
    expect(again.entries()).toEqual({ b: 2 });
    again.close();
  });

  it('that were called durable outlive kill -9', async () => {
    const folder = folderOf({});
    const said = await countUntilKilled(folder);
    const store = open(folder);
    const entries = store.entries();
    expect(said).toBeGreaterThan(10);
    expect(entries.n).toBeGreaterThanOrEqual(said);
    expect(Object.keys(entries)).toHaveLength(1 + (entries.n as number));
    store.close();
  });

  it('a last record that was half written, or garbled, is left out whole, and no other', async () => {
    const folder = folderOf({});
    await countUntilKilled(folder);
    const log = join(folder, 'meta/checkpoint.db-wal');
    const { size } = statSync(log);
    truncateSync(log, size - 100);
    const file = openSync(log, 'r+');
    writeSync(file, Buffer.alloc(50, 7), 0, 50, size - 2000);
    closeSync(file);
    const store = open(folder);
    const { n, ...rest } = store.entries();
    expect(n).toBeGreaterThan(1);
    expect(Object.keys(rest)).toHaveLength(n as number);
    store.close();
  });

  it('belong to one agent at a time', () => {
    const folder = folderOf({});
    const store = open(folder);
    expect(() => open(folder)).toThrow(`--work_dir ${folder} is in use by another agent`);
    store.close();
    open(folder).close();
  });
});
