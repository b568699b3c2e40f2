import { describe, expect, it } from 'vitest';
import { HISTORY_FLAGS } from '../../src/agent/flags.ts';
import { AgentHarness, FRAMEWORK_ID } from './agent-harness.ts';

describe('what has ended on an agent', () => {
  const past = ({ agent }: AgentHarness) =>
    agent.state.completedFrameworks.flatMap(({ completedExecutors }) =>
      completedExecutors.map(({ id, completedTasks }) => [id, completedTasks.map(({ state }) => state)]),
    );

  it('is there to look at, the newest of it', () => {
    const harness = new AgentHarness({ ...HISTORY_FLAGS, maxCompletedExecutorsPerFramework: 2 });
    harness.start().register();
    for (const id of ['a', 'b', 'c']) {
      harness.run(id);
      harness.play(id, 'TASK_RUNNING', 'TASK_FINISHED');
    }
    const last = harness.agent.state.completedFrameworks[0].completedExecutors[1].completedTasks[0];
    expect(last.statuses.map(({ state }) => state)).toEqual(['TASK_RUNNING', 'TASK_FINISHED']);
    expect(past(harness)).toEqual([
      ['b', ['TASK_FINISHED']],
      ['c', ['TASK_FINISHED']],
    ]);
    expect(Object.fromEntries(harness.agent.state.counts)).toEqual({
      valid_status_updates: 6,
      tasks_finished: 3,
      executors_terminated: 3,
    });
  });

  it('goes with its framework when that has something to run again', () => {
    const harness = new AgentHarness(HISTORY_FLAGS).start().register();
    harness.run('a');
    harness.play('a', 'TASK_FINISHED');
    harness.run('b');
    expect(harness.agent.state.completedFrameworks).toEqual([]);
    const framework = harness.agent.state.frameworks.get(FRAMEWORK_ID.value)!;
    expect(framework.completedExecutors.map(({ id }) => id)).toEqual(['a']);
  });

  it('is not kept where nobody looks', () => {
    const harness = new AgentHarness().start().register();
    harness.run('a');
    harness.play('a', 'TASK_FINISHED');
    expect(past(harness)).toEqual([]);
  });
});

describe('an agent that was there before', () => {
  it('collects the sandboxes that are left', () => {
    const harness = new AgentHarness({ gcDelayUs: 1_000_000 });
    harness.nowUs = 5_000_000;
    harness.start({
      sandboxes: [
        { sandbox: 'old', endedUs: 1_000_000 },
        { sandbox: 'new', endedUs: 4_900_000 },
      ],
    });
    harness.step({ kind: 'disk-usage', used: 0 });
    const removed = harness.effects.flatMap((effect) =>
      effect.kind === 'remove-sandbox' ? [effect.sandbox] : [],
    );
    expect(removed).toEqual(['old']);
  });

  it('keeps its id, and the settings with which it started last', () => {
    const first = new AgentHarness().start().register();
    const more = [{ name: 'rack', type: 'TEXT', text: { value: 'r1' } }] as const;
    const second = new AgentHarness({}, { attributes: more }).start({ entries: first.entries }).register();
    expect(second.agent.state.id).toBe('S0');
    expect(second.entries.agent).toMatchObject({ id: { value: 'S0' }, attributes: more });
  });

  it('that is told to unregister ends all that runs, says so, and exits', () => {
    const harness = new AgentHarness().start().register();
    harness.run('a');
    harness.effects.length = 0;
    harness.step({ kind: 'unregister' });
    expect(harness.effects.map(({ kind }) => kind)).toEqual(['master-message', 'destroy-container', 'exit']);
    expect(harness.effects[0]).toMatchObject({ message: { type: 'UNREGISTER', agentId: { value: 'S0' } } });
  });
});
