import { describe, expect, it } from 'vitest';
import type { FrameworkInfo } from '../../src/protocol/v1/mesos.ts';
import { DrivenMaster, SECOND_US, task } from './driven-master.ts';

/** A task `t` that takes all of the one agent. */
function launched(info: Partial<FrameworkInfo> = {}) {
  const driven = DrivenMaster.leading();
  const agent = driven.agent('cpus:4;mem:4096');
  const framework = driven.subscribe(info);
  driven.settle();
  const [offer] = framework.offers;
  framework.launch(offer, task('t', offer, 'cpus:4;mem:4096'));
  const record = driven.master.state.frameworks.get(framework.id)!;
  return { driven, agent, framework, record, taskRecord: record.tasks.get('t')! };
}

describe('§2.6 status updates', () => {
  it('are forwarded as they are', () => {
    const { agent, framework } = launched();
    const status = agent.update(framework, 't', 'TASK_RUNNING', { status: { data: 'aGk=', healthy: true } });
    expect(framework.statuses).toEqual([status]);
  });

  it('resources of a terminal task come free with its update, not with the acknowledgement', () => {
    const { driven, agent, framework, taskRecord } = launched();
    agent.update(framework, 't', 'TASK_FINISHED');
    driven.advance(SECOND_US);
    expect(framework.offers).toHaveLength(2);
    expect(taskRecord.framework.tasks.has('t')).toBe(true);
  });

  it('and with the latest state, where the agent holds further updates; the forwarded state is kept apart', () => {
    const { driven, agent, framework, taskRecord } = launched();
    agent.update(framework, 't', 'TASK_RUNNING', { latestState: 'TASK_FAILED' });
    expect(taskRecord).toMatchObject({ state: 'TASK_FAILED', forwardedState: 'TASK_RUNNING' });
    driven.advance(SECOND_US);
    expect(framework.offers).toHaveLength(2);
    agent.update(framework, 't', 'TASK_FAILED');
    expect(driven.master.counters.get('tasks_failed')).toBe(1);
  });

  it('§4.1 what is terminal stays so, and equal states next to each other are kept once, without data', () => {
    const { agent, framework, taskRecord } = launched();
    agent.update(framework, 't', 'TASK_RUNNING');
    agent.update(framework, 't', 'TASK_RUNNING', { status: { data: 'aGk=', healthy: false } });
    agent.update(framework, 't', 'TASK_FINISHED');
    agent.update(framework, 't', 'TASK_RUNNING');
    expect(taskRecord.state).toBe('TASK_FINISHED');
    expect(taskRecord.statuses.map(({ state, data, healthy }) => [state, data, healthy])).toEqual([
      ['TASK_RUNNING', undefined, false],
      ['TASK_FINISHED', undefined, undefined],
      ['TASK_RUNNING', undefined, undefined],
    ]);
  });

  it('those of unknown tasks are forwarded all the same', () => {
    const { agent, framework } = launched();
    agent.update(framework, 'other', 'TASK_LOST');
    expect(framework.statuses.map(({ task_id }) => task_id.value)).toEqual(['other']);
  });

  it('those of unknown agents and frameworks are dropped', () => {
    const { driven, agent, framework } = launched();
    agent.send({
      type: 'STATUS_UPDATE',
      agentId: { value: 'unknown' },
      frameworkId: { value: framework.id },
      executorId: null,
      status: { task_id: { value: 't' }, state: 'TASK_FINISHED' },
      latestState: 'TASK_FINISHED',
    });
    expect(framework.statuses).toEqual([]);
    expect(driven.master.counters.get('invalid_status_updates')).toBe(1);
  });
});

describe('§2.6 acknowledgements', () => {
  it('go to the agent; that of the terminal update ends the task', () => {
    const { agent, framework, record } = launched();
    const running = agent.update(framework, 't', 'TASK_RUNNING');
    framework.acknowledge(running);
    const finished = agent.update(framework, 't', 'TASK_FINISHED');
    framework.acknowledge(running);
    expect(record.tasks.has('t')).toBe(true);
    framework.acknowledge(finished);
    expect(record.tasks.has('t')).toBe(false);
    expect([...record.completedTasks].map(({ id }) => id)).toEqual(['t']);
    expect(agent.received('ACKNOWLEDGE').map(({ uuid }) => uuid)).toEqual([
      running.uuid,
      running.uuid,
      finished.uuid,
    ]);
  });

  it('a state that is latest but was not forwarded does not end the task', () => {
    const { agent, framework, record } = launched();
    framework.acknowledge(agent.update(framework, 't', 'TASK_RUNNING', { latestState: 'TASK_FINISHED' }));
    expect(record.tasks.has('t')).toBe(true);
  });

  it('are dropped while the agent is not connected', () => {
    const { agent, framework, record } = launched({ checkpoint: true });
    const status = agent.update(framework, 't', 'TASK_FINISHED');
    agent.breakLink();
    expect(framework.acknowledge(status)).toBe(202);
    expect(record.tasks.has('t')).toBe(true);
  });
});

describe('§2.2 KILL', () => {
  it("is forwarded with its policy to the task's agent", () => {
    const { agent, framework } = launched();
    const kill_policy = { grace_period: { nanoseconds: 5e9 } };
    framework.call({ type: 'KILL', kill: { task_id: { value: 't' }, kill_policy } });
    expect(agent.received('KILL_TASK')).toEqual([
      {
        type: 'KILL_TASK',
        frameworkId: { value: framework.id },
        taskId: { value: 't' },
        killPolicy: kill_policy,
      },
    ]);
  });

  it('with a wrong agent is ignored', () => {
    const { agent, framework } = launched();
    framework.call({ type: 'KILL', kill: { task_id: { value: 't' }, agent_id: { value: 'other' } } });
    expect(agent.received('KILL_TASK')).toEqual([]);
    expect(framework.statuses).toEqual([]);
  });

  it('of an unknown task answers as reconciliation does', () => {
    const { framework, agent } = launched();
    framework.call({ type: 'KILL', kill: { task_id: { value: 'x' }, agent_id: { value: agent.id } } });
    expect(framework.statuses).toMatchObject([
      { task_id: { value: 'x' }, state: 'TASK_LOST', reason: 'REASON_RECONCILIATION' },
    ]);
  });

  it('is kept for an agent that is not connected', () => {
    const { agent, framework, taskRecord } = launched({ checkpoint: true });
    agent.breakLink();
    framework.call({ type: 'KILL', kill: { task_id: { value: 't' } } });
    expect(taskRecord.kill).toEqual({ policy: null });
  });
});

describe('§2.2 messages and shutdowns of executors', () => {
  it('pass through, both ways', () => {
    const { agent, framework } = launched();
    const executor_id = { value: 'e' };
    const agent_id = { value: agent.id };
    framework.call({ type: 'MESSAGE', message: { agent_id, executor_id, data: 'aGk=' } });
    framework.call({ type: 'SHUTDOWN', shutdown: { agent_id, executor_id } });
    framework.call({ type: 'SHUTDOWN', shutdown: { agent_id: { value: 'unknown' }, executor_id } });
    expect(agent.inbox.slice(-2)).toMatchObject([
      { type: 'FRAMEWORK_TO_EXECUTOR', executorId: executor_id, data: 'aGk=' },
      { type: 'SHUTDOWN_EXECUTOR', executorId: executor_id },
    ]);
    agent.send({
      type: 'EXECUTOR_TO_FRAMEWORK',
      agentId: agent_id,
      frameworkId: { value: framework.id },
      executorId: executor_id,
      data: 'eW8=',
    });
    expect(framework.received('MESSAGE')[0].message).toEqual({ agent_id, executor_id, data: 'eW8=' });
  });
});
