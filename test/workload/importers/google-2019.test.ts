import { describe, expect, it } from 'vitest';
import { clusterOf, jobsOf, lines, load } from './text-trace.ts';

const INSTANCES = 'instance_events-000000000000.json';
const COLLECTIONS = 'collection_events-000000000000.json';
const MACHINES = 'machine_events-000000000000.json';

const [SUBMIT, QUEUE, ENABLE, SCHEDULE, EVICT, FAIL, FINISH, KILL, LOST, UPDATE_RUNNING] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 10,
];

/** A line of instance_events as BigQuery exports it: 64-bit integers as texts. @param seconds from the trace's start */
function event(seconds: number, type: number | string, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    time: String((600 + seconds) * 1e6),
    type: String(type),
    collection_id: '377',
    scheduling_class: '1',
    collection_type: '0',
    priority: '103',
    instance_index: '0',
    machine_id: '9',
    resource_request: { cpus: 0.0125, memory: 0.0078125 },
    constraint: [],
    ...more,
  });
}

const collection = (more: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({ time: '0', type: '0', collection_id: '377', user: 'ann', ...more });

async function jobs(rows: string[], options: Parameters<typeof load>[1] = {}): Promise<string[]> {
  return jobsOf((await load({ [INSTANCES]: lines(...rows) }, options)).workload);
}

describe('a Google 2019 instance', () => {
  it('runs from SCHEDULE to its end, whatever the order of the events in the file', async () => {
    const rows = [
      event(50, FINISH),
      event(11, QUEUE),
      event(15, SCHEDULE),
      event(12, ENABLE),
      event(10, SUBMIT),
      event(20, EVICT),
      event(30, SCHEDULE),
      event(20, SUBMIT),
    ];
    expect(await jobs(rows)).toEqual(['377 unknown @10 priority 103: 1× cpus 0.8 mem 2048 25s']);
  });

  it('may be replayed attempt by attempt', async () => {
    const rows = [
      event(0, SUBMIT),
      event(1, SCHEDULE),
      event(3, FAIL),
      event(4, SUBMIT),
      event(6, SCHEDULE),
      event(9, KILL),
    ];
    expect(await jobs(rows, { importOptions: { attempts: 1 } })).toEqual([
      '377/0#1 unknown @0 priority 103: 1× cpus 0.8 mem 2048 2s failed',
      '377/0#2 unknown @4 priority 103: 1× cpus 0.8 mem 2048 3s killed',
    ]);
  });

  it('may have event types by name, and asks for what it last asked for', async () => {
    const rows = [
      event(0, 'SUBMIT', { collection_type: 'JOB' }),
      event(2, 'SCHEDULE'),
      event(3, UPDATE_RUNNING, { resource_request: { cpus: 0.5, memory: 0.5 } }),
      event(9, 'LOST', { resource_request: null }),
    ];
    expect(await jobs(rows)).toEqual(['377 unknown @0 priority 103: 1× cpus 32 mem 131072 7s failed']);
  });

  it('of an alloc set is left out, and one within it asks the cluster', async () => {
    const rows = [
      event(0, SUBMIT, { collection_id: '5', collection_type: '1' }),
      event(0, SUBMIT, { alloc_collection_id: '5', alloc_instance_index: '0' }),
      event(0, SCHEDULE),
      event(4, LOST),
    ];
    const { workload, report } = await load({ [INSTANCES]: lines(...rows) });
    expect(jobsOf(workload)).toEqual(['377 unknown @0 priority 103: 1× cpus 0.8 mem 2048 4s failed']);
    expect([...report.leftOut]).toEqual([['event of an alloc set', 1]]);
  });

  it('that was put in for a missing one, or has constraints, is told of', async () => {
    const constraint = [{ name: 'a', relation: '0', value: 'x' }];
    const rows = [
      event(0, SUBMIT, { constraint }),
      event(0, SCHEDULE, { missing_type: '1' }),
      event(4, FINISH),
    ];
    const { report } = await load({ [INSTANCES]: lines(...rows) });
    expect(report.notes).toContain('1 instance events state constraints, which are left out.');
    expect(report.notes).toContain(
      '1 instance events were put in by the publisher for missing ones (missing_type).',
    );
  });
});

describe('a Google 2019 collection', () => {
  const rows = lines(event(0, SUBMIT), event(0, SCHEDULE), event(4, FINISH));

  it('gives its job a user and a limit per machine', async () => {
    const texts = { [INSTANCES]: rows, [COLLECTIONS]: lines(collection({ max_per_machine: '2' })) };
    expect(jobsOf((await load(texts)).workload)).toEqual([
      '377 ann @0 priority 103 max 2 of group 0: 1× cpus 0.8 mem 2048 4s',
    ]);
  });

  it('that waits for another, or has a limit per switch, is told of', async () => {
    const waiting = collection({ start_after_collection_ids: ['12'], max_per_switch: '4' });
    const { report } = await load({ [INSTANCES]: rows, [COLLECTIONS]: lines(waiting) });
    expect(report.notes).toContain('1 jobs wait for others (start_after_collection_ids), which is left out.');
    expect(report.notes).toContain('1 jobs have a limit per switch (max_per_switch), which is left out.');
  });

  it.each([
    [0, 'free'],
    [99, 'free'],
    [100, 'best-effort batch'],
    [115, 'best-effort batch'],
    [116, 'mid'],
    [119, 'mid'],
    [120, 'production'],
    [359, 'production'],
    [360, 'monitoring'],
  ])('of priority %i is of the tier %s', async (priority, tier) => {
    const about = { priority: String(priority) };
    const texts = { [INSTANCES]: lines(event(0, SUBMIT, about), event(0, SCHEDULE, about)) };
    const { workload } = await load(texts, { roleField: 'tier' });
    expect(workload.roles).toEqual([tier]);
  });
});

describe('Google 2019 machines', () => {
  it('join, leave and change, in order of time', async () => {
    const machine = (seconds: number, type: number, id: string, more: object = {}) =>
      JSON.stringify({
        time: String(seconds === 0 ? 0 : (600 + seconds) * 1e6),
        type: String(type),
        machine_id: id,
        platform_id: 'P',
        switch_id: 'S',
        ...more,
      });
    const capacity = { cpus: 0.5, memory: 0.25 };
    const rows = lines(
      machine(30, 1, 'b', { capacity }),
      machine(20, 2, 'a'),
      machine(40, 3, 'b', { capacity: { cpus: 1, memory: 0.25 } }),
      machine(0, 1, 'a', { capacity }),
      machine(50, 1, 'a', { capacity }),
    );
    const { workload } = await load({
      [INSTANCES]: lines(event(0, SUBMIT), event(0, SCHEDULE)),
      [MACHINES]: rows,
    });
    expect(clusterOf(workload)).toEqual([
      'a cpus 32 mem 65536 {platform=P switch=S}',
      'b cpus 32 mem 65536 {platform=P switch=S} absent',
      '@20 a leave',
      '@30 b join cpus 32 mem 65536',
      '@40 b change cpus 64 mem 65536',
      '@50 a join cpus 32 mem 65536',
    ]);
  });
});

describe('Google 2019 tables as CSV', () => {
  const expected = ['377 unknown @10 priority 103: 1× cpus 0.8 mem 2048 30s'];

  it.each(['resource_request.cpus,resource_request.memory', 'resource_request_cpus,resource_request_memory'])(
    'have nested fields as %s',
    async (nested) => {
      const header = `time,type,collection_id,collection_type,priority,instance_index,constraint,${nested}`;
      const row = (seconds: number, type: number) =>
        `${(600 + seconds) * 1e6},${type},377,0,103,0,[],0.0125,0.0078125`;
      const text = lines(header, row(10, SUBMIT), row(15, SCHEDULE), row(45, FINISH));
      expect(jobsOf((await load({ 'instance_events.csv': text })).workload)).toEqual(expected);
    },
  );

  it('have errors at their line and column', async () => {
    const text = lines(
      'time,type,collection_id,instance_index,resource_request.cpus,resource_request.memory',
      '610000000,0,377,0,0.5,0.5',
      '610000000,11,377,0,0.5,0.5',
    );
    await expect(load({ 'instance_events.csv': text })).rejects.toThrow(
      'instance_events.csv:3:11: type "11" is unknown; expected SUBMIT, QUEUE,',
    );
  });
});

describe('a malformed Google 2019 record', () => {
  it.each([
    ['an unknown event type', event(1, 11), '/type "11" is unknown'],
    ['no collection', event(1, SUBMIT, { collection_id: null }), '/collection_id is missing'],
    [
      'an index that is no number',
      event(1, SUBMIT, { instance_index: 'x' }),
      '/instance_index "x" is not a number',
    ],
    [
      'a negative request',
      event(1, SUBMIT, { resource_request: { cpus: -1, memory: 0 } }),
      '/resource_request/cpus "-1" is not a number of compute units from 0',
    ],
    ['JSON cut short', '{"time": 3', 'not a JSON line'],
  ])('with %s is an error at its line, or counted', async (_, row, message) => {
    const texts = { [INSTANCES]: lines(event(0, SUBMIT), row, event(0, SCHEDULE), event(2, FINISH)) };
    await expect(load(texts)).rejects.toThrow(`${INSTANCES}:2: ${message}`);
    const { report, workload } = await load(texts, { skipsBadRows: true });
    expect(report.leftOut.get('malformed row')).toBe(1);
    expect(workload.jobs.count).toBe(1);
  });
});
