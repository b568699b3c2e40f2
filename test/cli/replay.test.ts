/** `mesolab simulate --model protocol --journal` and `mesolab replay`, as a user meets them. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { mesolab, temporaryFolder } from './mesolab.ts';

const folder = temporaryFolder();
let journal = '';

beforeAll(async () => {
  const trace = join(folder, 'trace');
  const size = ['--jobs', '30', '--agents', '8', '--seed', '3'];
  expect((await mesolab(['trace', 'generate', 'google-2011', ...size, '--out', trace])).code).toBe(0);
  const options = ['--model', 'protocol', '--policy', 'drf', '--fault', 'kill-leader@2m'];
  const journals = join(folder, 'journals');
  const { code, stdout } = await mesolab(['simulate', trace, ...options, '--journal', journals]);
  expect(code).toBe(0);
  expect(stdout).toContain('failover, max');
  const files = readdirSync(join(journals, 'drf'));
  expect(files).toHaveLength(2);
  journal = files
    .map((file) => join(journals, 'drf', file))
    .sort((a, b) => lines(b).length - lines(a).length)[0];
}, 120_000);

function lines(file: string): string[] {
  return readFileSync(file, 'utf8').trimEnd().split('\n');
}

function changed(name: string, change: (all: string[]) => string[]): string {
  const file = join(folder, name);
  writeFileSync(file, `${change(lines(journal)).join('\n')}\n`);
  return file;
}

describe('mesolab replay', () => {
  it('finds every output of the journal again', async () => {
    const { code, stdout } = await mesolab(['replay', journal]);
    expect(code).toBe(0);
    expect(stdout).toContain('every output is the same');
  });

  it('tells where another policy parts, and how the work would have fared', async () => {
    const out = join(folder, 'workload');
    const { code, stdout } = await mesolab(['replay', journal, '--policy', 'fifo', '--trace', out]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/fifo would have made the same offers/);
    expect(stdout).toMatch(/wait, mean/);
    expect((await mesolab(['trace', 'info', out])).code).toBe(0);
  });

  it('finds the policy of a user’s own file again, and says when it is another or gone', async () => {
    const mine = join(folder, 'mine.ts');
    const text = (sign: string) =>
      `export const policy = { name: 'mine', title: 't', source: 's', order: { kind: 'roles', key: ({ usage }) => ${sign}usage[0] } };`;
    writeFileSync(mine, text(''));
    const journals = join(folder, 'own');
    const options = ['--model', 'protocol', '--masters', '1', '--policy', mine, '--journal', journals];
    expect((await mesolab(['simulate', join(folder, 'trace'), ...options])).code).toBe(0);
    const [name] = readdirSync(join(journals, 'mine'));
    const own = join(journals, 'mine', name);
    const other = join(folder, 'other.ts');
    writeFileSync(other, text('-').replace("'mine'", "'other'"));
    const replayed = await mesolab(['replay', own, '--policy', other]);
    expect(replayed.stderr).toBe('');
    expect(replayed.stdout).toContain('replayed under mine: every output is the same');
    expect(replayed.stdout).toContain('other would have made the same offers');
    writeFileSync(mine, text('2 * '));
    const changed = await mesolab(['replay', own]);
    expect(changed.code).toBe(2);
    expect(changed.stderr).toContain(`its policy mine comes from ${mine}, which has changed since`);
    rmSync(mine);
    const gone = await mesolab(['replay', own]);
    expect(gone.code).toBe(2);
    expect(gone.stderr).toContain('which is not there any more; put the file back');
  }, 60_000);

  it('says which line differs where an input was changed', async () => {
    const file = changed('other.jsonl', (all) =>
      all.map((line, index) => (index === 0 ? line.replace('"seed":"', '"seed":"another ') : line)),
    );
    const { code, stderr } = await mesolab(['replay', file]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/other\.jsonl:\d+: what comes out of this input differs/);
  });

  it.each([
    [
      'cut.jsonl',
      (all: string[]) => [...all.slice(0, 5), all[5].slice(0, 20)],
      'cut.jsonl:6: it is not JSON',
    ],
    ['head.jsonl', (all: string[]) => all.slice(1), 'head.jsonl:1: it is no journal'],
    ['entry.jsonl', (all: string[]) => [all[0], '{}'], 'entry.jsonl:2: it is no entry'],
  ])('refuses %s', async (name, change, message) => {
    const { code, stderr } = await mesolab(['replay', changed(name, change)]);
    expect([code, stderr.includes(message)]).toEqual([2, true]);
  });

  it('refuses what is no file', async () => {
    expect((await mesolab(['replay', '/nosuch'])).stderr).toContain('FILE_MISSING');
    expect((await mesolab(['replay', folder])).stderr).toContain('FILE_IS_DIRECTORY');
  });

  it('refuses --journal where there is no master', async () => {
    const { code, stderr } = await mesolab([
      'simulate',
      'traces/demo',
      '--policy',
      'fifo',
      '--journal',
      folder,
    ]);
    expect([code, stderr.includes('--journal has no effect without --model protocol')]).toEqual([2, true]);
  });
});

describe('mesolab fuzz', () => {
  it('plays schedules, and says how many', async () => {
    const { code, stdout } = await mesolab(['fuzz', '--seeds', '1..20']);
    expect([code, stdout.includes('20 schedules'), stdout.includes('no rule was broken')]).toEqual([
      0,
      true,
      true,
    ]);
  });

  it('plays the schedule of a file', async () => {
    const file = join(folder, 'schedule.json');
    writeFileSync(file, JSON.stringify({ seed: '5', faults: [] }));
    const { code, stdout } = await mesolab(['fuzz', '--schedule', file]);
    expect([code, stdout.includes('no rule was broken')]).toEqual([0, true]);
  });

  it.each([
    [['--seeds', 'x'], 'OPTION_VALUE'],
    [['--seeds', '9..1'], 'OPTION_VALUE'],
    [['--minutes', '-1'], 'OPTION_VALUE'],
    [['--schedule', '/nosuch'], 'FILE_MISSING'],
  ])('refuses %j', async (flags, error) => {
    const { code, stderr } = await mesolab(['fuzz', ...flags]);
    expect([code, stderr.includes(error)]).toEqual([2, true]);
  });
});
