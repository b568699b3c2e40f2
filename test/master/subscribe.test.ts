import { describe, expect, it } from 'vitest';
import { DrivenMaster, SECOND_US, task } from './driven-master.ts';

describe('§2.3 SUBSCRIBE', () => {
  it('gives a new framework an id, SUBSCRIBED first and a heartbeat at once', () => {
    const driven = DrivenMaster.leading();
    const framework = driven.subscribe();
    expect(framework.id).toBe('M-0000');
    expect(framework.events.map(({ type }) => type)).toEqual(['SUBSCRIBED', 'HEARTBEAT']);
    expect(framework.events[0].subscribed).toMatchObject({ heartbeat_interval_seconds: 15 });
  });

  it('runs a task from offer to acknowledgement', () => {
    const driven = DrivenMaster.leading();
    const agent = driven.agent();
    const framework = driven.subscribe();
    driven.settle();
    const [offer] = framework.offers;
    expect(framework.launch(offer, task('t', offer))).toBe(202);
    expect(agent.received('RUN_TASK')[0].task.task_id.value).toBe('t');
    agent.update(framework, 't', 'TASK_RUNNING');
    const status = agent.update(framework, 't', 'TASK_FINISHED');
    expect(framework.statuses.map(({ state }) => state)).toEqual(['TASK_RUNNING', 'TASK_FINISHED']);
    framework.acknowledge(status);
    expect(agent.received('ACKNOWLEDGE')[0].uuid).toBe(status.uuid);
    expect(driven.master.state.frameworks.get(framework.id)!.tasks.size).toBe(0);
    driven.advance(10 * SECOND_US);
  });
});
