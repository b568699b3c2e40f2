import { chmod, mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRuns } from '../../src/results/find-runs.ts';
import { openRun, readRun, writeRun } from '../../src/results/run-directory.ts';
import { sampleRun } from './sample-run.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesolab-results-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('a run directory', () => {
  it('gives back what was written, not-a-number and all', async () => {
    const run = sampleRun();
    await writeRun(join(folder, 'a/b/run'), run);
    expect(await readRun(join(folder, 'a/b/run'))).toEqual(run);
  });

  it('keeps empty tables', async () => {
    const run = sampleRun();
    const empty = { timeSeconds: new Float64Array(), utilisation: new Float64Array() };
    const clusterOverTime = { ...empty, resource: [], fragmentation: new Float64Array() };
    await writeRun(join(folder, 'run'), { ...run, tables: { ...run.tables, clusterOverTime } });
    expect((await readRun(join(folder, 'run'))).tables.clusterOverTime).toEqual(clusterOverTime);
  });

  it('reads single tables lazily', async () => {
    const run = sampleRun();
    await writeRun(join(folder, 'run'), run);
    const stored = await openRun(join(folder, 'run'));
    expect(stored.summary).toEqual(run.summary);
    expect(await stored.table('jobs')).toEqual(run.tables.jobs);
  });

  it('keeps tables of several row groups in order', async () => {
    const rows = 1_200_000;
    const job = Int32Array.from({ length: rows }, (_, task) => task >> 2);
    const startSeconds = Float64Array.from(job, (_, task) => (task % 7 === 0 ? Number.NaN : task / 8));
    const state = Array.from(job, (_, task) => (task % 3 === 0 ? 'failed' : 'finished'));
    const tasks = { job, agent: job, startSeconds, endSeconds: startSeconds, attempts: job, state };
    const run = sampleRun();
    await writeRun(join(folder, 'run'), { ...run, tables: { ...run.tables, tasks } });
    const stored = await (await openRun(join(folder, 'run'))).table('tasks');
    expect(Buffer.from(stored.startSeconds.buffer).equals(Buffer.from(startSeconds.buffer))).toBe(true);
    expect(Buffer.from(stored.job.buffer).equals(Buffer.from(job.buffer))).toBe(true);
    expect(stored.state.join()).toBe(state.join());
  });

  it('replaces an older run and leaves nothing else behind', async () => {
    await writeRun(join(folder, 'run'), sampleRun('fifo'));
    await writeRun(join(folder, 'run'), sampleRun('drf'));
    expect((await openRun(join(folder, 'run'))).manifest.policy).toBe('drf');
    expect(await readdir(folder)).toEqual(['run']);
  });

  it('leaves neither a run nor a temporary folder where writing fails', async () => {
    const run = sampleRun();
    const jobs = { ...run.tables.jobs, tasks: new Int32Array(1) };
    await expect(
      writeRun(join(folder, 'run'), { ...run, tables: { ...run.tables, jobs } }),
    ).rejects.toThrow();
    expect(await readdir(folder)).toEqual([]);
  });

  it('does not replace a folder that is no run', async () => {
    await writeFile(join(folder, 'thesis.tex'), 'years of work');
    await expect(writeRun(folder, sampleRun())).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
    expect(await readdir(folder)).toEqual(['thesis.tex']);
  });

  it('does not replace a file', async () => {
    await writeFile(join(folder, 'notes.txt'), 'years of work');
    const writing = writeRun(join(folder, 'notes.txt'), sampleRun());
    await expect(writing).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
    expect(await readdir(folder)).toEqual(['notes.txt']);
  });

  it('says why it cannot be written', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(writeRun(join(folder, 'file/run'), sampleRun())).rejects.toThrow(
      /part of the path is a file/,
    );
    if (process.getuid?.() === 0) return;
    await mkdir(join(folder, 'closed'));
    await chmod(join(folder, 'closed'), 0o500);
    await expect(writeRun(join(folder, 'closed/run'), sampleRun())).rejects.toThrow(/permission denied/);
  });
});

describe('opening what is no whole run', () => {
  const cases: [string, string, RegExp, (run: string) => Promise<void>][] = [
    ['a missing folder', 'FILE_MISSING', /does not exist/, (run) => rm(run, { recursive: true })],
    [
      'a folder without a manifest',
      'RUN_INVALID',
      /no manifest\.json/,
      (run) => rm(join(run, 'manifest.json')),
    ],
    ['a lost summary', 'RUN_INVALID', /summary\.json/, (run) => rm(join(run, 'summary.json'))],
    ['a broken manifest', 'RUN_INVALID', /manifest\.json/, (run) => truncate(join(run, 'manifest.json'), 40)],
    ['a lost table', 'RUN_INVALID', /agents\.parquet/, (run) => rm(join(run, 'agents.parquet'))],
    ['a cut table', 'RUN_INVALID', /jobs\.parquet/, (run) => truncate(join(run, 'jobs.parquet'), 100)],
    [
      'another layout',
      'RUN_INVALID',
      /layout 7, this version reads layout 1/,
      (run) => writeFile(join(run, 'manifest.json'), '{"layout": 7}'),
    ],
  ];
  it.each(cases)('names %s', async (_, code, message, spoil) => {
    const run = join(folder, 'run');
    await writeRun(run, sampleRun());
    await spoil(run);
    await expect(readRun(run)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('names a file given in place of a folder', async () => {
    await writeFile(join(folder, 'trace.csv'), '');
    await expect(openRun(join(folder, 'trace.csv'))).rejects.toThrow(
      /is a file; expected the folder of a run/,
    );
  });
});

describe('finding runs', () => {
  it('looks below the named folders and names each run once', async () => {
    await writeRun(join(folder, 'one/fifo'), sampleRun('fifo'));
    await writeRun(join(folder, 'one/drf'), sampleRun('drf'));
    await writeRun(join(folder, 'two'), sampleRun('drf'));
    const found = await findRuns([join(folder, 'two'), folder]);
    expect(found.map(({ directory }) => directory)).toEqual(
      ['two', 'one/drf', 'one/fifo'].map((name) => join(folder, name)),
    );
  });

  it('keeps the order in which runs side by side were made', async () => {
    const startedAt = '2026-11-23T12:00:00.000Z';
    await writeRun(join(folder, 'drf'), sampleRun('drf', { startedAt, policyPlace: 1 }));
    await writeRun(join(folder, 'fifo'), sampleRun('fifo', { startedAt, policyPlace: 0 }));
    await writeRun(join(folder, 'easy'), sampleRun('easy', { startedAt: '2026-11-23T12:00:01.000Z' }));
    const found = await findRuns([folder]);
    expect(found.map(({ summary }) => summary.policy)).toEqual(['fifo', 'drf', 'easy']);
  });

  it('refuses a folder without runs and a missing one', async () => {
    await expect(findRuns([folder])).rejects.toMatchObject({ code: 'RUN_INVALID' });
    await expect(findRuns([join(folder, 'no')])).rejects.toMatchObject({ code: 'FILE_MISSING' });
  });
});
