/** Agents register, come back, fall silent and are given up (reference §10.2, §10.3, §11.3). */
import { describe, expect, it } from 'vitest';
import type { FrameworkInfo, Task, TaskState } from '../../src/protocol/v1/mesos.ts';
import { parseResourcesText } from '../../src/resources/text.ts';
import {
  capabilities,
  type DrivenAgent,
  type DrivenFramework,
  DrivenMaster,
  SECOND_US,
  task,
  wire,
} from './driven-master.ts';
import { checkInvariants } from './invariants.ts';

const MINUTE_US = 60 * SECOND_US;
const AWARE = { ...capabilities('PARTITION_AWARE'), checkpoint: true, failover_timeout: 1e6 };

/** A running task of a checkpointing framework. */
function running(info: Partial<FrameworkInfo> = AWARE) {
  const driven = DrivenMaster.leading();
  const agent = driven.agent();
  const framework = driven.subscribe(info);
  driven.settle();
  const [offer] = framework.offers;
  framework.launch(offer, task('t', offer));
  framework.acknowledge(agent.update(framework, 't', 'TASK_RUNNING'));
  return { driven, agent, framework };
}

/** The task as its agent reports it. */
function reported(agent: DrivenAgent, framework: DrivenFramework, state: TaskState = 'TASK_RUNNING'): Task {
  return {
    name: 't',
    task_id: { value: 't' },
    framework_id: { value: framework.id },
    agent_id: { value: agent.id },
    state,
    resources: parseResourcesText('cpus:1;mem:128').allocatedTo('*').toWire(),
  };
}

const infoOf = (framework: DrivenFramework, info: Partial<FrameworkInfo> = AWARE): FrameworkInfo => ({
  user: 'alice',
  name: 'test',
  ...info,
  id: { value: framework.id },
});

const lastStatus = (framework: DrivenFramework) => framework.statuses.at(-1)!;

describe('§10.2 registration', () => {
  it('is in the registry before it is answered, with an id of the master', () => {
    const driven = DrivenMaster.leading();
    driven.holdsStores = true;
    const agent = driven.agent();
    expect(agent.inbox).toEqual([]);
    driven.holdsStores = false;
    driven.releaseStores();
    expect(agent.received('REGISTERED')).toMatchObject([
      { agentId: { value: 'M-S0' }, totalPingTimeoutUs: 75 * SECOND_US },
    ]);
    expect(driven.stored.map(({ key }) => key)).toContain('agent/M-S0');
    expect(driven.agent().id).toBe('M-S1');
  });

  it('asked for twice is answered twice, and makes one agent', () => {
    const driven = DrivenMaster.leading();
    const agent = driven.agent();
    agent.send({ type: 'REGISTER', ...agent.description });
    expect(agent.received('REGISTERED').map(({ agentId }) => agentId.value)).toEqual(['M-S0', 'M-S0']);
    expect(driven.master.state.agents.size).toBe(1);
  });

  it('at the address of one that is disconnected takes its place', () => {
    const { driven, agent, framework } = running();
    agent.breakLink();
    agent.send({ type: 'REGISTER', ...agent.description });
    expect([...driven.master.state.agents.keys()]).toEqual(['M-S1']);
    expect(driven.counter('slave_removals/reason_registered')).toBe(1);
    expect(lastStatus(framework)).toMatchObject({ state: 'TASK_GONE', reason: 'REASON_AGENT_REMOVED' });
  });

  it('is refused to versions before 1.0.0', () => {
    const driven = DrivenMaster.leading();
    const agent = driven.agent();
    agent.breakLink();
    agent.comeBack({ version: '0.28.2' });
    expect(agent.inbox.at(-1)).toMatchObject({ type: 'SHUTDOWN' });
  });

  it('of agents whose domain does not fit is ignored', () => {
    const domain = { fault_domain: { region: { name: 'r' }, zone: { name: 'z' } } };
    for (const [flags, info] of [
      [{}, { domain }],
      [{ requireAgentDomain: true }, {}],
    ] as const) {
      const driven = DrivenMaster.leading(flags);
      const link = driven.newLink();
      driven.step({
        kind: 'agent-message',
        link,
        message: {
          type: 'REGISTER',
          info: { hostname: 'h', resources: wire('cpus:1'), ...info },
          version: '1.11.0',
          capabilities: [],
          checkpointedResources: [],
        },
      });
      expect(driven.master.state.agents.size).toBe(0);
    }
  });

  it('begins offers at once', () => {
    const driven = DrivenMaster.leading();
    const framework = driven.subscribe();
    driven.settle();
    driven.agent();
    driven.settle();
    expect(framework.offers).toHaveLength(1);
  });
});

describe('§10.2 an agent that the master still knows', () => {
  it('comes back: tasks go on, and nobody is told', () => {
    const { driven, agent, framework } = running();
    const before = framework.statuses.length;
    agent.breakLink();
    agent.comeBack({ tasks: [reported(agent, framework)], frameworks: [infoOf(framework)] });
    expect(agent.received('REREGISTERED')).toMatchObject([{ missingTasks: [] }]);
    expect(framework.statuses).toHaveLength(before);
    expect(driven.counter('slave_reregistrations')).toBe(1);
    checkInvariants(driven.master.state, driven.allocator);
  });

  it('is told of tasks that it does not report', () => {
    const { agent, framework } = running();
    agent.breakLink();
    agent.comeBack();
    expect(agent.received('REREGISTERED').at(-1)!.missingTasks).toMatchObject([{ taskId: { value: 't' } }]);
    expect(framework.statuses.map(({ state }) => state)).toEqual(['TASK_RUNNING']);
  });

  it('is told again to kill what was to be killed meanwhile', () => {
    const { agent, framework } = running();
    agent.breakLink();
    framework.call({ type: 'KILL', kill: { task_id: { value: 't' } } });
    expect(agent.received('KILL_TASK')).toEqual([]);
    agent.comeBack({ tasks: [reported(agent, framework)], frameworks: [infoOf(framework)] });
    expect(agent.received('KILL_TASK')).toMatchObject([{ taskId: { value: 't' } }]);
  });

  it('with other resources: offers of before are rescinded, and what there is now is offered', () => {
    const driven = DrivenMaster.leading();
    const agent = driven.agent('cpus:4;mem:4096');
    const framework = driven.subscribe();
    driven.settle();
    agent.breakLink();
    expect(framework.received('RESCIND')).toHaveLength(1);
    agent.comeBack({ info: { hostname: agent.hostname, resources: wire('cpus:8;mem:4096') } });
    driven.advance(SECOND_US);
    const cpus = framework.offers.at(-1)!.resources!.find(({ name }) => name === 'cpus');
    expect(cpus!.scalar).toEqual({ value: 8 });
    checkInvariants(driven.master.state, driven.allocator);
  });

  it('whose framework was removed meanwhile is told to shut that down', () => {
    const { agent, framework } = running();
    agent.breakLink();
    framework.call({ type: 'TEARDOWN' });
    agent.comeBack({ tasks: [reported(agent, framework)], frameworks: [infoOf(framework)] });
    expect(agent.received('SHUTDOWN_FRAMEWORK')).toMatchObject([{ frameworkId: { value: framework.id } }]);
  });
});

describe('§11.3 after an election', () => {
  it('tasks and frameworks are known from agents, and no status is sent', () => {
    const { driven, agent, framework } = running();
    const next = driven.successor();
    agent.comeBack({ tasks: [reported(agent, framework)], frameworks: [infoOf(framework)] }, next);
    expect(next.master.state.frameworks.get(framework.id)!.connection).toBe('recovered');
    const again = next.subscribe({ ...AWARE, id: { value: framework.id } });
    expect(again.id).toBe(framework.id);
    expect(again.statuses).toEqual([]);
    again.call({ type: 'RECONCILE', reconcile: { tasks: [] } });
    expect(again.statuses).toMatchObject([{ state: 'TASK_RUNNING', reason: 'REASON_RECONCILIATION' }]);
    checkInvariants(next.master.state, next.allocator);
  });

  it('agents that do not come back in ten minutes are unreachable, and frameworks hear of it', () => {
    const { driven, framework, agent } = running();
    const next = driven.successor();
    const again = next.subscribe({ ...AWARE, id: { value: framework.id } });
    next.advance(10 * MINUTE_US - 1);
    expect(again.received('FAILURE')).toEqual([]);
    next.advance(1);
    expect(again.received('FAILURE')).toMatchObject([{ failure: { agent_id: { value: agent.id } } }]);
    expect(Object.keys(next.registry)).toEqual(['master', `unreachable/${agent.id}`]);
    expect(next.counter('recovery_slave_removals')).toBe(1);
  });

  it('more lost agents than the limit allows make the master give up rather than remove them', () => {
    const driven = DrivenMaster.leading();
    for (let n = 0; n < 4; n++) driven.agent();
    const next = driven.successor({ recoveryAgentRemovalLimit: 0.5 });
    next.advance(10 * MINUTE_US);
    expect(next.aborts).toHaveLength(1);
    expect(next.counter('recovery_slave_removals')).toBe(0);
  });

  it('an agent that was unreachable comes back later: its frameworks hear that its tasks run', () => {
    const { driven, agent, framework } = running();
    const next = driven.successor();
    const again = next.subscribe({ ...AWARE, id: { value: framework.id } });
    next.advance(10 * MINUTE_US);
    agent.comeBack({ tasks: [reported(agent, framework)], frameworks: [infoOf(framework)] }, next);
    expect(again.statuses).toMatchObject([{ state: 'TASK_RUNNING', reason: 'REASON_AGENT_REREGISTERED' }]);
    expect(next.stored.at(-1)).toEqual({ key: `unreachable/${agent.id}`, value: null });
  });
});

describe('§10.3 health', () => {
  it('five pings of 15 s without an answer make an agent unreachable', () => {
    const { driven, agent, framework } = running();
    const other = driven.subscribe({ name: 'other' });
    agent.isSilent = true;
    driven.advance(75 * SECOND_US - 1);
    expect(framework.received('FAILURE')).toEqual([]);
    driven.advance(1);
    driven.settle();
    expect(lastStatus(framework)).toMatchObject({
      state: 'TASK_UNREACHABLE',
      source: 'SOURCE_MASTER',
      reason: 'REASON_AGENT_REMOVED',
    });
    expect(lastStatus(framework).unreachable_time).toBeDefined();
    expect(lastStatus(framework).uuid).toBeUndefined();
    for (const each of [framework, other]) expect(each.received('FAILURE')).toHaveLength(1);
    expect(driven.master.state.agents.size).toBe(0);
    expect(driven.counter('slave_removals/reason_unhealthy')).toBe(1);
    checkInvariants(driven.master.state, driven.allocator);
  });

  it('… TASK_LOST for frameworks that know no partitions', () => {
    const { driven, agent, framework } = running({ checkpoint: true });
    agent.isSilent = true;
    driven.advance(75 * SECOND_US);
    driven.settle();
    expect(lastStatus(framework)).toMatchObject({ state: 'TASK_LOST', reason: 'REASON_AGENT_REMOVED' });
  });

  it('one answer in between starts the count anew', () => {
    const { driven, agent } = running();
    agent.isSilent = true;
    driven.advance(74 * SECOND_US);
    agent.send({ type: 'PONG' });
    driven.advance(60 * SECOND_US);
    expect(driven.master.state.agents.size).toBe(1);
    driven.advance(SECOND_US);
    expect(driven.master.state.agents.size).toBe(0);
  });

  it('the registry knows of it first', () => {
    const { driven, agent, framework } = running();
    agent.isSilent = true;
    driven.holdsStores = true;
    driven.advance(80 * SECOND_US);
    expect(lastStatus(framework).state).toBe('TASK_RUNNING');
    driven.holdsStores = false;
    driven.releaseStores();
    expect(lastStatus(framework).state).toBe('TASK_UNREACHABLE');
  });

  it('with a rate limit they go one after the other, and one that answers meanwhile stays', () => {
    const driven = DrivenMaster.leading({ agentRemovalRateLimit: { agents: 1, perUs: 10 * MINUTE_US } });
    const agents = [driven.agent(), driven.agent(), driven.agent()];
    for (const agent of agents) agent.isSilent = true;
    driven.advance(76 * SECOND_US);
    expect(driven.master.state.agents.size).toBe(2);
    expect(driven.counter('slave_unreachable_scheduled')).toBe(3);
    const [, second, third] = agents;
    second.send({ type: 'PONG' });
    second.isSilent = false;
    expect(driven.counter('slave_unreachable_canceled')).toBe(1);
    driven.advance(20 * MINUTE_US);
    expect([...driven.master.state.agents.keys()]).toEqual([second.id]);
    expect(driven.master.state.unreachableAgents.has(third.id)).toBe(true);
  });

  it('an agent whose link broke is not offered; tasks of checkpointing frameworks stay, others are lost', () => {
    const { driven, agent, framework } = running();
    const forgetful = driven.subscribe({ name: 'forgetful' });
    framework.call({ type: 'SUPPRESS' });
    driven.advance(10 * SECOND_US);
    const offer = forgetful.offers.at(-1)!;
    forgetful.launch(offer, task('f', offer));
    agent.breakLink();
    expect(lastStatus(forgetful)).toMatchObject({
      task_id: { value: 'f' },
      state: 'TASK_LOST',
      reason: 'REASON_AGENT_DISCONNECTED',
    });
    expect(lastStatus(framework).state).toBe('TASK_RUNNING');
    const count = forgetful.offers.length;
    driven.advance(30 * SECOND_US);
    expect(forgetful.offers).toHaveLength(count);
    driven.advance(10 * MINUTE_US);
    expect(lastStatus(framework).state).toBe('TASK_UNREACHABLE');
  });

  it('updates of an agent that was removed are dropped', () => {
    const { driven, agent, framework } = running();
    const { id } = agent;
    agent.isSilent = true;
    driven.advance(75 * SECOND_US);
    driven.settle();
    const before = framework.statuses.length;
    agent.update(framework, 't', 'TASK_FINISHED');
    expect(framework.statuses).toHaveLength(before);
    expect(driven.master.state.unreachableAgents.has(id)).toBe(true);
  });

  it('an agent that unregisters takes its tasks with it', () => {
    const { driven, agent, framework } = running();
    agent.send({ type: 'UNREGISTER', agentId: { value: agent.id } });
    expect(lastStatus(framework)).toMatchObject({ state: 'TASK_GONE', reason: 'REASON_AGENT_REMOVED' });
    expect(driven.counter('slave_removals/reason_unregistered')).toBe(1);
    expect(driven.registry).not.toHaveProperty(`agent/${agent.id}`);
  });
});
