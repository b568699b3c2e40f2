import { describe, expect, it } from 'vitest';
import { loadTrace } from '../../../src/workload/load-trace.ts';
import { clusterOf, jobsOf, load, TextTrace } from './text-trace.ts';

const LOG = 'cluster_job_log';

/** An attempt on a node for each number of GPUs; times are those of 2017-10-07. */
function attempt(start: string | null, end: string | null, ...gpus: number[]) {
  return {
    start_time: start === null || start === 'None' ? start : `2017-10-07 ${start}`,
    end_time: end === null || end === 'None' ? end : `2017-10-07 ${end}`,
    detail: gpus.map((count, node) => ({
      ip: `m${node}`,
      gpus: Array.from({ length: count }, (_, gpu) => `gpu${gpu}`),
    })),
  };
}

function job(id: string, attempts: unknown, more: Readonly<Record<string, unknown>> = {}) {
  return {
    status: 'Pass',
    vc: 'ee9e8c',
    jobid: id,
    attempts,
    submitted_time: '2017-10-07 01:00:00',
    user: 'ce2f4c',
    ...more,
  };
}

const read = (jobs: unknown, options: Parameters<typeof load>[1] = {}) =>
  load({ [LOG]: JSON.stringify(jobs, null, 4) }, options);

describe('a Philly job', () => {
  it('has the time of all its attempts once, on the GPUs of the last', async () => {
    const attempts = [attempt('01:02:00', '01:02:30', 1), attempt('01:03:00', '01:04:00', 8, 2)];
    const { workload } = await read([job('a', attempts)]);
    expect(jobsOf(workload)).toEqual(['a ee9e8c @0 gang: 1× gpus 8 90s, 1× gpus 2 90s']);
  });

  it('is submitted when the log says, counted from the first of all', async () => {
    const attempts = [attempt('02:00:00', '02:00:10', 1)];
    const later = job('b', attempts, { submitted_time: '2017-10-07 01:10:00', vc: null });
    const { workload } = await read([later, job('a', attempts)]);
    expect(jobsOf(workload)).toEqual(['a ee9e8c @0: 1× gpus 1 10s', 'b unknown @600: 1× gpus 1 10s']);
  });

  it('ends as its status says', async () => {
    const attempts = [attempt('02:00:00', '02:00:10', 1)];
    const jobs = ['Pass', 'Killed', 'Failed'].map((status) => job(status, attempts, { status }));
    expect(jobsOf((await read(jobs)).workload).map((text) => text.split('10s')[1])).toEqual([
      '',
      ' killed',
      ' failed',
    ]);
  });

  it('whose last attempt has no end still runs at the end of the log', async () => {
    const jobs = [job('a', [attempt('01:10:00', 'None', 1)]), job('b', [attempt('01:10:00', '02:10:00', 1)])];
    expect(jobsOf((await read(jobs)).workload)[0]).toBe('a ee9e8c @0: 1× gpus 1 3600s');
  });

  it('does without attempts that lack a start, an end or GPUs, and is left out without any', async () => {
    const jobs = [
      job('a', [attempt('01:10:00', null, 4), attempt('01:20:00', '01:20:05', 2)]),
      job('b', [attempt(null, null, 4)]),
      job('c', [attempt('01:20:00', '01:20:05')]),
      job('d', []),
      job('e', [attempt('01:20:00', '01:20:05', 1)], { submitted_time: null }),
    ];
    const { workload, report } = await read(jobs);
    expect(jobsOf(workload)).toEqual(['a ee9e8c @0: 1× gpus 2 5s']);
    expect([...report.leftOut]).toEqual([
      ['attempt without a start, an end or GPUs', 3],
      ['job that never ran', 3],
      ['job without a submit time', 1],
    ]);
    expect(report.rows.get(LOG)).toBe(5);
  });

  it('may have its user as role', async () => {
    const { workload } = await read([job('a', [attempt('01:20:00', '01:20:05', 1)])], { roleField: 'user' });
    expect(workload.roles).toEqual(['ce2f4c']);
  });
});

describe('the list of Philly machines', () => {
  const list = 'machineId,number of GPUs, single GPU mem\nm31,8, 24GB\nm32,2, 12GB\n';
  const log = JSON.stringify([job('a', [attempt('01:20:00', '01:20:05', 1)])]);
  const expected = ['m31 gpus 8 {gpuMem=24GB}', 'm32 gpus 2 {gpuMem=12GB}'];

  it('is read from the folder, among other files', async () => {
    const texts = { cluster_gpu_util: 'time,machineId\n', cluster_job_log: log, cluster_machine_list: list };
    expect(clusterOf((await load(texts)).workload)).toEqual(expected);
  });

  it('is found beside the log', async () => {
    const trace = new TextTrace({ [LOG]: log }, { 'cluster_machine_list.csv': list });
    expect(clusterOf((await loadTrace(trace)).workload)).toEqual(expected);
  });
});

describe('a malformed Philly job', () => {
  const good = job('a', [attempt('01:20:00', '01:20:05', 1)]);

  it.each([
    ['no id', job('', []), '/1/jobid: is missing'],
    ['an id that is there', good, '/1/jobid: a appears twice'],
    [
      'an unknown status',
      job('b', [], { status: 'Lost' }),
      '/1/status: "Lost" is none of Pass, Killed, Failed',
    ],
    ['no attempts', job('b', null), '/1/attempts: is not a list'],
    [
      'an attempt without detail',
      job('b', [{ start_time: null, end_time: null }]),
      '/1/attempts/0/detail: is not a list',
    ],
    [
      'a malformed time',
      job('b', [good.attempts, attempt('noon', null, 1)].flat()),
      '/1/attempts/1/start_time: "2017-10-07 noon" is not a time',
    ],
    [
      'a malformed submit time',
      job('b', [], { submitted_time: 'yesterday' }),
      '/1/submitted_time: "yesterday" is not a time',
    ],
    [
      'an attempt that ends before it starts',
      job('b', [attempt('01:20:00', '01:19:59', 1)]),
      '/1/attempts/0/end_time: "2017-10-07 01:19:59" is before the start',
    ],
    ['nothing at all', null, '/1/status: "" is none of'],
  ])('with %s is an error at its JSON pointer, or counted', async (_, bad, message) => {
    await expect(read([good, bad])).rejects.toThrow(`${LOG}#${message}`);
    const { report, workload } = await read([good, bad], { skipsBadRows: true });
    expect(report.leftOut.get('malformed row')).toBe(1);
    expect(workload.jobs.ids).toEqual(['a']);
  });

  it('that is cut short is no JSON', async () => {
    await expect(load({ [LOG]: JSON.stringify([good]).slice(0, -4) })).rejects.toThrow(
      `${LOG}: not valid JSON`,
    );
  });
});
