/** Status updates: a stream per task, in order, each sent until it is acknowledged (reference §2.6). */
import { describe, expect, test } from 'vitest';
import { AgentHarness } from './agent-harness.ts';

const SECOND_US = 1_000_000;

/** A task whose command executor is subscribed. */
function running(framework = {}): AgentHarness {
  const agent = new AgentHarness().start().register();
  agent.run('t', {}, framework);
  agent.step({ kind: 'container-launched', container: agent.containerOf('t') });
  agent.subscribe('t');
  return agent;
}

describe('§2.6 a stream of updates', () => {
  test('has one update on its way; the next goes when that is acknowledged', () => {
    const agent = running();
    const starting = agent.update('t', 'TASK_STARTING');
    const started = agent.update('t', 'TASK_RUNNING');
    expect(agent.updates).toEqual(['t TASK_STARTING']);
    agent.acknowledge('t', started);
    expect(agent.updates).toEqual(['t TASK_STARTING']);
    agent.acknowledge('t', starting);
    expect(agent.updates).toEqual(['t TASK_STARTING', 't TASK_RUNNING']);
    agent.acknowledge('t', starting);
    expect(agent.updates).toEqual(['t TASK_STARTING', 't TASK_RUNNING']);
  });

  test('tells with every update the newest state', () => {
    const agent = running();
    const starting = agent.update('t', 'TASK_STARTING');
    agent.update('t', 'TASK_RUNNING');
    agent.update('t', 'TASK_FINISHED');
    agent.acknowledge('t', starting);
    expect(agent.sent('STATUS_UPDATE').map(({ latestState }) => latestState)).toEqual([
      'TASK_STARTING',
      'TASK_FINISHED',
    ]);
  });

  test('sends an update again after 10 s, 20 s, 40 s … at most 10 min, and starts anew with the next', () => {
    const agent = running();
    const first = agent.update('t', 'TASK_STARTING');
    agent.update('t', 'TASK_RUNNING');
    /** Seconds from one sending to the next. */
    const waits = (count: number) =>
      Array.from({ length: count }, () => {
        const before = agent.updates.length;
        for (let seconds = 1; seconds <= 1000; seconds++) {
          // Pings go on, or the agent would take its master for lost.
          agent.tell({ type: 'PING', isConnected: true });
          agent.wait(SECOND_US);
          if (agent.updates.length > before) return seconds;
        }
        return Number.POSITIVE_INFINITY;
      });
    expect(waits(8)).toEqual([10, 20, 40, 80, 160, 320, 600, 600]);
    agent.acknowledge('t', first);
    expect(agent.updates.at(-1)).toBe('t TASK_RUNNING');
    expect(waits(2)).toEqual([10, 20]);
  });

  test('streams of different tasks do not wait for each other', () => {
    const agent = running();
    agent.run('u');
    agent.step({ kind: 'container-launched', container: agent.containerOf('u') });
    agent.subscribe('u');
    agent.update('t', 'TASK_RUNNING');
    agent.update('u', 'TASK_RUNNING');
    expect(agent.updates).toEqual(['t TASK_RUNNING', 'u TASK_RUNNING']);
  });

  test('an executor hears that its update is safe once it is on disk, whatever the framework does', () => {
    const agent = running();
    agent.holdsDisk = true;
    agent.update('t', 'TASK_RUNNING');
    expect(agent.events()).not.toContain('ACKNOWLEDGED');
    expect(agent.updates).toEqual([]);
    agent.releaseDisk();
    expect(agent.events().filter((type) => type === 'ACKNOWLEDGED')).toHaveLength(1);
    expect(agent.updates).toEqual(['t TASK_RUNNING']);
  });

  test('a framework that does not checkpoint does not wait for the disk', () => {
    const agent = running({ checkpoint: false });
    agent.holdsDisk = true;
    agent.update('t', 'TASK_RUNNING');
    expect(agent.events()).toContain('ACKNOWLEDGED');
    expect(agent.updates).toEqual(['t TASK_RUNNING']);
  });

  test('an update that comes twice is acknowledged twice and taken once', () => {
    const agent = running();
    agent.update('t', 'TASK_RUNNING', 't', 7);
    agent.update('t', 'TASK_RUNNING', 't', 7);
    expect(agent.events().filter((type) => type === 'ACKNOWLEDGED')).toHaveLength(2);
    expect(agent.agent.state.frameworks.get('F0')!.tasks.get('t')!.updates).toHaveLength(1);
  });

  test('nothing follows a terminal update; acknowledged, the task is forgotten, on disk too', () => {
    const agent = running();
    const finished = agent.update('t', 'TASK_FINISHED');
    agent.update('t', 'TASK_FAILED');
    agent.endContainer(agent.containerOf('t'), 1);
    agent.acknowledge('t', finished);
    expect(agent.updates).toEqual(['t TASK_FINISHED']);
    expect(agent.agent.state.frameworks.size).toBe(0);
    expect(Object.keys(agent.entries).sort()).toEqual(['agent', 'boot']);
  });

  test('after registering again, what is on its way is sent at once', () => {
    const agent = running();
    agent.update('t', 'TASK_RUNNING');
    agent.step({ kind: 'link-broken', link: 'l' });
    agent.wait(5 * SECOND_US);
    agent.register();
    expect(agent.updates).toEqual(['t TASK_RUNNING', 't TASK_RUNNING']);
  });

  test('while there is no master, updates are kept', () => {
    const agent = running();
    agent.step({ kind: 'link-broken', link: 'l' });
    agent.update('t', 'TASK_RUNNING');
    agent.wait(600 * SECOND_US);
    expect(agent.updates).toEqual([]);
    agent.register();
    expect(agent.updates).toEqual(['t TASK_RUNNING']);
  });
});
