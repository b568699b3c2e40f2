/** From a path to a workload: which format it is, what the options may be, and what an empty trace is. */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { TraceSource } from '../../src/files/trace-source.ts';
import { importerOf, importers } from '../../src/workload/importers/registry.ts';
import { type LoadOptions, loadTrace } from '../../src/workload/load-trace.ts';
import { fileOf, folderOf } from '../temporary-files.ts';

const SWF = '; MaxProcs: 4\n1 0 0 5 2 -1 -1 2 60 -1 1 7 8 9 3 4 -1 -1\n';

const load = (path: string, options: LoadOptions = {}) => loadTrace(new TraceSource(path), options);

test('formats have names of their own, and every role field and option is described', () => {
  const names = importers.map(({ format }) => format);
  expect(new Set(names).size).toBe(names.length);
  for (const { roleFields, options, title } of importers) {
    expect(roleFields.length).toBeGreaterThan(0);
    expect(title).not.toBe('');
    for (const { description } of Object.values(options)) expect(description).not.toBe('');
  }
});

test('a format is recognised whatever the name of the file and its compression', async () => {
  expect((await load(fileOf('log.txt', gzipSync(SWF)))).format).toBe('swf');
});

test('what is of no known format is FORMAT_UNKNOWN with the list of those known', async () => {
  const path = fileOf('notes.txt', 'not a trace\n');
  await expect(load(path)).rejects.toMatchObject({
    code: 'FORMAT_UNKNOWN',
    message: expect.stringMatching(/notes\.txt: is not recognised .* one of mesolab, .*swf, .*batsim/),
  });
});

test('a folder without a trace in it is FORMAT_UNKNOWN', async () => {
  const folder = folderOf({ 'README.md': '# Traces\n', 'LICENSE.txt': 'free\n' });
  await expect(load(folder)).rejects.toMatchObject({
    code: 'FORMAT_UNKNOWN',
    message: expect.stringContaining(
      `${join(folder, 'LICENSE.txt')}: and 1 files beside it are not recognised`,
    ),
  });
});

test('a format that does not exist is FORMAT_UNKNOWN with the nearest that does', () => {
  expect(() => importerOf('openbb')).toThrow(
    expect.objectContaining({
      code: 'FORMAT_UNKNOWN',
      message: expect.stringContaining('there is no format "openbb"; did you mean "openb"?'),
    }),
  );
});

test('a format that is named is believed', async () => {
  const path = fileOf('log.swf', SWF);
  await expect(load(path, { format: 'swim' })).rejects.toMatchObject({ code: 'ROW_COLUMNS' });
});

test('a truncated trace is FILE_TRUNCATED, not a short one', async () => {
  const rows = Array.from(
    { length: 9000 },
    (_, i) => `${i + 1} ${i} 0 ${i} 2 -1 -1 2 ${i * 7} -1 1 7 8 9 3 4 -1 -1\n`,
  );
  const bytes = gzipSync(`; MaxProcs: 4\n${rows.join('')}`);
  const path = fileOf('log.swf.gz', bytes.subarray(0, bytes.length - 100));
  await expect(load(path)).rejects.toMatchObject({ code: 'FILE_TRUNCATED', place: { file: path } });
  await expect(load(path, { skipsBadRows: true })).rejects.toMatchObject({ code: 'FILE_TRUNCATED' });
});

for (const [what, text] of [
  ['nothing', ''],
  ['a header', '; MaxProcs: 4\n'],
]) {
  test(`a trace with ${what} in it is TRACE_EMPTY`, async () => {
    const path = fileOf('log.swf', text);
    await expect(load(path)).rejects.toMatchObject({ code: 'TRACE_EMPTY', place: { file: path } });
  });
}

test('a trace of which all is left out is TRACE_EMPTY and tells why', async () => {
  const path = fileOf('log.swf', SWF.replace('0 0 5', '0 0 -1'));
  await expect(load(path)).rejects.toMatchObject({
    code: 'TRACE_EMPTY',
    message: `${path}: the trace has no jobs (left out: 1 unknown run time)`,
  });
});

test('a role field and an option that the format lacks are refused with those it has', async () => {
  const path = fileOf('log.swf', SWF);
  await expect(load(path, { roleField: 'team' })).rejects.toMatchObject({
    code: 'OPTION_VALUE',
    message: '--role team: swf traces have user, group, executable, queue, partition',
  });
  await expect(load(path, { importOptions: { speed: 1 } })).rejects.toMatchObject({
    code: 'OPTION_VALUE',
    message: '--import speed: the swf importer has no such option; it has memory',
  });
});

for (const value of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
  test(`${value} is no value of an option`, async () => {
    await expect(load(fileOf('log.swf', SWF), { importOptions: { memory: value } })).rejects.toMatchObject({
      code: 'OPTION_VALUE',
      message: `--import memory=${value}: expected a number from 0`,
    });
  });
}

test('no more jobs are taken than asked for', async () => {
  const second = SWF.split('\n')[1].replace('1 0', '2 3');
  const { workload, report } = await load(fileOf('log.swf', `${SWF}${second}\n`), { maxJobs: 1 });
  expect(workload.jobs.ids).toEqual(['1']);
  expect([...report.rows]).toEqual([['log.swf', 1]]);
});
