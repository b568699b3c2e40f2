import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { buildCluster } from '../../../src/cluster/cluster.ts';
import { writeParquetTable } from '../../../src/files/parquet-writer.ts';
import { writeTrace } from '../../../src/files/trace-directory.ts';
import { TraceSource } from '../../../src/files/trace-source.ts';
import { WorkloadBuilder } from '../../../src/workload/builder.ts';
import { type TraceTable, traceDocument } from '../../../src/workload/format/trace-document.ts';
import { traceColumns } from '../../../src/workload/format/trace-tables.ts';
import { loadTrace } from '../../../src/workload/load-trace.ts';
import type { Column } from '../../../src/workload/parquet-columns.ts';
import type { Workload } from '../../../src/workload/workload.ts';
import { temporaryFolder } from '../../cli/mesolab.ts';
import { anyWorkload } from './any-workload.ts';

let folder: string;
beforeEach(() => {
  folder = join(temporaryFolder(), 'trace');
  onTestFinished(() => rm(join(folder, '..'), { recursive: true }));
});

const read = async () => (await loadTrace(new TraceSource(folder))).workload;

/** Two jobs, of one and of two stages, on one agent that changes once. */
function smallWorkload(): Workload {
  const builder = new WorkloadBuilder('small');
  builder.job({ id: 'one', role: 'ads', submitUs: 0 });
  builder.tasks(2, builder.request({ cpus: 1 }), 5e6);
  builder.job({ id: 'two', role: 'web', submitUs: 1e6 });
  builder.stage();
  builder.tasks(1, builder.request({ cpus: 2, mem: 64 }), 1e6);
  builder.stage([0]);
  builder.tasks(1, builder.request({ cpus: 2 }), 1e6);
  const agents = [{ id: 'a', resources: { cpus: 8, mem: 512 }, attributes: { zone: 'x' } }];
  const change = { timeUs: 9, agentId: 'a', kind: 'change', resources: { cpus: 4 } } as const;
  return builder.finish(buildCluster(agents, [change]));
}

/** Writes one table of a trace again, with columns changed. */
async function rewrite(
  workload: Workload,
  table: TraceTable,
  change: (column: Column) => Column,
): Promise<void> {
  const columns = traceColumns(workload, traceDocument(workload, ''), table);
  await writeParquetTable(join(folder, `${table}.parquet`), columns.map(change));
}

describe('a trace in Parquet', () => {
  it('gives back every workload as it was', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorkload(), async (workload) => {
        await writeTrace(folder, workload, 'a test');
        expect(await read()).toEqual(workload);
      }),
      { numRuns: 60, seed: 11 },
    );
  });

  it('keeps more tasks than a row group has', async () => {
    const builder = new WorkloadBuilder('trace');
    builder.job({ role: 'a', submitUs: 0 });
    const requests = [builder.request({ cpus: 1 }), builder.request({ cpus: 2 })];
    for (let task = 0; task < 1_100_000; task++) builder.tasks(1, requests[task & 1], task);
    const workload = builder.finish();
    await writeTrace(folder, workload, '');
    const { request, durationUs } = (await read()).tasks;
    expect(Buffer.from(durationUs.buffer).equals(Buffer.from(workload.tasks.durationUs.buffer))).toBe(true);
    expect(Buffer.from(request.buffer).equals(Buffer.from(workload.tasks.request.buffer))).toBe(true);
  });

  it('is the same bytes for the same workload', async () => {
    const bytes = async () => (await readFile(join(folder, 'tasks.parquet'))).toString('hex');
    await writeTrace(folder, smallWorkload(), '');
    const first = await bytes();
    await writeTrace(folder, smallWorkload(), '');
    expect(await bytes()).toBe(first);
  });

  it('says how it was made', async () => {
    await writeTrace(folder, smallWorkload(), 'an experiment');
    const { report } = await loadTrace(new TraceSource(folder));
    expect(report.notes).toEqual(['Made by: an experiment']);
  });

  it('may have been written by a program with other columns and wider numbers', async () => {
    const workload = smallWorkload();
    await writeTrace(folder, workload, '');
    const columns = traceColumns(workload, traceDocument(workload, ''), 'jobs').map((column) =>
      column.name === 'priority'
        ? { ...column, type: 'double' as const, values: Float64Array.of(0, 0) }
        : column,
    );
    const extra: Column = { name: 'comment', type: 'text', values: ['x', 'y'] };
    await writeParquetTable(join(folder, 'jobs.parquet'), [extra, ...columns]);
    expect(await read()).toEqual(workload);
  });

  it.each<[what: string, table: TraceTable, column: string, values: Column['values'], message: RegExp]>([
    [
      'a negative duration',
      'tasks',
      'durationUs',
      Float64Array.of(1, -2, 1, 1),
      /tasks\.parquet: row 1: durationUs -2/,
    ],
    [
      'a missing duration',
      'tasks',
      'durationUs',
      Float64Array.of(1, 1, 1, Number.NaN),
      /row 3: durationUs NaN/,
    ],
    ['a request that is not there', 'tasks', 'request', Int32Array.of(0, 0, 3, 0), /row 2: request 3/],
    ['an outcome that is not known', 'tasks', 'outcome', Int32Array.of(0, 0, 0, 9), /row 3: outcome 9/],
    [
      'jobs out of order',
      'jobs',
      'submitUs',
      Float64Array.of(5, 1),
      /jobs\.parquet: row 1: submitUs 1 is before/,
    ],
    ['an unknown role', 'jobs', 'role', ['ads', 'nobody'], /row 1: role "nobody"/],
    ['too many stages', 'jobs', 'stages', Int32Array.of(2, 2), /stages sum up to 4/],
    ['a stage without tasks', 'stages', 'tasks', Int32Array.of(2, 2, 0), /row 2: tasks 0 is not at least 1/],
    ['too few tasks', 'stages', 'tasks', Int32Array.of(1, 1, 1), /tasks sum up to 3/],
    ['a stage of another job', 'stages', 'after', ['', '', '2'], /row 2: after "2"/],
    [
      'stages that wait for each other',
      'stages',
      'after',
      ['', '1', '0'],
      /row \d: the stage waits for itself/,
    ],
    ['constraints in no known form', 'requests', 'constraints', ['', '{}', ''], /row 1: constraints "\{\}"/],
    ['an event without a kind', 'agent-events', 'kind', ['explode'], /row 0: kind "explode"/],
    ['an event of an unknown agent', 'agent-events', 'agent', Int32Array.of(1), /row 0: agent 1/],
    ['a table with more rows', 'agents', '*', [], /it has 2 rows, but trace\.json says 1/],
  ])('is refused with %s, and the place is named', async (_, table, name, values, message) => {
    const workload = smallWorkload();
    await writeTrace(folder, workload, '');
    await rewrite(workload, table, (column) => {
      if (name === '*')
        return { ...column, values: [...column.values, column.values[0]] as unknown as Column['values'] };
      return column.name === name ? { ...column, values } : column;
    });
    await expect(read()).rejects.toThrow(message);
  });

  it('is refused where a table is missing, cut short or no Parquet at all', async () => {
    await writeTrace(folder, smallWorkload(), '');
    const file = join(folder, 'stages.parquet');
    await writeFile(file, (await readFile(file)).subarray(0, 60));
    await expect(read()).rejects.toThrow(/stages\.parquet: not a table of a trace/);
    await rm(file);
    await expect(read()).rejects.toThrow(/stages\.parquet: the trace lacks this table/);
  });

  it.each<[what: string, change: Record<string, unknown>, message: RegExp]>([
    ['another layout', { layout: 99 }, /layout 99 is not known/],
    ['roles that are no list', { roles: 'ads' }, /"roles" is missing/],
    ['roles out of order', { roles: ['web', 'ads'] }, /"roles" is missing or not/],
    ['a weight of 0', { weights: { ads: 0 } }, /"weights"/],
    ['no numbers of rows', { rows: {} }, /"rows"/],
  ])('is refused with %s in trace.json', async (_, change, message) => {
    await writeTrace(folder, smallWorkload(), '');
    const file = join(folder, 'trace.json');
    await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...change }));
    await expect(read()).rejects.toThrow(message);
  });
});
