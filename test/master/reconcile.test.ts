import { describe, expect, it } from 'vitest';
import type { FrameworkInfo } from '../../src/protocol/v1/mesos.ts';
import type { DrivenAgent } from './driven-master.ts';
import { capabilities, type DrivenFramework, DrivenMaster, task } from './driven-master.ts';

const info = { hostname: 'lost', resources: [] };
const absent = { info, sinceUs: 5, drainInfo: null, isDeactivated: false, removal: null };

function ask(framework: DrivenFramework, taskId: string, agentId?: string) {
  const before = framework.statuses.length;
  const agent_id = agentId === undefined ? undefined : { value: agentId };
  framework.call({ type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: taskId }, agent_id }] } });
  return framework.statuses.slice(before);
}

function running(more: Partial<FrameworkInfo> = {}): {
  driven: DrivenMaster;
  agent: DrivenAgent;
  framework: DrivenFramework;
} {
  const driven = DrivenMaster.leading();
  const agent = driven.agent();
  const framework = driven.subscribe(more);
  driven.settle();
  const [offer] = framework.offers;
  framework.launch(offer, task('t', offer), task('u', offer));
  agent.update(framework, 't', 'TASK_RUNNING', { status: { healthy: true } });
  return { driven, agent, framework };
}

describe('§2.7 explicit reconciliation', () => {
  it('1: a known task is told with its last forwarded state, without uuid', () => {
    const { agent, framework } = running();
    agent.update(framework, 't', 'TASK_RUNNING', { latestState: 'TASK_FAILED', status: { healthy: true } });
    const [status] = ask(framework, 't');
    expect(status).toMatchObject({
      task_id: { value: 't' },
      state: 'TASK_RUNNING',
      source: 'SOURCE_MASTER',
      reason: 'REASON_RECONCILIATION',
      agent_id: { value: agent.id },
      healthy: true,
    });
    expect(status.uuid).toBeUndefined();
    expect(ask(framework, 'u')[0].state).toBe('TASK_STAGING');
  });

  it('2: no answer while the agent, or any where none is named, may come back after a failover', () => {
    const { driven, agent, framework } = running(capabilities('PARTITION_AWARE'));
    driven.master.state.recoveredAgents.set('L-S1', { id: { value: 'L-S1' }, ...absent });
    expect(ask(framework, 'x', 'L-S1')).toEqual([]);
    expect(ask(framework, 'x')).toEqual([]);
    expect(ask(framework, 'x', agent.id)).toHaveLength(1);
  });

  it.each([
    [
      capabilities('PARTITION_AWARE'),
      ['TASK_GONE', 'TASK_UNREACHABLE', 'TASK_GONE_BY_OPERATOR', 'TASK_UNKNOWN'],
    ],
    [{}, ['TASK_LOST', 'TASK_LOST', 'TASK_LOST', 'TASK_LOST']],
  ])(
    '3 to 6: agents registered, unreachable, gone and unknown; TASK_LOST without PARTITION_AWARE',
    (more, states) => {
      const { driven, agent, framework } = running(more);
      const { state } = driven.master;
      state.unreachableAgents.set('L-S1', { id: { value: 'L-S1' }, ...absent });
      state.goneAgents.set('L-S2', { id: { value: 'L-S2' }, ...absent });
      const told = [agent.id, 'L-S1', 'L-S2', 'L-S3'].flatMap((id) => ask(framework, 'x', id));
      expect(told.map((status) => status.state)).toEqual(states);
      expect(told[1].unreachable_time).toEqual({ nanoseconds: 5000 });
      expect(ask(framework, 'x')[0].state).toBe(states[3]);
    },
  );
});

describe('§2.7 implicit reconciliation', () => {
  it('tells all tasks that are not terminal and acknowledged', () => {
    const { agent, framework } = running();
    framework.acknowledge(agent.update(framework, 't', 'TASK_FINISHED'));
    const before = framework.statuses.length;
    framework.call({ type: 'RECONCILE', reconcile: {} });
    expect(framework.statuses.slice(before).map(({ task_id, state }) => [task_id.value, state])).toEqual([
      ['u', 'TASK_STAGING'],
    ]);
  });
});
