import { describe, expect, test } from 'vitest';
import { stream } from '../../src/cluster/streams.ts';
import { Executor } from '../../src/executor/executor.ts';
import {
  EXECUTOR_DEFAULTS,
  type ExecutorEffect,
  type ExecutorInput,
  type ProbeResult,
} from '../../src/executor/io.ts';
import type { FrameworkInfoCapabilityType, KillPolicy, TaskInfo } from '../../src/protocol/v1/mesos.ts';

const SECOND_US = 1_000_000;

/** Drives an executor by hand: tasks start at once, and end when the test says so. */
class Driven {
  readonly executor = new Executor(
    {
      frameworkId: { value: 'F' },
      executorId: { value: 'E' },
      isCheckpointed: true,
      exitsWhenDone: true,
      ...EXECUTOR_DEFAULTS,
    },
    stream('1', 'executor'),
  );
  nowUs = 0;
  readonly effects: ExecutorEffect[] = [];

  constructor(capabilities: readonly FrameworkInfoCapabilityType[] = []) {
    this.step({ kind: 'start' });
    const framework_info = { user: 'u', name: 'f', capabilities: capabilities.map((type) => ({ type })) };
    this.step({
      kind: 'event',
      event: {
        type: 'SUBSCRIBED',
        subscribed: {
          executor_info: { executor_id: { value: 'E' } },
          framework_info,
          agent_info: { hostname: 'a' },
        },
      },
    });
  }

  step(input: ExecutorInput | { readonly kind: 'tick' }): void {
    for (const effect of this.executor.step(input, this.nowUs)) {
      this.effects.push(effect);
      if (effect.kind === 'start-task')
        this.step({ kind: 'task-started', taskId: effect.task.task_id.value, containerStatus: null });
    }
  }

  launch(...tasks: readonly TaskInfo[]): void {
    const event =
      tasks.length === 1
        ? ({ type: 'LAUNCH', launch: { task: tasks[0] } } as const)
        : ({ type: 'LAUNCH_GROUP', launch_group: { task_group: { tasks } } } as const);
    this.step({ kind: 'event', event });
  }

  kill(taskId: string, kill_policy?: KillPolicy): void {
    this.step({ kind: 'event', event: { type: 'KILL', kill: { task_id: { value: taskId }, kill_policy } } });
  }

  end(taskId: string, status: number): void {
    this.step({ kind: 'task-ended', taskId, status, reason: null, message: null });
  }

  /** Answers each probe that falls due within the time. */
  advance(seconds: number, probe: () => ProbeResult = () => HEALTHY): void {
    const endUs = this.nowUs + seconds * SECOND_US;
    while (this.executor.nextTimerUs <= endUs) {
      this.nowUs = this.executor.nextTimerUs;
      const before = this.effects.length;
      this.step({ kind: 'tick' });
      for (const effect of this.effects.slice(before))
        if (effect.kind === 'probe-task')
          this.step({
            kind: 'probed',
            taskId: effect.task.task_id.value,
            probe: effect.probe,
            result: probe(),
          });
    }
    this.nowUs = endUs;
  }

  statuses() {
    return this.effects.flatMap((effect) => (effect.kind === 'call' ? effect.call.update!.status : []));
  }

  states(): string[] {
    return this.statuses().map(({ task_id, state }) => `${task_id.value} ${state.slice('TASK_'.length)}`);
  }

  signals(): string[] {
    return this.effects.flatMap((effect) =>
      effect.kind === 'signal-task' ? `${effect.taskId} ${effect.isForced ? 'KILL' : 'TERM'}` : [],
    );
  }
}

const HEALTHY: ProbeResult = { isHealthy: true, seen: { command: { exit_code: 0 } }, message: null };
const SICK: ProbeResult = { isHealthy: false, seen: { command: { exit_code: 1 } }, message: 'exit code 1' };

function task(id: string, more: Partial<TaskInfo> = {}): TaskInfo {
  return { name: id, task_id: { value: id }, agent_id: { value: 'A' }, command: { value: 'true' }, ...more };
}

describe('§6.1 the command executor', () => {
  test.each([
    [0, 'FINISHED', 'Command exited with status 0'],
    [3 << 8, 'FAILED', 'Command exited with status 3'],
    [9, 'FAILED', 'Command terminated with signal Killed'],
  ])('wait status %i is %s', (status, state, message) => {
    const driven = new Driven();
    driven.launch(task('T'));
    driven.end('T', status);
    expect(driven.states()).toEqual(['T STARTING', 'T RUNNING', `T ${state}`]);
    expect(driven.statuses().at(-1)!.message).toBe(message);
  });

  test('kills with SIGTERM, then after the grace with SIGKILL', () => {
    const driven = new Driven();
    driven.launch(task('T', { kill_policy: { grace_period: { nanoseconds: 7e9 } } }));
    driven.kill('T');
    driven.advance(6.9);
    expect(driven.signals()).toEqual(['T TERM']);
    driven.advance(0.1);
    expect(driven.signals()).toEqual(['T TERM', 'T KILL']);
    driven.end('T', 9);
    expect(driven.states().at(-1)).toBe('T KILLED');
  });

  test('a second kill shortens the grace, and does not lengthen it', () => {
    const driven = new Driven();
    driven.launch(task('T', { kill_policy: { grace_period: { nanoseconds: 20e9 } } }));
    driven.kill('T');
    driven.kill('T', { grace_period: { nanoseconds: 30e9 } });
    driven.kill('T', { grace_period: { nanoseconds: 2e9 } });
    driven.advance(2);
    expect(driven.signals()).toEqual(['T TERM', 'T KILL']);
    driven.advance(60);
    expect(driven.signals()).toHaveLength(2);
  });

  test('tells TASK_KILLING to frameworks that know it', () => {
    const driven = new Driven(['TASK_KILLING_STATE']);
    driven.launch(task('T'));
    driven.kill('T');
    driven.end('T', 15);
    expect(driven.states()).toEqual(['T STARTING', 'T RUNNING', 'T KILLING', 'T KILLED']);
  });

  test('a task that outlives max_completion_time fails', () => {
    const driven = new Driven();
    driven.launch(task('T', { max_completion_time: { nanoseconds: 5e9 } }));
    driven.advance(5);
    expect(driven.signals()).toEqual(['T TERM']);
    driven.end('T', 15);
    expect(driven.statuses().at(-1)).toMatchObject({
      state: 'TASK_FAILED',
      reason: 'REASON_MAX_COMPLETION_TIME_REACHED',
    });
  });

  test('SHUTDOWN kills all tasks, and it exits when the agent has their ends', () => {
    const driven = new Driven();
    driven.launch(task('T'));
    driven.step({ kind: 'event', event: { type: 'SHUTDOWN' } });
    driven.end('T', 15);
    for (const { task_id, uuid } of driven.statuses())
      driven.step({ kind: 'event', event: { type: 'ACKNOWLEDGED', acknowledged: { task_id, uuid: uuid! } } });
    expect(driven.effects.at(-1)).toEqual({ kind: 'exit', status: 0 });
  });

  test('exits a minute after its last task though the agent says nothing', () => {
    const driven = new Driven();
    driven.launch(task('T'));
    driven.end('T', 0);
    driven.advance(59.9);
    expect(driven.effects.at(-1)!.kind).not.toBe('exit');
    driven.advance(0.1);
    expect(driven.effects.at(-1)).toEqual({ kind: 'exit', status: 0 });
  });
});

describe('§6.2 the default executor', () => {
  test('when a task of a group fails, the rest of that group is killed, and no other', () => {
    const driven = new Driven();
    driven.launch(task('A'), task('B'));
    driven.launch(task('C'), task('D'));
    driven.end('A', 1 << 8);
    expect(driven.signals()).toEqual(['B TERM']);
  });

  test('when a task of a group finishes, the rest goes on', () => {
    const driven = new Driven();
    driven.launch(task('A'), task('B'));
    driven.end('A', 0);
    expect(driven.signals()).toEqual([]);
  });
});

describe('§6.4 checks', () => {
  const health_check = { type: 'COMMAND', command: { value: 'true' } } as const;

  test('the first is after 15 s, then every 10 s; health is told when it changes', () => {
    const driven = new Driven();
    driven.launch(task('T', { health_check }));
    driven.advance(14.9);
    expect(driven.effects.filter(({ kind }) => kind === 'probe-task')).toHaveLength(0);
    driven.advance(20.2);
    expect(driven.effects.filter(({ kind }) => kind === 'probe-task')).toHaveLength(3);
    expect(driven.statuses().map(({ healthy }) => healthy)).toEqual([undefined, undefined, true]);
    expect(driven.statuses().at(-1)!.reason).toBe('REASON_TASK_HEALTH_CHECK_STATUS_UPDATED');
  });

  test('three failures in a row kill the task, which ends as killed and unhealthy', () => {
    const driven = new Driven();
    driven.launch(task('T', { health_check }));
    const results = [SICK, HEALTHY, SICK, SICK, SICK];
    driven.advance(60, () => results.shift()!);
    expect(driven.signals()).toEqual(['T TERM', 'T KILL']);
    driven.end('T', 9);
    expect(driven.statuses().at(-1)).toMatchObject({ state: 'TASK_KILLED', healthy: false });
    expect(driven.statuses().at(-1)!.message).toMatch(/failed 3 times in a row: exit code 1/);
  });

  test('failures within the grace period do not count until the task was healthy once', () => {
    const driven = new Driven();
    driven.launch(
      task('T', { health_check: { ...health_check, grace_period_seconds: 100, delay_seconds: 1 } }),
    );
    driven.advance(60, () => SICK);
    expect(driven.signals()).toEqual([]);
    driven.advance(70, () => SICK);
    expect(driven.signals()[0]).toBe('T TERM');
  });

  test('a check tells each result that differs from the last, and an empty one before the first', () => {
    const driven = new Driven();
    const check = { type: 'COMMAND', command: { command: { value: 'x' } }, delay_seconds: 0 } as const;
    driven.launch(task('T', { check }));
    const results = [SICK, SICK, HEALTHY, { ...SICK, seen: null }];
    driven.advance(30, () => results.shift()!);
    const seen = driven.statuses().map(({ check_status }) => check_status?.command?.exit_code);
    expect(seen).toEqual([undefined, undefined, 1, 0, undefined]);
    expect(driven.statuses()[0].check_status).toEqual({ type: 'COMMAND', command: {} });
  });
});
