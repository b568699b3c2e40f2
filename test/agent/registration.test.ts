/** The agent and its master find each other (reference §10.2), and notice when they lose each other (§10.3). */
import { describe, expect, test } from 'vitest';
import { AGENT_ID, AgentHarness, FRAMEWORK } from './agent-harness.ts';

const SECOND_US = 1_000_000;
const TOTAL_PING_TIMEOUT_US = 75 * SECOND_US;

const ping = (agent: AgentHarness, isConnected = true) => agent.tell({ type: 'PING', isConnected });

describe('§10.2 registration', () => {
  test('begins within the back-off factor after a master was found, and not before', () => {
    const agent = new AgentHarness().start();
    agent.wait(60 * SECOND_US);
    expect(agent.sent('REGISTER')).toEqual([]);
    agent.step({ kind: 'master', link: 'l' });
    agent.wait(SECOND_US);
    expect(agent.sent('REGISTER')).toHaveLength(1);
    const [{ info, version, checkpointedResources }] = agent.sent('REGISTER');
    expect(info.hostname).toBe('h');
    expect(info.id).toBeUndefined();
    expect(version).toBe('1.11.0');
    expect(checkpointedResources).toEqual([]);
  });

  test('is tried again until it is answered, with waits that double up to a minute', () => {
    const agent = new AgentHarness().start();
    agent.step({ kind: 'master', link: 'l' });
    const times: number[] = [];
    for (let n = 0; n < 40; n++) {
      agent.nowUs = agent.agent.nextTimerUs;
      times.push(agent.nowUs);
      agent.step({ kind: 'tick' });
    }
    expect(agent.sent('REGISTER')).toHaveLength(40);
    const waits = times.slice(1).map((time, n) => time - times[n]);
    for (const [n, wait] of waits.entries())
      expect(wait).toBeLessThanOrEqual(Math.min(60, 2 ** (n + 1)) * SECOND_US);
    expect(Math.max(...waits)).toBeGreaterThan(20 * SECOND_US);
    agent.tell({ type: 'REGISTERED', agentId: AGENT_ID, totalPingTimeoutUs: TOTAL_PING_TIMEOUT_US });
    agent.wait(60 * SECOND_US);
    expect(agent.sent('REGISTER')).toHaveLength(40);
  });

  test('the id that the master gave is kept on disk, and used from then on', () => {
    const before = new AgentHarness().start().register();
    expect(before.entries.agent).toMatchObject({ id: AGENT_ID });
    const after = new AgentHarness().start({ entries: before.entries });
    after.step({ kind: 'master', link: 'l' });
    after.wait(SECOND_US);
    expect(after.sent('REGISTER')).toEqual([]);
    expect(after.sent('REREGISTER')[0].info.id).toEqual(AGENT_ID);
  });

  test('a new leader is registered with; what the old one still says is not heard', () => {
    const agent = new AgentHarness().start().register();
    agent.step({ kind: 'master', link: 'l2' });
    agent.wait(SECOND_US);
    expect(agent.made('master-message').at(-1)).toMatchObject({
      link: 'l2',
      message: { type: 'REREGISTER' },
    });
    agent.run('t');
    expect(agent.agent.state.frameworks.size).toBe(0);
  });

  test('an agent that is not registered yet does nothing that it is told', () => {
    const agent = new AgentHarness().start();
    agent.step({ kind: 'master', link: 'l' });
    agent.run('t');
    expect(agent.made('launch-container')).toEqual([]);
  });

  test('tasks that the master knows and the agent does not are told to be dropped, through the stream', () => {
    const agent = new AgentHarness().start();
    agent.step({ kind: 'master', link: 'l' });
    agent.wait(SECOND_US);
    agent.tell({
      type: 'REREGISTERED',
      agentId: AGENT_ID,
      totalPingTimeoutUs: TOTAL_PING_TIMEOUT_US,
      missingTasks: [
        {
          framework: { ...FRAMEWORK, capabilities: [{ type: 'PARTITION_AWARE' }] },
          taskId: { value: 'aware' },
        },
        { framework: { ...FRAMEWORK, id: { value: 'F1' } }, taskId: { value: 'old' } },
      ],
    });
    expect(agent.updates).toEqual(['aware TASK_DROPPED', 'old TASK_LOST']);
    for (const { status } of agent.sent('STATUS_UPDATE')) {
      expect(status).toMatchObject({ source: 'SOURCE_AGENT', reason: 'REASON_RECONCILIATION' });
      expect(status.uuid).toBeDefined();
    }
    agent.wait(10 * SECOND_US);
    expect(agent.updates).toHaveLength(4);
  });

  test('SHUTDOWN ends all containers and the process', () => {
    const agent = new AgentHarness().start().register();
    agent.run('t');
    const container = agent.containerOf('t');
    agent.tell({ type: 'SHUTDOWN', reason: 'gone' });
    expect(agent.made('destroy-container')).toEqual([{ kind: 'destroy-container', container }]);
    expect(agent.made('exit')).toEqual([{ kind: 'exit', reason: 'gone' }]);
    agent.run('u');
    expect(agent.effects.at(-1)).toMatchObject({ kind: 'exit' });
  });

  test('an agent that its operator takes away says so first', () => {
    const agent = new AgentHarness().start().register();
    agent.step({ kind: 'unregister' });
    expect(agent.sent('UNREGISTER')).toEqual([{ type: 'UNREGISTER', agentId: AGENT_ID }]);
    expect(agent.made('exit')).toHaveLength(1);
  });
});

describe('§10.3 health', () => {
  test('every ping is answered', () => {
    const agent = new AgentHarness().start().register();
    ping(agent);
    ping(agent);
    expect(agent.sent('PONG')).toHaveLength(2);
  });

  test('without a ping for the total timeout the agent registers again', () => {
    const agent = new AgentHarness().start().register();
    for (let n = 0; n < 5; n++) {
      agent.wait(60 * SECOND_US);
      ping(agent);
    }
    expect(agent.sent('REREGISTER')).toEqual([]);
    agent.wait(TOTAL_PING_TIMEOUT_US - 1);
    expect(agent.sent('REREGISTER')).toEqual([]);
    agent.wait(1 + SECOND_US);
    expect(agent.sent('REREGISTER').length).toBeGreaterThan(0);
  });

  test('a ping which says that the master takes it for disconnected makes it register again', () => {
    const agent = new AgentHarness().start().register();
    ping(agent, false);
    agent.wait(SECOND_US);
    expect(agent.sent('REREGISTER')).toHaveLength(1);
  });

  test('a broken link is no leader: the agent waits for the next', () => {
    const agent = new AgentHarness().start().register();
    agent.step({ kind: 'link-broken', link: 'l' });
    agent.wait(600 * SECOND_US);
    expect(agent.sent('REREGISTER')).toEqual([]);
    agent.step({ kind: 'master', link: 'l2' });
    agent.wait(SECOND_US);
    expect(agent.sent('REREGISTER')).toHaveLength(1);
  });
});
