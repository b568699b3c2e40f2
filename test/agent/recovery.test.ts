/** An agent that restarts finds its tasks again (reference §5.4). */
import { describe, expect, test } from 'vitest';
import { AgentHarness, FRAMEWORK_ID, uuidOf } from './agent-harness.ts';

const SECOND_US = 1_000_000;
const AWARE = { capabilities: [{ type: 'PARTITION_AWARE' as const }] };

/** An agent with a command task that runs, unless its executor never came. */
function withTask(isSubscribed = true, framework: object = AWARE): AgentHarness {
  const agent = new AgentHarness().start().register();
  agent.run('t', {}, framework);
  if (!isSubscribed) return agent;
  agent.step({ kind: 'container-launched', container: agent.containerOf('t') });
  agent.subscribe('t');
  agent.acknowledge('t', agent.update('t', 'TASK_RUNNING'));
  return agent;
}

/** The agent after a restart of its process, or of its machine. */
function restarted(before: AgentHarness, options: { isReboot?: boolean } = {}): AgentHarness {
  const { isReboot = false } = options;
  const liveContainers = isReboot ? [] : [before.containerOf('t')];
  const after = new AgentHarness();
  after.nowUs = before.nowUs + SECOND_US;
  return after.start({ entries: before.entries, liveContainers, bootId: isReboot ? 'b2' : 'b' });
}

const tasksOf = (agent: AgentHarness) => [
  ...(agent.agent.state.frameworks.get(FRAMEWORK_ID.value)?.tasks.values() ?? []),
];

describe('§5.4 recovery', () => {
  test('waits for executors that live, and refuses all calls but theirs meanwhile', () => {
    const agent = restarted(withTask());
    agent.step({ kind: 'master', link: 'l' });
    expect(agent.agent.state.phase).toBe('recovering');
    agent.wait(SECOND_US);
    expect(agent.sent('REREGISTER')).toEqual([]);
    const message = { type: 'MESSAGE', message: { data: '' } };
    expect(agent.executorCall('t', message)).toBe(503);
    expect(agent.executorCall('nobody', { type: 'SUBSCRIBE', subscribe: {} })).toBe(400);
    expect(agent.subscribe('t')).toBe(200);
    expect(agent.agent.state.phase).toBe('disconnected');
    expect(agent.executorCall('t', message)).toBe(202);
  });

  test('executors that are back go on: the task is reported as it is', () => {
    const agent = restarted(withTask());
    agent.subscribe('t', { unacknowledged_tasks: [] });
    agent.register();
    expect(agent.sent('REREGISTER')[0].tasks).toMatchObject([
      { task_id: { value: 't' }, state: 'TASK_RUNNING' },
    ]);
    expect(agent.updates).toEqual([]);
    expect(agent.made('destroy-container')).toEqual([]);
  });

  test('updates that an executor sends again are taken once, new ones too', () => {
    const before = withTask();
    const known = before.update('t', 'TASK_RUNNING', 't', 50);
    const agent = restarted(before);
    const status = (uuid: string, state: string) => ({
      status: { task_id: { value: 't' }, state, uuid, source: 'SOURCE_EXECUTOR' },
    });
    agent.subscribe('t', {
      unacknowledged_updates: [status(known, 'TASK_RUNNING'), status(uuidOf(51), 'TASK_FINISHED')],
    });
    agent.register();
    expect(tasksOf(agent)[0].updates.map(({ state }) => state)).toEqual(['TASK_RUNNING', 'TASK_FINISHED']);
    expect(agent.updates).toEqual(['t TASK_RUNNING']);
  });

  test('executors that are not back after the re-registration timeout are destroyed: TASK_GONE', () => {
    const before = withTask();
    const agent = restarted(before);
    agent.wait(2 * SECOND_US - 1);
    expect(agent.made('destroy-container')).toEqual([]);
    agent.wait(1);
    const container = before.containerOf('t');
    expect(agent.made('destroy-container')).toEqual([{ kind: 'destroy-container', container }]);
    agent.register();
    expect(agent.sent('STATUS_UPDATE').map(({ status }) => [status.state, status.reason])).toEqual([
      ['TASK_GONE', 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT'],
    ]);
  });

  test('… and TASK_LOST for frameworks that know no partitions', () => {
    const agent = restarted(withTask(true, {}));
    agent.wait(2 * SECOND_US);
    agent.register();
    expect(agent.updates).toEqual(['t TASK_LOST']);
  });

  test('a task that never reached its executor is dropped', () => {
    const before = withTask();
    const agent = restarted(before);
    agent.subscribe('t', {
      unacknowledged_tasks: [{ name: 't', task_id: { value: 't' }, agent_id: { value: 'S0' } }],
    });
    agent.register();
    expect(agent.updates).toEqual([]);

    const queued = withTask(false);
    queued.step({ kind: 'container-launched', container: queued.containerOf('t') });
    queued.subscribe('t');
    const again = restarted(queued);
    again.subscribe('t', { unacknowledged_tasks: [] });
    again.register();
    expect(again.sent('STATUS_UPDATE').map(({ status }) => [status.state, status.reason])).toEqual([
      ['TASK_DROPPED', 'REASON_AGENT_RESTARTED'],
    ]);
  });

  test('a queued task is delivered when its executor comes', () => {
    const agent = restarted(withTask(false));
    agent.subscribe('t');
    expect(agent.events('c-t')).toEqual(['SUBSCRIBED', 'LAUNCH']);
  });

  test('after a reboot executors are known dead, and tasks are told failed, under the same agent id', () => {
    const agent = restarted(withTask(), { isReboot: true });
    expect(agent.agent.state.phase).toBe('disconnected');
    expect(agent.entries.boot).toBe('b2');
    agent.register();
    expect(agent.sent('REREGISTER')[0].info.id).toEqual({ value: 'S0' });
    expect(agent.updates).toEqual(['t TASK_FAILED']);
  });

  test('containers that nothing on disk knows are destroyed', () => {
    const agent = new AgentHarness().start({ liveContainers: ['stray'] });
    expect(agent.made('destroy-container')).toEqual([{ kind: 'destroy-container', container: 'stray' }]);
  });

  test('a framework that does not checkpoint leaves nothing on disk', () => {
    const before = withTask(true, { checkpoint: false });
    expect(Object.keys(before.entries).sort()).toEqual(['agent', 'boot']);
  });

  test('a kill that the executor may not have got is sent again when it is back', () => {
    const agent = withTask();
    agent.step({ kind: 'executor-disconnected', connection: 'c-t' });
    agent.tell({ type: 'KILL_TASK', frameworkId: FRAMEWORK_ID, taskId: { value: 't' }, killPolicy: null });
    expect(agent.events()).not.toContain('KILL');
    agent.subscribe('t', { unacknowledged_tasks: [] });
    expect(agent.events().at(-1)).toBe('KILL');
  });

  test('unacknowledged updates of tasks that had ended are sent again after a restart', () => {
    const before = withTask();
    before.update('t', 'TASK_FINISHED');
    const agent = restarted(before, { isReboot: true });
    agent.register();
    expect(agent.updates).toEqual(['t TASK_FINISHED']);
  });
});
