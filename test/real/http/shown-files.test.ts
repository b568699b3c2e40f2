import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FileRefusal, ShownFiles } from '../../../src/real/http/shown-files.ts';
import { folderOf } from '../../temporary-files.ts';

function shown() {
  const folder = folderOf({
    'shown/runs/1/stdout': 'hello',
    'shown/runs/1/big': 'x'.repeat(100_000),
    'shown/runs/1/sub/file': '',
    secret: 'secret',
    'shown-too/file': 'no',
    'volume/data': 'kept',
  });
  symlinkSync('1', join(folder, 'shown/runs/latest'));
  const run = join(folder, 'shown/runs/1');
  symlinkSync('/etc/passwd', join(run, 'link'));
  symlinkSync('../../../secret', join(run, 'climb'));
  symlinkSync('..', join(run, 'up'));
  symlinkSync('../../../volume', join(run, 'volume'));
  const allowed = [join(folder, 'shown'), join(folder, 'volume')];
  const roots = [
    { path: '/work', folder: join(folder, 'shown') },
    { path: join(folder, 'shown'), folder: join(folder, 'shown') },
  ];
  return { folder, run, files: new ShownFiles(() => roots, allowed) };
}

describe('files that are shown', () => {
  it('are read by the names of their folders, in parts', async () => {
    const { files, run } = shown();
    for (const path of [
      '/work/runs/latest/stdout',
      'work/runs/1/stdout',
      `${run}/stdout`,
      `${run}/sub/../stdout`,
    ])
      expect(await files.read(path, 1, 3)).toEqual({ size: 5, data: Buffer.from('ell') });
    expect((await files.read('/work/runs/1/big', 0, null)).data).toHaveLength(65_536);
    expect((await files.read('/work/runs/1/big', 65_536, 1_000_000)).data).toHaveLength(34_464);
    expect(await files.read('/work/runs/1/stdout', 9, null)).toEqual({ size: 5, data: Buffer.alloc(0) });
    appendFileSync(join(run, 'stdout'), ' world');
    expect((await files.read('/work/runs/1/stdout', 5, null)).data.toString()).toBe(' world');
    expect((await files.read('/work/runs/1/volume/data', 0, null)).data.toString()).toBe('kept');
    const all: Buffer[] = [];
    for await (const part of files.readAll('/work/runs/1/big')) all.push(part);
    expect(Buffer.concat(all)).toHaveLength(100_000);
  });

  it('are listed with what they are', async () => {
    const { files } = shown();
    const infos = await files.list('/work/runs/latest');
    expect(infos.map(({ path }) => path)).toEqual(
      ['big', 'climb', 'link', 'stdout', 'sub', 'up', 'volume'].map((name) => `/work/runs/latest/${name}`),
    );
    expect(infos[3]).toMatchObject({ nlink: 1, size: 5, uid: expect.any(String) });
    expect(infos[3].mode! & 0o170000).toBe(0o100000);
  });

  it('are not what lies outside, whatever leads there', async () => {
    const { files, folder, run } = shown();
    const outside = [
      '/etc/passwd',
      '/work/../secret',
      '/work/../../etc/passwd',
      '/work/runs/1/link',
      '/work/runs/1/climb',
      '/work/runs/1/up/../../secret',
      '/work-too/file',
      `${folder}/shown-too/file`,
      `${folder}/secret`,
      '/work/runs/1/stdout\0.txt',
      '/work/nothing',
    ];
    for (const path of outside) {
      const refusal = await files.read(path, 0, null).then(
        () => null,
        (error: FileRefusal) => error,
      );
      expect([path, refusal?.status]).toEqual([path, 404]);
    }
    await expect(files.list('/work/../..')).rejects.toThrow('cannot be found');
    await expect(files.read('/work/runs', 0, null)).rejects.toThrow('is a directory');
    await expect(files.list('/work/runs/1/stdout')).rejects.toThrow('is not a directory');
    await expect(files.read('', 0, null)).rejects.toThrow("Expecting 'path=value'");
    execFileSync('mkfifo', [join(run, 'pipe')]);
    await expect(files.read('/work/runs/1/pipe', 0, null)).rejects.toThrow('cannot be found');
    mkdirSync(join(run, 'late'));
    writeFileSync(join(run, 'late/file'), 'late');
    expect((await files.read('/work/runs/1/late/file', 0, null)).size).toBe(4);
  });
});
