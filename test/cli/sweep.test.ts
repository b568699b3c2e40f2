import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import { folderOf } from '../temporary-files.ts';
import { mesolab } from './mesolab.ts';

const EXPERIMENT = `
name: small
traces:
  - { generate: demo, name: tiny, options: { tasks: 400, agents: 10 } }
policies: [fifo, drf]
matrix: { load: [0.8, 1.5] }
replications: { count: 3 }
`;

async function query(file: string, sql: string): Promise<unknown[]> {
  const connection = await (await DuckDBInstance.create()).connect();
  const result = await connection.runAndReadAll(sql.replace('RESULTS', `read_parquet('${file}')`));
  connection.closeSync();
  return result.getRowObjectsJson();
}

/** When each report was written, by its path. */
function reports(folder: string): Record<string, number> {
  const names = (readdirSync(folder, { recursive: true }) as string[]).filter((name) =>
    name.endsWith('report.html'),
  );
  return Object.fromEntries(names.map((name) => [name, statSync(join(folder, name)).mtimeMs]));
}

describe('mesolab sweep', () => {
  test('runs all combinations, compares them, and keeps one table', { timeout: 120_000 }, async () => {
    const folder = folderOf({ 'e.yaml': EXPERIMENT });
    const out = join(folder, 'out');
    const done = await mesolab(['sweep', join(folder, 'e.yaml'), '--out', out]);
    expect(done).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('2 cells × 2 policies × 3 replications: 12 runs'),
    });
    expect(done.stdout).toMatch(/tiny, load=1\.5/);
    expect(done.stdout).toMatch(
      /waitMean: (drf is .* lower than fifo|no difference shown between drf and fifo)/,
    );
    const table = join(out, 'results.parquet');
    const sql =
      'select policy, load, count(*)::int as runs, count(distinct seed)::int as seeds from RESULTS group by all order by all';
    expect(await query(table, sql)).toEqual(
      ['drf', 'fifo'].flatMap((policy) => [0.8, 1.5].map((load) => ({ policy, load, runs: 3, seeds: 3 }))),
    );
    // Both policies saw the same trace, another one in each replication.
    const [{ traces }] = (await query(
      table,
      'select count(distinct folder)::int as traces from RESULTS',
    )) as { traces: number }[];
    expect(traces).toBe(6);

    const drawn = join(folder, 'waits.svg');
    const charted = await mesolab(['chart', 'sweep', out, '-o', drawn, '--figure', 'waitP99']);
    expect(charted).toMatchObject({ code: 0, stdout: `${drawn}\n` });
    const svg = readFileSync(drawn, 'utf8');
    for (const text of ['p99 wait of a job (s)', '>load<', '>fifo<', '>drf<']) expect(svg).toContain(text);
    const misspelt = await mesolab(['chart', 'sweep', out, '-o', drawn, '--figure', 'waitP9']);
    expect([misspelt.code, misspelt.stderr]).toEqual([2, expect.stringContaining('did you mean "waitP99"?')]);
    const unvaried = await mesolab(['chart', 'sweep', out, '-o', drawn, '--over', 'trace']);
    expect([unvaried.code, unvaried.stderr]).toEqual([2, expect.stringContaining('does not vary it')]);

    // More replications are made beside those that are there.
    const before = reports(out);
    const more = folderOf({ 'e.yaml': EXPERIMENT.replace('count: 3', 'count: 4') });
    expect(await mesolab(['sweep', join(more, 'e.yaml'), '--out', out])).toMatchObject({ code: 0 });
    expect(reports(out)).toMatchObject(before);
    expect(Object.keys(reports(out))).toHaveLength(8);

    const other = folderOf({ 'e.yaml': EXPERIMENT.replace('tasks: 400', 'tasks: 500') });
    const refused = await mesolab(['sweep', join(other, 'e.yaml'), '--out', out]);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining('holds the runs of another experiment'),
    ]);
  });

  test('killed in the middle, it goes on where it was, and ends as if it had not been', {
    timeout: 120_000,
  }, async () => {
    const folder = folderOf({ 'e.yaml': EXPERIMENT });
    const args = (out: string) => [
      'sweep',
      join(folder, 'e.yaml'),
      '--out',
      join(folder, out),
      '--workers=1',
      '--json',
    ];
    const killed = await mesolab(args('out'), (child) => {
      const timer = setInterval(() => {
        if (!existsSync(join(folder, 'out')) || Object.keys(reports(join(folder, 'out'))).length < 2) return;
        clearInterval(timer);
        child.kill('SIGKILL');
      }, 20);
    });
    expect(killed.code).toBeNull();
    const before = reports(join(folder, 'out'));
    expect(Object.keys(before).length).toBeLessThan(6);
    const second = await mesolab(args('out'));
    expect(second.code).toBe(0);
    expect(reports(join(folder, 'out'))).toMatchObject(before);
    expect(JSON.parse(second.stdout)).toEqual(JSON.parse((await mesolab(args('whole'))).stdout));
    // What a killed run had begun to write is not counted.
    expect(
      await query(join(folder, 'out/results.parquet'), 'select count(*)::int as n from RESULTS'),
    ).toEqual([{ n: 12 }]);
  });

  // A full disk is one of its own, which root alone may mount.
  test.skipIf(process.getuid?.() !== 0)(
    'a full disk is told of, and with room it goes on',
    {
      timeout: 120_000,
    },
    async () => {
      const folder = folderOf({ 'e.yaml': EXPERIMENT, 'disk/kept': '' });
      const disk = join(folder, 'disk');
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=100k', 'mesolab-test', disk]);
      try {
        const sweep = () => mesolab(['sweep', join(folder, 'e.yaml'), '--out', join(disk, 'out')]);
        const full = await sweep();
        expect([full.code, full.stderr]).toEqual([
          2,
          expect.stringContaining('no space is left on the disk'),
        ]);
        execFileSync('mount', ['-o', 'remount,size=50m', disk]);
        expect(await sweep()).toMatchObject({ code: 0 });
        const sql = 'select count(*)::int as n from RESULTS';
        expect(await query(join(disk, 'out/results.parquet'), sql)).toEqual([{ n: 12 }]);
      } finally {
        execFileSync('umount', [disk]);
      }
    },
  );

  test('adds replications until the figure is precise enough, or there are so many', {
    timeout: 120_000,
  }, async () => {
    const text = EXPERIMENT.replace('count: 3', 'count: 2, precision: 0.0001, max: 4').replace(
      '[0.8, 1.5]',
      '[1.5]',
    );
    const folder = folderOf({ 'e.yaml': text });
    const { code, stdout } = await mesolab([
      'sweep',
      join(folder, 'e.yaml'),
      '--out',
      join(folder, 'out'),
      '--json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)[0].pairs).toBe(4);
  });

  test.each([
    [EXPERIMENT.replace('policies', 'policys'), ':5:', 'has no "policys"; did you mean "policies"?'],
    [EXPERIMENT.replace('{ load:', '{ seed:'), ':6:', '"seed" is set by the sweep'],
    [EXPERIMENT.replace('generate: demo', 'trace: nowhere.csv'), ':4:', 'there is no trace at nowhere.csv'],
    [EXPERIMENT.replace('[0.8, 1.5]', '[]'), ':6:', 'must NOT have fewer than 1 items'],
    [EXPERIMENT.replace('count: 3', 'count: 1, precision: 0.1'), ':7:', 'needs two replications'],
    [EXPERIMENT.replace('[0.8, 1.5]', '[fast]'), '', '--load "fast" is not valid'],
    [EXPERIMENT.replace('[fifo, drf]', '[fifo, dfr]'), '', 'dfr'],
  ])('refuses what cannot be run, with its place: %#', { timeout: 60_000 }, async (text, place, problem) => {
    const folder = folderOf({ 'e.yaml': text });
    const { code, stderr } = await mesolab(['sweep', join(folder, 'e.yaml'), '--out', join(folder, 'out')]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(problem)]);
    if (place !== '') expect(stderr).toContain(`e.yaml${place}`);
    rmSync(join(folder, 'out'), { recursive: true, force: true });
  });

  test('the example is as docs/experiments.md tells', async () => {
    const text = readFileSync('docs/examples/load.yaml', 'utf8');
    expect(readFileSync('docs/experiments.md', 'utf8')).toContain(
      text.split('\n').slice(1).join('\n').trim(),
    );
  });
});
