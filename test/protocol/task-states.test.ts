import { describe, expect, it } from 'vitest';
import { isTerminal, stateFor } from '../../src/protocol/task-states.ts';
import type { TaskState } from '../../src/protocol/v1/mesos.ts';

describe('§4.1 states of tasks', () => {
  it.each<[TaskState, boolean, TaskState]>([
    ['TASK_STAGING', false, 'TASK_STAGING'],
    ['TASK_STARTING', false, 'TASK_STARTING'],
    ['TASK_RUNNING', false, 'TASK_RUNNING'],
    ['TASK_KILLING', false, 'TASK_KILLING'],
    ['TASK_FINISHED', true, 'TASK_FINISHED'],
    ['TASK_FAILED', true, 'TASK_FAILED'],
    ['TASK_KILLED', true, 'TASK_KILLED'],
    ['TASK_ERROR', true, 'TASK_ERROR'],
    ['TASK_LOST', true, 'TASK_LOST'],
    ['TASK_DROPPED', true, 'TASK_LOST'],
    ['TASK_UNREACHABLE', false, 'TASK_LOST'],
    ['TASK_GONE', true, 'TASK_LOST'],
    ['TASK_GONE_BY_OPERATOR', true, 'TASK_LOST'],
    ['TASK_UNKNOWN', false, 'TASK_LOST'],
  ])('%s: terminal %s, without PARTITION_AWARE %s', (state, terminal, withoutAwareness) => {
    expect(isTerminal(state)).toBe(terminal);
    expect(stateFor(true, state)).toBe(state);
    expect(stateFor(false, state)).toBe(withoutAwareness);
  });
});
