/** Executors, their tasks and what they hold (reference §4.5, §5.1, §5.2, §5.4, §10.4, §14.6). */
import { describe, expect, test } from 'vitest';
import type { ExecutorInfo, TaskInfo } from '../../src/protocol/v1/mesos.ts';
import { parseResourcesText } from '../../src/resources/text.ts';
import { AGENT_ID, AgentHarness, FRAMEWORK, FRAMEWORK_ID } from './agent-harness.ts';

const SECOND_US = 1_000_000;

const EXECUTOR: ExecutorInfo = {
  executor_id: { value: 'e' },
  framework_id: FRAMEWORK_ID,
  type: 'CUSTOM',
  command: { value: './executor' },
  resources: parseResourcesText('cpus:1;mem:32').toWire(),
};
const taskOf = (id: string, resources = 'cpus:1'): TaskInfo => ({
  name: id,
  task_id: { value: id },
  agent_id: AGENT_ID,
  resources: parseResourcesText(resources).toWire(),
});

/** An agent with a custom executor that has subscribed, and task `a` of it. */
function withExecutor(): AgentHarness {
  const agent = new AgentHarness().start().register();
  agent.run('a', { executor: EXECUTOR, command: undefined });
  agent.step({ kind: 'container-launched', container: agent.containerOf('e') });
  agent.subscribe('e');
  return agent;
}

function kill(agent: AgentHarness, id: string, graceNanoseconds?: number): void {
  const killPolicy =
    graceNanoseconds === undefined ? null : { grace_period: { nanoseconds: graceNanoseconds } };
  agent.tell({ type: 'KILL_TASK', frameworkId: FRAMEWORK_ID, taskId: { value: id }, killPolicy });
}

const lastStatus = (agent: AgentHarness) => agent.sent('STATUS_UPDATE').at(-1)!.status;

describe('§5.1 calls of executors', () => {
  test.each<[string, number, object, string]>([
    [
      'of a framework that is not known',
      400,
      { type: 'SUBSCRIBE', subscribe: {}, framework_id: { value: 'F9' } },
      'e',
    ],
    ['of an executor that is not known', 400, { type: 'SUBSCRIBE', subscribe: {} }, 'nobody'],
    ['without its body', 400, { type: 'UPDATE' }, 'e'],
    [
      'with a state that only masters have',
      400,
      {
        type: 'UPDATE',
        update: {
          status: {
            task_id: { value: 'a' },
            state: 'TASK_STAGING',
            uuid: 'MDAwMDAwMDAwMDAwMDAwMA==',
            source: 'SOURCE_EXECUTOR',
          },
        },
      },
      'e',
    ],
    ['a message', 202, { type: 'MESSAGE', message: { data: 'eA==' } }, 'e'],
    ['a heartbeat', 202, { type: 'HEARTBEAT' }, 'e'],
  ])('%s: %d', (_, status, call, executor) => {
    expect(withExecutor().executorCall(executor, call)).toBe(status);
  });

  test('before SUBSCRIBE, or on a connection that another took over, a call is forbidden', () => {
    const agent = new AgentHarness().start().register();
    agent.run('a', { executor: EXECUTOR, command: undefined });
    const message = { type: 'MESSAGE', message: { data: 'eA==' } };
    expect(agent.executorCall('e', message)).toBe(403);
    agent.subscribe('e');
    agent.executorCall('e', { type: 'SUBSCRIBE', subscribe: {} }, 'second');
    expect(agent.made('close-connection')).toEqual([{ kind: 'close-connection', connection: 'c-e' }]);
    expect(agent.executorCall('e', message)).toBe(403);
    expect(agent.executorCall('e', message, 'second')).toBe(202);
  });

  test('messages go to the framework and from it, without being kept', () => {
    const agent = withExecutor();
    agent.executorCall('e', { type: 'MESSAGE', message: { data: 'eA==' } });
    expect(agent.sent('EXECUTOR_TO_FRAMEWORK')).toMatchObject([{ executorId: { value: 'e' }, data: 'eA==' }]);
    const executorId = { value: 'e' };
    agent.tell({ type: 'FRAMEWORK_TO_EXECUTOR', frameworkId: FRAMEWORK_ID, executorId, data: 'eQ==' });
    expect(agent.events().at(-1)).toBe('MESSAGE');
    agent.step({ kind: 'executor-disconnected', connection: 'c-e' });
    const before = agent.events().length;
    agent.tell({ type: 'FRAMEWORK_TO_EXECUTOR', frameworkId: FRAMEWORK_ID, executorId, data: 'eQ==' });
    expect(agent.events()).toHaveLength(before);
  });
});

describe('§5.2 events', () => {
  test('SUBSCRIBED comes first, then the tasks that were queued', () => {
    const agent = new AgentHarness().start().register();
    agent.run('a', { executor: EXECUTOR, command: undefined });
    agent.run('b', { executor: EXECUTOR, command: undefined });
    agent.subscribe('e');
    expect(agent.events('c-e')).toEqual(['SUBSCRIBED', 'LAUNCH', 'LAUNCH']);
    agent.run('c', { executor: EXECUTOR, command: undefined });
    expect(agent.events('c-e').slice(3)).toEqual(['LAUNCH']);
    expect(agent.made('launch-container')).toHaveLength(1);
  });

  test('a task group is delivered as a whole', () => {
    const agent = new AgentHarness().start().register();
    agent.tell({
      type: 'RUN_TASK_GROUP',
      framework: FRAMEWORK,
      executor: { ...EXECUTOR, type: 'DEFAULT', command: undefined },
      taskGroup: { tasks: [taskOf('a'), taskOf('b')] },
      launchesExecutor: true,
    });
    agent.subscribe('e');
    expect(agent.events('c-e')).toEqual(['SUBSCRIBED', 'LAUNCH_GROUP']);
    const [, { event }] = agent.made('executor-event');
    expect(event.launch_group!.task_group.tasks!.map(({ task_id }) => task_id.value)).toEqual(['a', 'b']);
  });

  test('a task is on disk before its container starts, or it is delivered', () => {
    const agent = new AgentHarness().start().register();
    agent.holdsDisk = true;
    agent.run('a', { executor: EXECUTOR, command: undefined });
    expect(agent.made('launch-container')).toEqual([]);
    agent.releaseDisk();
    expect(agent.made('launch-container')).toHaveLength(1);
    agent.subscribe('e');
    agent.holdsDisk = true;
    agent.run('b', { executor: EXECUTOR, command: undefined });
    expect(agent.events().filter((type) => type === 'LAUNCH')).toHaveLength(1);
    agent.releaseDisk();
    expect(agent.events().filter((type) => type === 'LAUNCH')).toHaveLength(2);
  });
});

describe('§5.4 the end of executors', () => {
  test('one that does not register within a minute is destroyed, and its tasks fail', () => {
    const agent = new AgentHarness().start().register();
    agent.run('t');
    const container = agent.containerOf('t');
    agent.step({ kind: 'container-launched', container });
    agent.wait(60 * SECOND_US - 1);
    expect(agent.made('destroy-container')).toEqual([]);
    agent.wait(1);
    expect(agent.made('destroy-container')).toEqual([{ kind: 'destroy-container', container }]);
    agent.endContainer(container, 9);
    expect(lastStatus(agent)).toMatchObject({
      state: 'TASK_FAILED',
      reason: 'REASON_EXECUTOR_REGISTRATION_TIMEOUT',
      source: 'SOURCE_AGENT',
    });
  });

  test('all of its tasks fail with it, and the master hears that it has exited', () => {
    const agent = withExecutor();
    agent.run('b', { executor: EXECUTOR, command: undefined });
    agent.endContainer(agent.containerOf('e'), 9);
    expect(agent.updates).toEqual(['a TASK_FAILED', 'b TASK_FAILED']);
    expect(lastStatus(agent).message).toContain('signal 9');
    expect(agent.sent('EXITED_EXECUTOR')).toMatchObject([{ executorId: { value: 'e' }, status: 9 }]);
  });

  test('why a container was ended is told: reason, message and limit', () => {
    const agent = withExecutor();
    const limitation = parseResourcesText('mem:32').toWire();
    const reason = 'REASON_CONTAINER_LIMITATION_MEMORY';
    agent.step({
      kind: 'container-ended',
      container: agent.containerOf('e'),
      end: { status: 9, reason, message: 'too much', limitation },
    });
    expect(lastStatus(agent)).toMatchObject({
      state: 'TASK_FAILED',
      reason,
      message: 'too much',
      limitation: { resources: limitation },
    });
  });

  test('the master is not told of the end of executors that agents make up for commands', () => {
    const agent = new AgentHarness().start().register();
    agent.run('t');
    agent.play('t', 'TASK_FINISHED');
    expect(agent.sent('EXITED_EXECUTOR')).toEqual([]);
  });

  test('asked to shut down, it has its grace, and is destroyed then', () => {
    const agent = withExecutor();
    agent.tell({ type: 'SHUTDOWN_EXECUTOR', frameworkId: FRAMEWORK_ID, executorId: { value: 'e' } });
    expect(agent.events().at(-1)).toBe('SHUTDOWN');
    agent.wait(5 * SECOND_US - 1);
    expect(agent.made('destroy-container')).toEqual([]);
    agent.wait(1);
    expect(agent.made('destroy-container')).toHaveLength(1);
    agent.run('b', { executor: EXECUTOR, command: undefined });
    expect(lastStatus(agent)).toMatchObject({ state: 'TASK_LOST', reason: 'REASON_EXECUTOR_TERMINATED' });
  });

  test('with its framework all end, and nobody is told of their tasks', () => {
    const agent = withExecutor();
    agent.tell({ type: 'SHUTDOWN_FRAMEWORK', frameworkId: FRAMEWORK_ID });
    expect(agent.events().at(-1)).toBe('SHUTDOWN');
    agent.endContainer(agent.containerOf('e'));
    expect(agent.updates).toEqual([]);
    expect(agent.sent('EXITED_EXECUTOR')).toEqual([]);
    expect(agent.agent.state.frameworks.size).toBe(0);
  });
});

describe('§4.5 kills', () => {
  test('go to the executor, with the policy that the framework gives', () => {
    const agent = withExecutor();
    kill(agent, 'a', 7e9);
    const { event } = agent.made('executor-event').at(-1)!;
    expect(event.kill).toEqual({
      task_id: { value: 'a' },
      kill_policy: { grace_period: { nanoseconds: 7e9 } },
    });
    agent.update('e', 'TASK_KILLED', 'a');
    expect(agent.updates).toEqual(['a TASK_KILLED']);
  });

  test('a task that was not delivered is killed by the agent; a command executor goes with it', () => {
    const agent = new AgentHarness().start().register();
    agent.run('t');
    kill(agent, 't');
    expect(lastStatus(agent)).toMatchObject({
      state: 'TASK_KILLED',
      reason: 'REASON_TASK_KILLED_DURING_LAUNCH',
    });
    expect(agent.made('destroy-container')).toHaveLength(1);
  });

  test('a task that the agent does not know is told to be dropped, if its framework is known', () => {
    const agent = withExecutor();
    kill(agent, 'ghost');
    expect(agent.updates).toEqual(['ghost TASK_LOST']);
    const empty = new AgentHarness().start().register();
    kill(empty, 'ghost');
    expect(empty.updates).toEqual([]);
  });
});

describe('§10.4 what is held', () => {
  test('an executor and its tasks hold resources until they have ended; what is not free is not run', () => {
    const agent = withExecutor();
    agent.run('b', { ...taskOf('b', 'cpus:2'), executor: EXECUTOR, command: undefined });
    agent.run('c', { ...taskOf('c', 'cpus:1'), executor: EXECUTOR, command: undefined });
    expect(lastStatus(agent)).toMatchObject({
      task_id: { value: 'c' },
      state: 'TASK_LOST',
      reason: 'REASON_RESOURCES_UNKNOWN',
    });
    agent.update('e', 'TASK_FINISHED', 'b');
    agent.run('d', { ...taskOf('d', 'cpus:2'), executor: EXECUTOR, command: undefined });
    expect(agent.agent.state.frameworks.get('F0')!.tasks.get('d')!.phase).toBe('launched');
  });

  test('the container of a custom executor is given the sum of what runs in it', () => {
    const agent = withExecutor();
    agent.run('b', { ...taskOf('b', 'cpus:2'), executor: EXECUTOR, command: undefined });
    const { resources } = agent.made('update-container').at(-1)!;
    const cpus = resources.find(({ name }) => name === 'cpus');
    expect(cpus!.scalar!.value).toBeCloseTo(3.1);
  });

  test('a task with an id that is in use is not run again', () => {
    const agent = withExecutor();
    agent.run('a', { executor: EXECUTOR, command: undefined });
    expect(agent.events().filter((type) => type === 'LAUNCH')).toHaveLength(1);
    expect(agent.updates).toEqual([]);
  });

  test('an executor that the master believes to be here, and is not, is not started anew', () => {
    const agent = new AgentHarness().start().register();
    const task = { ...taskOf('a'), executor: EXECUTOR };
    agent.tell({ type: 'RUN_TASK', framework: FRAMEWORK, task, launchesExecutor: false });
    expect(agent.made('launch-container')).toEqual([]);
    expect(lastStatus(agent)).toMatchObject({ state: 'TASK_LOST', reason: 'REASON_EXECUTOR_TERMINATED' });
  });
});

describe('§14.6 draining', () => {
  const drain = (agent: AgentHarness, config = {}) => agent.tell({ type: 'DRAIN', config });

  test('kills every task, within the shorter of its own grace and the operator’s', () => {
    const agent = withExecutor();
    const policy = { grace_period: { nanoseconds: 30e9 } };
    agent.run('b', { ...taskOf('b'), kill_policy: policy, executor: EXECUTOR, command: undefined });
    drain(agent, { max_grace_period: { nanoseconds: 10e9 } });
    const kills = agent.made('executor-event').flatMap(({ event }) => event.kill ?? []);
    expect(kills.map(({ kill_policy }) => kill_policy?.grace_period?.nanoseconds)).toEqual([10e9, 10e9]);
  });

  test('tasks are refused meanwhile, and what ends says why', () => {
    const agent = withExecutor();
    drain(agent);
    agent.run('b', { executor: EXECUTOR, command: undefined });
    expect(lastStatus(agent)).toMatchObject({ state: 'TASK_LOST', reason: 'REASON_AGENT_DRAINING' });
    agent.update('e', 'TASK_KILLED', 'a');
    expect(lastStatus(agent)).toMatchObject({ state: 'TASK_KILLED', reason: 'REASON_AGENT_DRAINING' });
  });

  test('of an agent that will be gone, tasks are TASK_GONE_BY_OPERATOR for those who know that state', () => {
    const agent = new AgentHarness().start().register();
    const framework = { capabilities: [{ type: 'PARTITION_AWARE' as const }] };
    agent.run('a', { executor: EXECUTOR, command: undefined }, framework);
    agent.subscribe('e');
    drain(agent, { mark_gone: true });
    agent.update('e', 'TASK_KILLED', 'a');
    expect(agent.updates).toEqual(['a TASK_GONE_BY_OPERATOR']);
  });

  test('survives a restart, and is over when nothing is left', () => {
    const before = withExecutor();
    drain(before);
    expect(before.entries.drain).toEqual({});
    const agent = new AgentHarness();
    agent.start({ entries: before.entries, bootId: 'b2' }).register();
    expect(agent.updates).toEqual(['a TASK_FAILED']);
    agent.acknowledge('a', lastStatus(agent).uuid!);
    expect(agent.agent.state.drain).toBeNull();
    expect(agent.entries.drain).toBeUndefined();
  });
});
