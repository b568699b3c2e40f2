/** `mesolab trace`, as a user meets it. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importers } from '../../src/workload/importers/registry.ts';
import { mesolab, temporaryFolder } from './mesolab.ts';

const root = join(import.meta.dirname, '../..');

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await mesolab([...args, '--json']);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

describe('trace generate', () => {
  it('writes the bundled workload with the command that traces/README.md and trace.json tell', async () => {
    const out = join(temporaryFolder(), 'demo');
    const { origin } = JSON.parse(readFileSync(join(root, 'traces/demo/trace.json'), 'utf8'));
    expect(readFileSync(join(root, 'traces/README.md'), 'utf8')).toContain(`npx ${origin} --out traces/demo`);
    expect((await mesolab([...origin.split(' ').slice(1), '--out', out])).code).toBe(0);
    for (const file of readdirSync(join(root, 'traces/demo')))
      expect(readFileSync(join(out, file)).equals(readFileSync(join(root, 'traces/demo', file)))).toBe(true);
  });

  it('takes sizes, roles and form, and says what it wrote', async () => {
    const out = join(temporaryFolder(), 'small');
    const args = [
      'trace',
      'generate',
      'demo',
      '--jobs',
      '200',
      '--agents',
      '30',
      '--roles',
      '7',
      '--to',
      'csv',
    ];
    const { code, stdout } = await mesolab([...args, '--seed', 'x', '--out', out]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/small: 200 jobs, [\d,]+ tasks, 30 agents\n$/)]);
    expect(readdirSync(out)).toEqual(['agents.csv', 'jobs.csv', 'roles.csv']);
    const info = await json('trace', 'info', out);
    expect(info).toMatchObject({ format: 'mesolab-csv', jobs: 200, agents: 30, leftOut: {} });
    expect((info.roles as unknown[]).length).toBe(7);
  });

  it('spreads arrivals over days', async () => {
    const out = join(temporaryFolder(), 'days');
    await mesolab(['trace', 'generate', 'facebook-2010', '--days', '0.5', '--agents', '20', '--out', out]);
    const { spanSeconds, resources, notes } = await json('trace', 'info', out);
    expect(spanSeconds as number).toBeGreaterThan(0.4 * 86_400);
    expect(spanSeconds as number).toBeLessThan(0.5 * 86_400);
    expect(Math.max(...(resources as { load: number }[]).map(({ load }) => load))).toBeGreaterThan(0.8);
    expect(notes).toEqual(['Made by: mesolab trace generate facebook-2010 --seed 1 --agents 20 --days 0.5']);
  });

  it.each([
    [['demoo'], /no preset "demoo"; did you mean "demo"\?/],
    [['demo', '--agents', '2'], /give --agents 4 or more/],
    [['demo', '--roles', '2'], /give --roles 5 or more/],
    [['demo', '--tasks', '5', '--jobs', '5'], /not both/],
    [['demo', '--tasks', '5', '--agents', '9', '--load', '1', '--days', '1'], /leave out/],
    [['demo', '--load', '-1'], /--load "-1" is not valid/],
    [['demo', '--days', 'two'], /--days "two" is not valid/],
    [['demo', '--to', 'xml'], /Allowed choices are parquet, csv/],
  ])('refuses %s', async (args, message) => {
    const folder = temporaryFolder();
    const { code, stdout, stderr } = await mesolab([
      'trace',
      'generate',
      ...args,
      '--out',
      join(folder, 'out'),
    ]);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(message)]);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('trace convert', () => {
  it('goes to CSV and back without a change in what policies decide', async () => {
    const folder = temporaryFolder();
    const [first, csv, back] = ['first', 'csv', 'back'].map((name) => join(folder, name));
    await mesolab(['trace', 'generate', 'alibaba-gpu', '--jobs', '300', '--agents', '20', '--out', first]);
    expect((await mesolab(['trace', 'convert', first, csv, '--to', 'csv'])).code).toBe(0);
    expect((await mesolab(['trace', 'convert', csv, back])).code).toBe(0);
    const digests = await Promise.all(
      [first, csv, back].map(async (path) => {
        const { runs } = await json('simulate', path, '--policy', 'wdrf');
        return (runs as { decisionDigest: string }[])[0].decisionDigest;
      }),
    );
    expect(digests[0]).toMatch(/^[0-9a-f]{8,}$/);
    expect(new Set(digests).size).toBe(1);
  });

  it('replaces a trace of the same form, and nothing else', async () => {
    const folder = temporaryFolder();
    const [jobs, out] = [join(folder, 'jobs.csv'), join(folder, 'out')];
    writeFileSync(jobs, 'job,role,submitSeconds,durationSeconds\na,x,0,1\n');
    expect((await mesolab(['trace', 'convert', jobs, out])).code).toBe(0);
    expect((await mesolab(['trace', 'convert', jobs, out])).code).toBe(0);
    writeFileSync(join(out, 'notes.txt'), 'mine');
    const refused = await mesolab(['trace', 'convert', jobs, out]);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/out: has "notes\.txt", which is no part/),
    ]);
    expect(readdirSync(out)).toContain('notes.txt');
  });

  it('never replaces tables that were written by hand, or the trace that it reads', async () => {
    const mine = join(temporaryFolder(), 'mine');
    mkdirSync(mine);
    writeFileSync(join(mine, 'jobs.csv'), 'job,role,submitSeconds,durationSeconds\na,x,0,1\n');
    for (const form of ['csv', 'parquet']) {
      const { code, stderr } = await mesolab(['trace', 'convert', mine, mine, '--to', form]);
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/is the trace that is being read; name a new folder/),
      ]);
    }
    const { stderr } = await mesolab(['trace', 'generate', 'demo', '--tasks', '10', '--out', mine]);
    expect(stderr).toMatch(/has "jobs\.csv", which is no part of a parquet trace/);
  });

  it('leaves nothing behind where it fails', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'jobs.csv'), 'job,role,submitSeconds,durationSeconds\na,x,0,-1\n');
    const { code, stderr } = await mesolab([
      'trace',
      'convert',
      join(folder, 'jobs.csv'),
      join(folder, 'out'),
    ]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/jobs\.csv:2:7: durationSeconds -1 is negative/),
    ]);
    expect(readdirSync(folder)).toEqual(['jobs.csv']);
  });
});

describe('trace list', () => {
  it('has a public trace for every format that is not ours, and presets with their sources', async () => {
    const list = await json('trace', 'list');
    const formats = new Set((list.public as { format: string }[]).map(({ format }) => format));
    const foreign = importers.map(({ format }) => format).filter((format) => !format.startsWith('mesolab'));
    expect([...formats].sort()).toEqual(foreign.sort());
    for (const entry of list.public as Record<string, string>[])
      expect(Object.keys(entry)).toEqual(['name', 'format', 'what', 'years', 'size', 'licence', 'where']);
    const { stdout } = await mesolab(['trace', 'list']);
    expect(stdout).toMatch(
      /google-2011[\s\S]*Reiss et al\., SoCC 2012[\s\S]*three jobs in four have one task/,
    );
  });
});
