/** What is fetched into a sandbox, and what is refused; nothing is ever written outside of it. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CommandInfoURI } from '../../../src/protocol/v1/mesos.ts';
import { Fetcher } from '../../../src/real/containers/fetcher/fetcher.ts';

let root: string;
let sandbox: string;
let server: Server;
let address: string;
let asked: string[];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'mesolab-fetch-'));
  sandbox = join(root, 'inside/sandbox');
  mkdirSync(sandbox, { recursive: true });
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url!);
    if (request.url === '/moved') response.writeHead(302, { location: '/file.txt' }).end();
    else if (request.url === '/stalled') response.writeHead(200, { 'content-length': '10' }).write('x');
    else if (request.url?.startsWith('/file')) response.end(`content of ${request.url}`);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(root, { recursive: true });
});

function fetcher(fetcherCacheBytes = 1000): Fetcher {
  return new Fetcher({ folder: join(root, 'fetched'), fetcherCacheBytes, fetcherStallTimeoutMs: 300 });
}

function fetch(...uris: CommandInfoURI[]): Promise<void> {
  return fetcher().fetch({ uris, sandbox, user: null, signal: new AbortController().signal });
}

function content(name: string): string {
  return readFileSync(join(sandbox, name), 'utf8');
}

test('files come by http, by path and by file URL, under their own or another name', async () => {
  const local = join(root, 'local file');
  writeFileSync(local, 'local');
  await fetch(
    { value: `${address}/file.txt?query=1` },
    { value: `${address}/moved`, output_file: 'deep/er/name' },
    { value: local },
    { value: new URL(`file://${local}`).href, output_file: 'program', executable: true },
  );
  expect(content('file.txt')).toBe('content of /file.txt?query=1');
  expect(content('deep/er/name')).toBe('content of /file.txt');
  expect(content('local file')).toBe('local');
  expect(statSync(join(sandbox, 'program')).mode & 0o777).toBe(0o755);
  expect(statSync(join(sandbox, 'local file')).mode & 0o777).toBe(0o644);
});

test.each([
  ['/missing', 'the server answered 404'],
  ['/stalled', 'Body Timeout'],
])('%s is not had, and it is said why', async (path, problem) => {
  const uri = `${address.replace('//', '//name:secret@')}${path}`;
  const failure = await fetch({ value: uri }).catch((error: Error) => error.message);
  expect(failure).toContain(`Failed to fetch ${address}${path}: `);
  expect(failure).toContain(problem);
  expect(failure).not.toContain('secret');
  expect(readdirSync(sandbox)).toEqual([]);
  expect(readdirSync(join(root, 'fetched'))).toEqual([]);
});

test.each([
  [{ value: '/etc/hostname', output_file: '../escaped' }],
  [{ value: '/etc/hostname', output_file: '/tmp/escaped' }],
  [{ value: '/etc/hostname', output_file: 'a/../../escaped' }],
  [{ value: 'http://host/' }],
  [{ value: 'http://host/..%2f' }],
  [{ value: 'hdfs://host/file' }],
  [{ value: 'relative/path' }],
])('%j is refused', async (uri) => {
  await expect(fetch(uri)).rejects.toThrow('Failed to fetch');
  expect(readdirSync(join(root, 'inside'))).toEqual(['sandbox']);
  expect(readdirSync(sandbox)).toEqual([]);
});

test('a link in the sandbox is replaced, not followed', async () => {
  symlinkSync('../..', join(sandbox, 'folder'));
  symlinkSync('../../victim', join(sandbox, 'file'));
  await fetch({ value: `${address}/file`, output_file: 'folder/file' }, { value: `${address}/file` });
  expect(content('folder/file')).toBe('content of /file');
  expect(content('file')).toBe('content of /file');
  expect(readdirSync(root).sort()).toEqual(['fetched', 'inside']);
});

test('what is cached is fetched once, also by several at once, until others need its room', async () => {
  const shared = fetcher(50);
  const get = (name: string, path: string) =>
    shared.fetch({
      uris: [{ value: address + path, output_file: name, cache: true }],
      sandbox,
      user: null,
      signal: new AbortController().signal,
    });
  await Promise.all([get('same', '/file-1'), get('same', '/file-1'), get('same', '/file-1')]);
  expect(asked).toEqual(['/file-1']);
  await get('same', '/file-2');
  await get('same', '/file-1');
  await get('same', '/file-3');
  expect(asked).toEqual(['/file-1', '/file-2', '/file-3']);
  await get('same', '/file-1');
  await get('same', '/file-2');
  expect(asked).toEqual(['/file-1', '/file-2', '/file-3', '/file-2']);
  await expect(get('same', '/missing')).rejects.toThrow('404');
  await expect(get('same', '/missing')).rejects.toThrow('404');
  expect(asked.filter((path) => path === '/missing')).toHaveLength(2);
  const kept = readdirSync(join(root, 'fetched')).map((name) => statSync(join(root, 'fetched', name)).size);
  expect(kept.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(50);
});

describe('archives', () => {
  const made = () => join(root, 'made');
  const python = (script: string, ...args: string[]) =>
    execFileSync('python3', ['-W', 'ignore', '-c', script, ...args]);

  beforeEach(() => {
    mkdirSync(join(made(), 'sub'), { recursive: true });
    writeFileSync(join(made(), 'sub/run'), '#!/bin/sh\n');
    chmodSync(join(made(), 'sub/run'), 0o755);
    symlinkSync('sub/run', join(made(), 'link'));
    symlinkSync('../link', join(made(), 'sub/up'));
  });

  test.each([
    ['a.tar', '-cf'],
    ['a.tar.gz', '-czf'],
    ['a.tgz', '-czf'],
    ['a.tar.bz2', '-cjf'],
    ['a.tar.xz', '-cJf'],
  ])('%s is unpacked', async (name, option) => {
    const archive = join(root, name);
    execFileSync('tar', [option, archive, '-C', made(), '.']);
    await fetch({ value: archive });
    expect(content('sub/up')).toBe('#!/bin/sh\n');
    expect(statSync(join(sandbox, 'sub/run')).mode & 0o777).toBe(0o755);
  });

  test('a zip is unpacked, with links and modes', async () => {
    writeZip([
      ['sub/', '', 0o40755],
      ['sub/run', '#!/bin/sh\n', 0o100755],
      ['link', 'sub/run', 0o120777],
    ]);
    await fetch({ value: join(root, 'a.zip') });
    expect(content('link')).toBe('#!/bin/sh\n');
    expect(statSync(join(sandbox, 'sub/run')).mode & 0o777).toBe(0o755);
  });

  test('a compressed file is decompressed, and an archive that is not to be is left as it is', async () => {
    writeFileSync(join(root, 'words'), 'some words');
    execFileSync('gzip', [join(root, 'words')]);
    execFileSync('tar', ['-cf', join(root, 'a.tar'), '-C', made(), '.']);
    await fetch({ value: join(root, 'words.gz') }, { value: join(root, 'a.tar'), extract: false });
    expect(content('words')).toBe('some words');
    expect(existsSync(join(sandbox, 'sub'))).toBe(false);
  });

  test.each(['a.tar', 'a.tar.gz', 'a.tar.bz2', 'a.tar.xz', 'a.zip', 'a.gz'])(
    '%s with garbage in it is refused',
    async (name) => {
      writeFileSync(join(root, name), Buffer.alloc(2000, 'garbage'));
      await expect(fetch({ value: join(root, name) })).rejects.toThrow(
        `Failed to fetch ${join(root, name)}: `,
      );
    },
  );

  const symlink = 0o120777;
  const file = 0o100644;
  const climbing: readonly (readonly [string, readonly (readonly [string, string, number])[]])[] = [
    [
      'a path with ..',
      [
        ['ok', '', file],
        ['../escaped', '', file],
      ],
    ],
    ['an absolute path', [['/tmp/mesolab-escaped', '', file]]],
    ['a link to the outside', [['l', '../..', symlink]]],
    ['an absolute link', [['l', '/tmp', symlink]]],
    [
      'a file through a link',
      [
        ['l', 'd', symlink],
        ['l/escaped', '', file],
      ],
    ],
    [
      'a link that goes out by another',
      [
        ['d/x', '..', symlink],
        ['y', 'd/x/..', symlink],
      ],
    ],
    [
      'a file in place of a link',
      [
        ['l', 'd', symlink],
        ['l', '', file],
      ],
    ],
  ];

  test.each(climbing)('a tar with %s is refused whole', async (_, entries) => {
    python(
      `import json, sys, tarfile, io
with tarfile.open(sys.argv[1], 'w') as tar:
    for name, content, mode in json.loads(sys.argv[2]):
        info = tarfile.TarInfo(name)
        if mode == 0o120777:
            info.type, info.linkname = tarfile.SYMTYPE, content
        tar.addfile(info, io.BytesIO())`,
      join(root, 'a.tar'),
      JSON.stringify(entries),
    );
    await expect(fetch({ value: join(root, 'a.tar') })).rejects.toThrow('leads out of its folder');
    expectNothingUnpacked('a.tar');
  });

  test('an archive may not use links that another one left', async () => {
    mkdirSync(join(sandbox, 'x'));
    symlinkSync('..', join(sandbox, 'x/y'));
    mkdirSync(join(root, 'second/x/y'), { recursive: true });
    symlinkSync('../..', join(root, 'second/x/y/l'));
    execFileSync('tar', ['-cf', join(root, 'b.tar'), '-C', join(root, 'second'), 'x/y/l']);
    await expect(fetch({ value: join(root, 'b.tar') })).rejects.toThrow('leads out of its folder');
    expect(readdirSync(sandbox).sort()).toEqual(['b.tar', 'x']);
  });

  test('hard links to the outside and devices are refused', async () => {
    for (const [type, problem] of [
      ["tarfile.LNKTYPE, '../../../made/sub/run'", 'leads out of its folder'],
      ["tarfile.CHRTYPE, ''", 'neither file, folder nor link'],
    ]) {
      python(
        `import sys, tarfile
with tarfile.open(sys.argv[1], 'w') as tar:
    info = tarfile.TarInfo('x')
    info.type, info.linkname = ${type}
    tar.addfile(info)`,
        join(root, 'a.tar'),
      );
      await expect(fetch({ value: join(root, 'a.tar') })).rejects.toThrow(problem);
      expectNothingUnpacked('a.tar');
    }
  });

  test.each(climbing)('a zip with %s is refused whole', async (_, entries) => {
    writeZip(entries);
    await expect(fetch({ value: join(root, 'a.zip') })).rejects.toThrow(
      /leads out of its folder|invalid relative path|absolute path/,
    );
    expectNothingUnpacked('a.zip');
  });

  function writeZip(entries: readonly (readonly [string, string, number])[]): void {
    python(
      `import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as archive:
    for name, content, mode in json.loads(sys.argv[2]):
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        archive.writestr(info, content)`,
      join(root, 'a.zip'),
      JSON.stringify(entries),
    );
  }

  function expectNothingUnpacked(name: string): void {
    expect(readdirSync(sandbox)).toEqual([name]);
    expect(readdirSync(join(root, 'inside'))).toEqual(['sandbox']);
    expect(existsSync('/tmp/mesolab-escaped')).toBe(false);
    expect(existsSync(join(root, 'escaped'))).toBe(false);
  }
});
