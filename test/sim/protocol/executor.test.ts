import { describe, expect, test } from 'vitest';
import { stream } from '../../../src/cluster/streams.ts';
import { EXECUTOR_DEFAULTS } from '../../../src/executor/io.ts';
import type { ExecutorEvent } from '../../../src/protocol/v1/executor.ts';
import type { TaskInfo } from '../../../src/protocol/v1/mesos.ts';
import { type ExecutorEffect, SimulatedExecutor } from '../../../src/sim/protocol/executor.ts';

const SECOND_US = 1_000_000;
const FRAMEWORK = { user: 'u', name: 'f', id: { value: 'F' } };

/** Drives an executor by hand; the agent acknowledges only when it is told to. */
class Driven {
  readonly executor: SimulatedExecutor;
  nowUs = 0;
  readonly effects: ExecutorEffect[] = [];

  constructor(isCheckpointed: boolean) {
    this.executor = new SimulatedExecutor(
      {
        frameworkId: { value: 'F' },
        executorId: { value: 'T' },
        isCheckpointed,
        ...EXECUTOR_DEFAULTS,
        exitsWhenDone: true,
      },
      stream('1', 'executor'),
    );
    this.effects.push(...this.executor.step({ kind: 'start' }, 0));
  }

  event(event: ExecutorEvent): void {
    this.effects.push(...this.executor.step({ kind: 'event', event }, this.nowUs));
  }

  subscribed(): void {
    const executor_info = { executor_id: { value: 'T' } };
    this.event({
      type: 'SUBSCRIBED',
      subscribed: { executor_info, framework_info: FRAMEWORK, agent_info: { hostname: 'a' } },
    });
  }

  launch(value: string | undefined): void {
    const task: TaskInfo = {
      name: 't',
      task_id: { value: 'T' },
      agent_id: { value: 'A' },
      ...(value !== undefined && { command: { value } }),
    };
    this.event({ type: 'LAUNCH', launch: { task } });
  }

  disconnect(): void {
    this.effects.push(...this.executor.step({ kind: 'disconnected' }, this.nowUs));
  }

  advance(us: number): void {
    const endUs = this.nowUs + us;
    while (this.executor.nextTimerUs <= endUs) {
      this.nowUs = Math.max(this.nowUs, this.executor.nextTimerUs);
      this.effects.push(...this.executor.step({ kind: 'tick' }, this.nowUs));
    }
    this.nowUs = endUs;
  }

  acknowledgeAll(): void {
    for (const { uuid } of this.statuses())
      this.event({ type: 'ACKNOWLEDGED', acknowledged: { task_id: { value: 'T' }, uuid: uuid! } });
  }

  statuses() {
    return this.effects.flatMap((effect) => (effect.kind === 'call' ? effect.call.update!.status : []));
  }

  states(): string[] {
    return this.statuses().map(({ state }) => state.slice('TASK_'.length));
  }

  get last(): ExecutorEffect {
    return this.effects.at(-1)!;
  }
}

describe('a simulated executor', () => {
  test('runs a task as long as its command says, and exits when the agent has all its updates', () => {
    const driven = new Driven(true);
    expect(driven.last).toMatchObject({ kind: 'subscribe' });
    driven.subscribed();
    driven.launch('sleep 12.5');
    driven.advance(12.4 * SECOND_US);
    expect(driven.states()).toEqual(['STARTING', 'RUNNING']);
    driven.advance(0.1 * SECOND_US);
    expect(driven.states()).toEqual(['STARTING', 'RUNNING', 'FINISHED']);
    driven.acknowledgeAll();
    expect(driven.last).toEqual({ kind: 'exit', status: 0 });
  });

  test.each([
    ['sleep 1; exit 3', ['STARTING', 'RUNNING', 'FAILED']],
    ['rm -rf /', ['STARTING', 'FAILED']],
    [undefined, ['STARTING', 'RUNNING']],
  ])('%s', (command, states) => {
    const driven = new Driven(true);
    driven.subscribed();
    driven.launch(command);
    driven.advance(2 * SECOND_US);
    expect(driven.states()).toEqual(states);
  });

  test('a task that is killed ends at once', () => {
    const driven = new Driven(true);
    driven.subscribed();
    driven.launch('sleep 100');
    driven.advance(SECOND_US);
    driven.event({ type: 'KILL', kill: { task_id: { value: 'T' } } });
    expect(driven.states()).toEqual(['STARTING', 'RUNNING', 'KILLED']);
  });

  test('while the agent is away it goes on, and tells on its return what is not acknowledged', () => {
    const driven = new Driven(true);
    driven.subscribed();
    driven.launch('sleep 3');
    driven.advance(SECOND_US);
    driven.disconnect();
    driven.advance(10 * SECOND_US);
    expect(driven.last.kind).toBe('subscribe');
    driven.subscribed();
    expect(driven.states()).toEqual(['STARTING', 'RUNNING', 'FINISHED']);
    driven.disconnect();
    driven.advance(10 * SECOND_US);
    const { call } = driven.last as Extract<ExecutorEffect, { kind: 'subscribe' }>;
    expect(call.subscribe!.unacknowledged_tasks).toHaveLength(1);
    const states = call.subscribe!.unacknowledged_updates!.map(({ status }) => status.state);
    expect(states).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
  });

  test('it gives up an agent that does not come back, at once without checkpoints', () => {
    const checkpointed = new Driven(true);
    checkpointed.subscribed();
    checkpointed.launch('sleep 10000');
    checkpointed.disconnect();
    checkpointed.advance(20 * SECOND_US);
    checkpointed.disconnect();
    checkpointed.advance(15 * 60 * SECOND_US);
    expect(checkpointed.last).toEqual({ kind: 'exit', status: 1 });
    const other = new Driven(false);
    other.subscribed();
    other.disconnect();
    expect(other.last).toEqual({ kind: 'exit', status: 1 });
  });
});
