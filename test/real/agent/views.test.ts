import { describe, expect, it } from 'vitest';
import { HISTORY_FLAGS } from '../../../src/agent/flags.ts';
import { legacyState } from '../../../src/real/agent/legacy/state.ts';
import { agentMetrics } from '../../../src/real/agent/metrics.ts';
import { executorsView, operationsView, tasksView } from '../../../src/real/agent/views.ts';
import { parseAttributesText, parseResourcesText } from '../../../src/resources/text.ts';
import { AgentHarness } from '../../agent/agent-harness.ts';

/** With a finished task, one that runs, and one whose executor has not come. */
function busyAgent(): AgentHarness {
  const harness = new AgentHarness(HISTORY_FLAGS).start().register();
  for (const id of ['done', 'running', 'waiting']) harness.run(id);
  harness.play('done', 'TASK_RUNNING', 'TASK_FINISHED');
  harness.play('running', 'TASK_STARTING', 'TASK_RUNNING');
  const [disk] = parseResourcesText('disk(ads):100').toWire();
  const resources = [{ ...disk, reservations: [{ type: 'DYNAMIC', role: 'ads' }] }] as const;
  harness.tell({
    type: 'APPLY_OPERATION',
    operationUuid: '00112233-4455-4677-8899-aabbccddeeff',
    frameworkId: null,
    info: { type: 'RESERVE', reserve: { resources } },
  });
  return harness;
}

describe('an agent as operators see it', () => {
  const { agent } = busyAgent();
  const ids = (tasks: readonly { readonly task_id: { readonly value: string } }[] = []) =>
    tasks.map(({ task_id }) => task_id.value);

  it('has its tasks by how far they are', () => {
    const tasks = tasksView(agent);
    expect(ids(tasks.queued_tasks)).toEqual(['waiting']);
    expect(ids(tasks.launched_tasks)).toEqual(['running']);
    expect(ids(tasks.completed_tasks)).toEqual(['done']);
    expect(tasks.launched_tasks![0].statuses!.map(({ state }) => state)).toEqual([
      'TASK_STARTING',
      'TASK_RUNNING',
    ]);
  });

  it('has executors that run and that ran', () => {
    const { executors, completed_executors } = executorsView(agent);
    expect(executors!.map(({ executor_info }) => executor_info.executor_id.value)).toEqual([
      'running',
      'waiting',
    ]);
    expect(completed_executors!.map(({ executor_info }) => executor_info.executor_id.value)).toEqual([
      'done',
    ]);
  });

  it('has operations that are not acknowledged', () => {
    const [operation] = operationsView(agent);
    expect(operation.latest_status.state).toBe('OPERATION_FINISHED');
    expect(operation.uuid.value).toBe('ABEiM0RVRneImaq7zN3u/w==');
  });

  it('has measures', () => {
    const measures = agentMetrics(agent, 0, 5e6);
    const expected = {
      'slave/uptime_secs': 5,
      'slave/registered': 1,
      'slave/executors_registering': 1,
      'slave/executors_running': 1,
      'slave/tasks_staging': 1,
      'slave/tasks_running': 1,
      'slave/tasks_finished': 1,
      'slave/tasks_failed': 0,
      'slave/cpus_total': 4,
      'slave/cpus_used': 0.2,
      'slave/cpus_percent': 0.05,
      'slave/disk_total': 1000,
    };
    expect(Object.fromEntries(measures)).toMatchObject(expected);
  });
});

describe('/state of an agent', () => {
  const { agent } = busyAgent();
  const state = legacyState(agent, {
    info: {
      hostname: 'h',
      port: 5051,
      attributes: parseAttributesText('rack:r1;level:3;keys:[1-2]'),
    },
    pid: 'slave(1)@127.0.0.1:5051',
    startedUs: 1_500_000,
    version: { version: '1.11.0' },
    flags: { port: '5051' },
    workDir: '/w',
    masterHostname: () => 'm',
  });

  it('says what it is and has', () => {
    expect(state).toMatchObject({
      version: '1.11.0',
      id: 'S0',
      pid: 'slave(1)@127.0.0.1:5051',
      hostname: 'h',
      start_time: 1.5,
      master_hostname: 'm',
      flags: { port: '5051' },
      attributes: { rack: 'r1', level: 3, keys: '[1-2]' },
      resources: { cpus: 4, mem: 1024, disk: 1000, gpus: 0 },
      reserved_resources: { ads: { cpus: 0, mem: 0, disk: 100, gpus: 0 } },
      unreserved_resources: { cpus: 4, mem: 1024, disk: 900, gpus: 0 },
      unreserved_resources_allocated: { cpus: 0.2, mem: 0, disk: 0, gpus: 0 },
    });
    const [reserved] = (state.reserved_resources_full as Record<string, readonly object[]>).ads;
    expect(reserved).toMatchObject({
      role: 'ads',
      reservation: {},
      reservations: [{ type: 'DYNAMIC', role: 'ads' }],
    });
  });

  it('says what runs and ran on it', () => {
    const [framework] = state.frameworks as readonly Record<string, readonly object[]>[];
    const { container } = agent.state.frameworks.get('F0')!.executors.get('running')!;
    expect(framework.executors).toMatchObject([
      {
        id: 'running',
        source: 'running',
        container,
        directory: `/w/slaves/S0/frameworks/F0/executors/running/runs/${container}`,
        tasks: [{ id: 'running', executor_id: '', state: 'TASK_RUNNING', resources: { cpus: 0.1 } }],
        queued_tasks: [],
      },
      { id: 'waiting', tasks: [], queued_tasks: [{ id: 'waiting', state: 'TASK_STAGING' }] },
    ]);
    expect(framework.completed_executors).toMatchObject([
      { id: 'done', completed_tasks: [{ id: 'done', state: 'TASK_FINISHED' }] },
    ]);
    expect(state.completed_frameworks).toEqual([]);
  });
});
