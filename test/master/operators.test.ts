/** What operators do to agents and machines: gone, draining, deactivation, maintenance (reference §7, §10.3, §14.5, §14.6). */
import { describe, expect, it } from 'vitest';
import type { OperatorCall } from '../../src/protocol/v1/master.ts';
import type { MachineID } from '../../src/protocol/v1/mesos.ts';
import { capabilities, DrivenMaster, SECOND_US, task } from './driven-master.ts';
import { checkInvariants } from './invariants.ts';

const AWARE = { ...capabilities('PARTITION_AWARE'), checkpoint: true };

/** An agent with a running task, and an offer of the rest. */
function running() {
  const driven = DrivenMaster.leading();
  const agent = driven.agent();
  const framework = driven.subscribe(AWARE);
  driven.settle();
  const [offer] = framework.offers;
  framework.accept([offer], [{ type: 'LAUNCH', launch: { task_infos: [task('t', offer)] } }], 0);
  framework.acknowledge(agent.update(framework, 't', 'TASK_RUNNING'));
  driven.advance(SECOND_US);
  expect(framework.offers).toHaveLength(2);
  return { driven, agent, framework, agent_id: { value: agent.id } };
}

const status = (driven: DrivenMaster, call: OperatorCall) => driven.operate(call)?.status;

describe('§10.3 MARK_AGENT_GONE', () => {
  it('ends the agent and its tasks for good', () => {
    const { driven, agent, framework, agent_id } = running();
    const gone: OperatorCall = { type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id } };
    expect(status(driven, gone)).toBe(200);
    expect(framework.statuses.at(-1)).toMatchObject({
      state: 'TASK_GONE_BY_OPERATOR',
      reason: 'REASON_AGENT_REMOVED_BY_OPERATOR',
    });
    expect(framework.received('RESCIND')).toHaveLength(1);
    expect(framework.received('FAILURE')).toHaveLength(1);
    expect(agent.received('SHUTDOWN')).toHaveLength(1);
    expect(driven.registry).toHaveProperty([`gone/${agent.id}`]);
    expect(status(driven, gone)).toBe(200);
    agent.comeBack();
    expect(agent.received('SHUTDOWN')).toHaveLength(2);
    expect(driven.master.state.agents.size).toBe(0);
    checkInvariants(driven.master.state, driven.allocator);
  });

  it('of one that is unreachable tells its tasks’ frameworks; of one that nobody knows, 404', () => {
    const { driven, agent, framework, agent_id } = running();
    agent.isSilent = true;
    driven.advance(76 * SECOND_US);
    expect(framework.statuses.at(-1)!.state).toBe('TASK_UNREACHABLE');
    expect(status(driven, { type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id } })).toBe(200);
    expect(framework.statuses.at(-1)!.state).toBe('TASK_GONE_BY_OPERATOR');
    const nobody = { agent_id: { value: 'nobody' } };
    expect(status(driven, { type: 'MARK_AGENT_GONE', mark_agent_gone: nobody })).toBe(404);
  });
});

describe('§14.6 draining', () => {
  const drained = (more: object = {}) => {
    const all = running();
    const call: OperatorCall = { type: 'DRAIN_AGENT', drain_agent: { agent_id: all.agent_id, ...more } };
    expect(status(all.driven, call)).toBe(200);
    return all;
  };
  const end = ({ agent, framework }: ReturnType<typeof running>) =>
    framework.acknowledge(agent.update(framework, 't', 'TASK_KILLED'));

  it('takes offers back, makes none, and tells the agent with the operator’s grace', () => {
    const { driven, agent, framework } = drained({ max_grace_period: { seconds: 10 } });
    expect(framework.received('RESCIND')).toHaveLength(1);
    expect(agent.received('DRAIN')).toMatchObject([
      { config: { max_grace_period: { nanoseconds: 10e9 }, mark_gone: false } },
    ]);
    const count = framework.offers.length;
    driven.advance(60 * SECOND_US);
    expect(framework.offers).toHaveLength(count);
  });

  it('is over when the last task is acknowledged, and stays so until an operator reactivates the agent', () => {
    const all = drained();
    const { driven, agent, framework, agent_id } = all;
    const record = driven.master.state.agents.get(agent.id)!;
    const reactivate: OperatorCall = { type: 'REACTIVATE_AGENT', reactivate_agent: { agent_id } };
    const update = agent.update(framework, 't', 'TASK_KILLED');
    driven.settle();
    expect(record.drainInfo!.state).toBe('DRAINING');
    expect(status(driven, reactivate)).toBe(400);
    framework.acknowledge(update);
    expect(record.drainInfo!.state).toBe('DRAINED');
    driven.advance(60 * SECOND_US);
    const count = framework.offers.length;
    expect(status(driven, reactivate)).toBe(200);
    driven.advance(10 * SECOND_US);
    expect(framework.offers.length).toBeGreaterThan(count);
    expect(status(driven, reactivate)).toBe(400);
  });

  it('with mark_gone the agent is gone at the end', () => {
    const all = drained({ mark_gone: true });
    end(all);
    expect(all.driven.master.state.goneAgents.has(all.agent.id)).toBe(true);
    expect(all.agent.received('SHUTDOWN')).toHaveLength(1);
  });

  it('goes on after the agent was away, and under another master', () => {
    const { driven, agent } = drained();
    agent.breakLink();
    agent.comeBack();
    expect(agent.received('DRAIN')).toHaveLength(2);
    const next = driven.successor();
    agent.comeBack({}, next);
    expect(agent.received('DRAIN')).toHaveLength(3);
    expect(next.master.state.agents.get(agent.id)!.isDeactivated).toBe(true);
  });
});

describe('§14.6 deactivation', () => {
  it('takes offers back and leaves tasks alone, over elections too', () => {
    const { driven, agent, framework, agent_id } = running();
    expect(status(driven, { type: 'DEACTIVATE_AGENT', deactivate_agent: { agent_id } })).toBe(200);
    expect(framework.received('RESCIND')).toHaveLength(1);
    expect(framework.statuses.at(-1)!.state).toBe('TASK_RUNNING');
    const next = driven.successor();
    agent.comeBack({}, next);
    const other = next.subscribe();
    next.advance(10 * SECOND_US);
    expect(other.offers).toEqual([]);
    expect(status(next, { type: 'REACTIVATE_AGENT', reactivate_agent: { agent_id } })).toBe(200);
    next.advance(2 * SECOND_US);
    expect(other.offers).toHaveLength(1);
  });

  it('of an agent that is not registered is refused', () => {
    const { driven } = running();
    const agent_id = { value: 'nobody' };
    expect(status(driven, { type: 'DEACTIVATE_AGENT', deactivate_agent: { agent_id } })).toBe(400);
    expect(status(driven, { type: 'DRAIN_AGENT', drain_agent: { agent_id } })).toBe(400);
  });
});

describe('§14.5 maintenance', () => {
  const unavailability = { start: { nanoseconds: 1e15 } };
  const schedule = (...machines: readonly MachineID[]): OperatorCall => ({
    type: 'UPDATE_MAINTENANCE_SCHEDULE',
    update_maintenance_schedule: {
      schedule: { windows: machines.length === 0 ? [] : [{ machine_ids: machines, unavailability }] },
    },
  });
  const start = (...machines: readonly MachineID[]): OperatorCall => ({
    type: 'START_MAINTENANCE',
    start_maintenance: { machines },
  });
  const stop = (...machines: readonly MachineID[]): OperatorCall => ({
    type: 'STOP_MAINTENANCE',
    stop_maintenance: { machines },
  });

  it('that is scheduled is told with offers, and by inverse offers', () => {
    const { driven, agent, framework } = running();
    const machine = { hostname: agent.hostname };
    expect(status(driven, schedule(machine))).toBe(200);
    expect(framework.received('RESCIND')).toHaveLength(1);
    driven.advance(2 * SECOND_US);
    expect(framework.offers.at(-1)!.unavailability).toEqual(unavailability);
    expect(framework.received('INVERSE_OFFERS').length).toBeGreaterThan(0);
  });

  it('of a machine goes from scheduled to down to up, in no other order', () => {
    const { driven, agent } = running();
    const machine = { hostname: agent.hostname };
    expect(status(driven, start(machine))).toBe(400);
    expect(status(driven, stop(machine))).toBe(400);
    status(driven, schedule(machine));
    expect(status(driven, start(machine))).toBe(200);
    expect(status(driven, start(machine))).toBe(400);
    expect(status(driven, schedule())).toBe(400);
    expect(status(driven, stop(machine))).toBe(200);
    expect(driven.master.state.maintenance).toEqual({ schedule: { windows: [] }, downMachines: [] });
  });

  it('agents on a machine that is down are shut down, and refused until it is up', () => {
    const { driven, agent, framework } = running();
    const machine = { hostname: agent.hostname };
    status(driven, schedule(machine));
    status(driven, start(machine));
    expect(agent.received('SHUTDOWN')).toHaveLength(1);
    expect(framework.statuses.at(-1)).toMatchObject({ state: 'TASK_GONE', reason: 'REASON_AGENT_REMOVED' });
    agent.comeBack();
    expect(agent.received('SHUTDOWN')).toHaveLength(2);
    expect(driven.master.state.agents.size).toBe(0);
    status(driven, stop(machine));
    agent.comeBack();
    expect(driven.master.state.agents.size).toBe(1);
  });

  it.each<[string, OperatorCall]>([
    ['a machine twice', schedule({ hostname: 'a' }, { hostname: 'a' })],
    ['a machine without a name', schedule({})],
    [
      'a window without machines',
      {
        type: 'UPDATE_MAINTENANCE_SCHEDULE',
        update_maintenance_schedule: { schedule: { windows: [{ machine_ids: [], unavailability }] } },
      },
    ],
  ])('a schedule with %s is refused', (_, call) => {
    const { driven } = running();
    expect(status(driven, call)).toBe(400);
    expect(driven.master.state.maintenance.schedule).toEqual({});
  });

  it('is known to the next master', () => {
    const { driven, agent } = running();
    const machine = { hostname: agent.hostname };
    status(driven, schedule(machine));
    status(driven, start(machine));
    const next = driven.successor();
    expect(next.master.state.maintenance.downMachines).toEqual([machine]);
    agent.comeBack({}, next);
    expect(agent.inbox.at(-1)!.type).toBe('SHUTDOWN');
  });
});

describe('killing a task as an operator, which Mesos does not know', () => {
  it('tells its agent, and answers before it is over', () => {
    const { driven, agent, framework } = running();
    expect(driven.killTask(framework.id, 't')?.status).toBe(202);
    expect(agent.received('KILL_TASK').map(({ taskId }) => taskId.value)).toEqual(['t']);
    framework.acknowledge(agent.update(framework, 't', 'TASK_KILLED'));
    expect(driven.killTask(framework.id, 't')?.status).toBe(404);
    expect(driven.killTask('nobody', 't')?.status).toBe(404);
    checkInvariants(driven.master.state, driven.allocator);
  });

  it('is for those whom access control lists allow it', () => {
    const any = { type: 'ANY' } as const;
    const driven = DrivenMaster.leading({
      acls: {
        permissive: false,
        register_frameworks: [{ principals: any, roles: any }],
        kill_tasks: [{ principals: { values: ['ann'] }, framework_principals: any }],
      },
    });
    const framework = driven.subscribe(AWARE);
    expect(driven.killTask(framework.id, 't', 'bob')?.status).toBe(403);
    expect(driven.killTask(framework.id, 't', 'ann')?.status).toBe(404);
  });
});
