/** Operations on an agent's resources and the streams of their statuses (reference §3.3, §3.5, §10.1). */
import { describe, expect, test } from 'vitest';
import type { OfferOperation, Resource } from '../../src/protocol/v1/mesos.ts';
import { AGENT_ID, AgentHarness, FRAMEWORK_ID } from './agent-harness.ts';

const SECOND_US = 1_000_000;

const reserved = (value: number): Resource => ({
  name: 'disk',
  type: 'SCALAR',
  scalar: { value },
  reservations: [{ type: 'DYNAMIC', role: 'ads' }],
});
const reserve = (value: number): OfferOperation => ({
  type: 'RESERVE',
  id: { value: 'o' },
  reserve: { resources: [reserved(value)] },
});

function apply(agent: AgentHarness, operationUuid: string, info: OfferOperation): void {
  agent.tell({ type: 'APPLY_OPERATION', operationUuid, frameworkId: FRAMEWORK_ID, info });
}

describe('§3.5 an operation', () => {
  test('is applied, kept on disk, and told with what it made', () => {
    const agent = new AgentHarness().start().register();
    apply(agent, 'u', reserve(100));
    expect(String(agent.agent.state.total)).toBe('cpus:4;disk:900;disk(ads):100;mem:1024');
    expect(agent.entries.resources).toEqual([reserved(100)]);
    const [{ operationUuid, status }] = agent.sent('OPERATION_STATUS');
    expect(operationUuid).toBe('u');
    expect(status).toMatchObject({
      operation_id: { value: 'o' },
      state: 'OPERATION_FINISHED',
      agent_id: AGENT_ID,
      converted_resources: [reserved(100)],
    });
    expect(status.uuid).toBeDefined();
    expect(agent.sent('UPDATE_AGENT')).toEqual([]);
  });

  test('that asks for what is not there is dropped, and the master is told what there is', () => {
    const agent = new AgentHarness().start().register();
    apply(agent, 'u1', reserve(600));
    apply(agent, 'u2', reserve(600));
    expect(agent.sent('OPERATION_STATUS').map(({ status }) => status.state)).toEqual([
      'OPERATION_FINISHED',
      'OPERATION_DROPPED',
    ]);
    expect(agent.sent('OPERATION_STATUS')[1].status.message).toContain('does not have');
    expect(agent.sent('UPDATE_AGENT')).toEqual([
      {
        type: 'UPDATE_AGENT',
        agentId: AGENT_ID,
        checkpointedResources: [reserved(600)],
        operations: ['u1', 'u2'],
      },
    ]);
  });

  test('is applied once, however often it comes', () => {
    const agent = new AgentHarness().start().register();
    apply(agent, 'u', reserve(100));
    apply(agent, 'u', reserve(100));
    expect(String(agent.agent.state.total)).toBe('cpus:4;disk:900;disk(ads):100;mem:1024');
  });

  test('survives a restart of the agent, with its status', () => {
    const before = new AgentHarness().start().register();
    apply(before, 'u', reserve(100));
    const after = new AgentHarness().start({ entries: before.entries }).register();
    expect(String(after.agent.state.total)).toBe('cpus:4;disk:900;disk(ads):100;mem:1024');
    const [report] = after.sent('REREGISTER');
    expect(report.checkpointedResources).toEqual([reserved(100)]);
    expect(report.operations).toMatchObject([{ uuid: 'u', status: { state: 'OPERATION_FINISHED' } }]);
    expect(after.sent('OPERATION_STATUS')).toHaveLength(1);
  });
});

describe('§2.6 the status of an operation', () => {
  test('is sent again after 10 s, then after twice that, until it is acknowledged', () => {
    const agent = new AgentHarness().start().register();
    apply(agent, 'u', reserve(100));
    const count = () => agent.sent('OPERATION_STATUS').length;
    agent.wait(9 * SECOND_US);
    expect(count()).toBe(1);
    agent.wait(SECOND_US);
    expect(count()).toBe(2);
    agent.wait(19 * SECOND_US);
    expect(count()).toBe(2);
    agent.wait(SECOND_US);
    expect(count()).toBe(3);
    const statusUuid = agent.sent('OPERATION_STATUS')[0].status.uuid!.value;
    agent.tell({ type: 'ACKNOWLEDGE_OPERATION', operationUuid: 'u', statusUuid: 'another' });
    expect(agent.agent.state.operations.size).toBe(1);
    agent.tell({ type: 'ACKNOWLEDGE_OPERATION', operationUuid: 'u', statusUuid });
    agent.wait(3600 * SECOND_US);
    expect(count()).toBe(3);
    expect(agent.agent.state.operations.size).toBe(0);
    expect(Object.keys(agent.entries).filter((key) => key.startsWith('operation/'))).toEqual([]);
  });
});
