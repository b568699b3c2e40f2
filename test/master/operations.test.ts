import { describe, expect, it } from 'vitest';
import { uuidBytes } from '../../src/protocol/uuid.ts';
import type { OfferOperation, OperationState, OperationStatus } from '../../src/protocol/v1/mesos.ts';
import {
  capabilities,
  type DrivenAgent,
  type DrivenFramework,
  DrivenMaster,
  SECOND_US,
  task,
} from './driven-master.ts';
import { checkInvariants } from './invariants.ts';

const reservations = [{ type: 'DYNAMIC', role: 'ads' }] as const;
const disk = { name: 'disk', type: 'SCALAR', scalar: { value: 100 }, reservations } as const;
const volume = {
  ...disk,
  disk: { persistence: { id: 'v' }, volume: { container_path: 'data', mode: 'RW' } },
} as const;

const reserve: OfferOperation = { type: 'RESERVE', reserve: { resources: [disk] } };
const create: OfferOperation = { type: 'CREATE', create: { volumes: [volume] } };

function offered(options: Parameters<DrivenMaster['agent']>[1] = {}) {
  const driven = DrivenMaster.leading();
  const agent = driven.agent('cpus:4;mem:4096;disk:1000', options);
  const framework = driven.subscribe({
    ...capabilities('MULTI_ROLE', 'RESERVATION_REFINEMENT'),
    roles: ['ads'],
  });
  driven.settle();
  return { driven, agent, framework, offer: framework.offers[0] };
}

function operationStatuses(framework: DrivenFramework): OperationStatus[] {
  return framework
    .received('UPDATE_OPERATION_STATUS')
    .map(({ update_operation_status }) => update_operation_status!.status);
}

/** The agent tells how the newest operation ended. */
function end(driven: DrivenMaster, agent: DrivenAgent, framework: DrivenFramework, state: OperationState) {
  const { operationUuid, info } = agent.received('APPLY_OPERATION').at(-1)!;
  const uuid = { value: uuidBytes(driven.random) };
  agent.send({
    type: 'OPERATION_STATUS',
    agentId: { value: agent.id },
    operationUuid,
    frameworkId: { value: framework.id },
    status: { operation_id: info.id, state, uuid },
  });
  return { operationUuid, uuid };
}

describe('§3.3 operations', () => {
  it("change what the agent has at once, and a volume's end brings the plain disk back", () => {
    const { driven, agent, framework, offer } = offered();
    const { agents } = driven.master.state;
    framework.accept([offer], [reserve, create], 0);
    const allocation_info = { role: 'ads' };
    driven.advance(SECOND_US);
    expect(framework.offers[1].resources).toContainEqual({ ...volume, allocation_info });
    framework.accept(
      [framework.offers[1]],
      [
        { type: 'DESTROY', destroy: { volumes: [volume] } },
        { type: 'UNRESERVE', unreserve: { resources: [disk] } },
      ],
    );
    expect(String(agents.get(agent.id)!.total)).toBe('cpus:4;disk:1000;mem:4096');
    expect(agent.received('APPLY_OPERATION').map(({ info }) => info.type)).toEqual([
      'RESERVE',
      'CREATE',
      'DESTROY',
      'UNRESERVE',
    ]);
  });

  it('GROW_VOLUME cannot be used by what follows in the same ACCEPT, and is offered at once after it', () => {
    const { driven, framework, offer } = offered();
    framework.accept([offer], [reserve, create], 0);
    driven.advance(SECOND_US);
    const addition = { ...disk, scalar: { value: 50 } };
    const grown = { ...volume, scalar: { value: 150 } };
    framework.accept(
      [framework.offers[1]],
      [
        { type: 'RESERVE', reserve: { resources: [addition] } },
        { type: 'GROW_VOLUME', grow_volume: { volume, addition } },
        { type: 'DESTROY', destroy: { volumes: [grown] }, id: { value: 'destroy' } },
      ],
      3600,
    );
    expect(operationStatuses(framework)).toMatchObject([
      { operation_id: { value: 'destroy' }, state: 'OPERATION_ERROR' },
    ]);
    driven.advance(SECOND_US);
    expect(framework.offers[2].resources).toContainEqual({ ...grown, allocation_info: { role: 'ads' } });
  });

  it('§14.9 a task may mount a volume elsewhere; it is offered again as it was created', () => {
    const { driven, agent, framework, offer } = offered();
    framework.accept([offer], [reserve, create], 0);
    driven.advance(SECOND_US);
    const user = task('t', offer, 'cpus:1;mem:128');
    const elsewhere = { ...volume.disk, volume: { container_path: 'else', mode: 'RO' } } as const;
    framework.launch(framework.offers[1], {
      ...user,
      resources: [...user.resources!, { ...volume, disk: elsewhere }],
    });
    expect(agent.received('RUN_TASK')[0].task.resources).toContainEqual(
      expect.objectContaining({ disk: elsewhere }),
    );
    agent.update(framework, 't', 'TASK_FINISHED');
    driven.advance(10 * SECOND_US);
    const again = framework.offers.slice(2).flatMap(({ resources }) => resources!);
    expect(again).toContainEqual({ ...volume, allocation_info: { role: 'ads' } });
    checkInvariants(driven.master.state, driven.allocator);
  });

  it('a persistence id is had once in a role on an agent', () => {
    const { framework, offer } = offered();
    framework.accept([offer], [reserve, create, reserve, { ...create, id: { value: 'again' } }]);
    expect(operationStatuses(framework)).toMatchObject([
      { operation_id: { value: 'again' }, state: 'OPERATION_ERROR' },
    ]);
  });
});

describe('§3.3 shared volumes', () => {
  const shared = { ...volume, reservations: [{ type: 'STATIC', role: 'ads' }], shared: {} } as const;
  const info = {
    ...capabilities('MULTI_ROLE', 'RESERVATION_REFINEMENT', 'SHARED_RESOURCES'),
    roles: ['ads'],
  };
  const destroy: OfferOperation = { type: 'DESTROY', destroy: { volumes: [shared] }, id: { value: 'd' } };

  /** Two frameworks, both with an offer of the same shared volume. */
  function sharing() {
    const driven = DrivenMaster.leading();
    const agent = driven.agent('cpus:4;mem:4096;disk(ads):1000');
    const [first] = [driven.subscribe(info)];
    driven.settle();
    first.accept(first.offers, [{ type: 'CREATE', create: { volumes: [shared] } }], 0);
    driven.advance(SECOND_US);
    const offer = first.offers[1];
    return { driven, agent, first, offer };
  }

  it('are offered while a task uses them, and not destroyed then', () => {
    const { driven, agent, first, offer } = sharing();
    const user = task('t', offer, 'cpus:1;mem:128');
    first.accept(
      [offer],
      [{ type: 'LAUNCH', launch: { task_infos: [{ ...user, resources: [...user.resources!, shared] }] } }],
      0,
    );
    expect(agent.received('RUN_TASK')).toHaveLength(1);
    driven.advance(SECOND_US);
    const again = first.offers.at(-1)!;
    expect(again.resources).toContainEqual({ ...shared, allocation_info: { role: 'ads' } });
    first.accept([again], [destroy], 0);
    expect(operationStatuses(first)).toMatchObject([{ state: 'OPERATION_ERROR' }]);
    checkInvariants(driven.master.state, driven.allocator);
  });

  it('are taken out of other offers when they are destroyed', () => {
    const { driven, agent, first, offer } = sharing();
    const second = driven.subscribe(info);
    first.accept([offer], [], 0);
    first.call({ type: 'SUPPRESS' });
    driven.advance(SECOND_US);
    const theirs = second.offers.at(-1)!;
    expect(theirs.resources).toContainEqual({ ...shared, allocation_info: { role: 'ads' } });
    second.accept(
      [theirs],
      [
        {
          type: 'LAUNCH',
          launch: { task_infos: [task('t', theirs, 'cpus:1;mem:128')] },
        },
      ],
    );
    first.call({ type: 'REVIVE' });
    driven.settle();
    const mine = first.offers.at(-1)!;
    first.call({ type: 'SUPPRESS' });
    agent.update(second, 't', 'TASK_FINISHED');
    second.call({ type: 'REVIVE' });
    driven.advance(SECOND_US);
    const holders = [...driven.master.state.offers.values()].filter(
      (open) => !open.resources.shared().isEmpty,
    );
    expect(holders.map(({ framework }) => framework.id)).toEqual([first.id, second.id]);
    const rescinded = second.received('RESCIND').length;
    first.accept([mine], [{ ...destroy, id: undefined }], 0);
    expect(second.received('RESCIND')).toHaveLength(rescinded + 1);
    expect(driven.master.state.agents.get(agent.id)!.total.shared().isEmpty).toBe(true);
    checkInvariants(driven.master.state, driven.allocator);
    for (const open of driven.master.state.offers.values())
      expect(open.resources.shared().isEmpty).toBe(true);
  });
});

describe('§3.5 feedback', () => {
  it('§3.4 an operation that cannot be asked for is refused', () => {
    const { agent, framework, offer } = offered();
    const plain = { name: 'disk', type: 'SCALAR', scalar: { value: 100 } } as const;
    framework.accept([offer], [{ type: 'RESERVE', reserve: { resources: [plain] }, id: { value: 'o' } }]);
    expect(operationStatuses(framework)).toMatchObject([{ state: 'OPERATION_ERROR' }]);
    expect(agent.received('APPLY_OPERATION')).toEqual([]);
  });

  it('an operation with an id is pending, then told as the agent ends it, and over with the acknowledgement', () => {
    const { driven, agent, framework, offer } = offered();
    const id = { value: 'o' };
    framework.accept([offer], [{ ...reserve, id }]);
    const { operations } = driven.master.state;
    expect([...operations.values()].map(({ status }) => status.state)).toEqual(['OPERATION_PENDING']);
    const { operationUuid, uuid } = end(driven, agent, framework, 'OPERATION_FINISHED');
    expect(operationStatuses(framework)).toMatchObject([
      { operation_id: id, state: 'OPERATION_FINISHED', uuid },
    ]);
    expect(agent.received('ACKNOWLEDGE_OPERATION')).toEqual([]);
    framework.call({
      type: 'ACKNOWLEDGE_OPERATION_STATUS',
      acknowledge_operation_status: {
        agent_id: { value: agent.id },
        operation_id: id,
        uuid: uuid.value,
      },
    });
    expect(agent.received('ACKNOWLEDGE_OPERATION')).toEqual([
      { type: 'ACKNOWLEDGE_OPERATION', operationUuid, statusUuid: uuid.value },
    ]);
    expect(operations.size).toBe(0);
  });

  it('without an id the master acknowledges', () => {
    const { driven, agent, framework, offer } = offered();
    framework.accept([offer], [reserve]);
    const { operationUuid, uuid } = end(driven, agent, framework, 'OPERATION_FINISHED');
    expect(operationStatuses(framework)).toEqual([]);
    expect(agent.received('ACKNOWLEDGE_OPERATION')).toEqual([
      { type: 'ACKNOWLEDGE_OPERATION', operationUuid, statusUuid: uuid.value },
    ]);
    expect(driven.master.state.operations.size).toBe(0);
  });

  it('refused operations with an id are OPERATION_ERROR without uuid, those without are silent', () => {
    const { framework, offer } = offered();
    framework.accept([offer], [create, { ...create, id: { value: 'o' } }]);
    expect(operationStatuses(framework)).toMatchObject([
      { operation_id: { value: 'o' }, state: 'OPERATION_ERROR' },
    ]);
    expect(operationStatuses(framework)[0].uuid).toBeUndefined();
  });

  it('§3.2.2 an id needs an agent with feedback', () => {
    const { agent, framework, offer } = offered({ capabilities: ['RESERVATION_REFINEMENT', 'MULTI_ROLE'] });
    framework.accept([offer], [{ ...reserve, id: { value: 'o' } }]);
    expect(operationStatuses(framework)).toMatchObject([{ state: 'OPERATION_ERROR' }]);
    expect(agent.received('APPLY_OPERATION')).toEqual([]);
  });

  it('invalid offers refuse operations, too', () => {
    const { framework, offer } = offered();
    framework.accept([offer, offer], [{ ...reserve, id: { value: 'o' } }]);
    expect(operationStatuses(framework)).toMatchObject([{ state: 'OPERATION_ERROR' }]);
  });
});

describe('§2.7 reconciliation of operations', () => {
  it('tells what is known, and by the agent of what is not', () => {
    const { driven, agent, framework, offer } = offered();
    framework.accept([offer], [{ ...reserve, id: { value: 'o' } }]);
    framework.call({
      type: 'RECONCILE_OPERATIONS',
      reconcile_operations: {
        operations: [
          { operation_id: { value: 'o' } },
          { operation_id: { value: 'x' }, agent_id: { value: agent.id } },
          { operation_id: { value: 'y' }, agent_id: { value: 'L-S9' } },
        ],
      },
    });
    expect(operationStatuses(framework).map(({ state }) => state)).toEqual([
      'OPERATION_PENDING',
      'OPERATION_UNKNOWN',
      'OPERATION_UNKNOWN',
    ]);
    driven.advance(0);
  });
});

describe('§10.1 what the agent has, told after an operation that it could not apply', () => {
  /** The agent has met these operations, and has what it registered with. */
  const correct = (agent: DrivenAgent, operations: readonly string[]) =>
    agent.send({
      type: 'UPDATE_AGENT',
      agentId: { value: agent.id },
      checkpointedResources: [],
      operations,
    });

  it('takes the place of what the books say, and offers of what is not there are rescinded', () => {
    const { driven, agent, framework, offer } = offered();
    framework.accept([offer], [reserve], 0);
    driven.advance(SECOND_US);
    const [, reserved] = framework.offers;
    const { operationUuid } = end(driven, agent, framework, 'OPERATION_DROPPED');
    correct(agent, [operationUuid]);
    expect(framework.received('RESCIND').at(-1)).toMatchObject({ rescind: { offer_id: reserved.id } });
    expect(String(driven.master.state.agents.get(agent.id)!.total)).toBe('cpus:4;disk:1000;mem:4096');
    driven.advance(SECOND_US);
    const disks = framework.offers.at(-1)!.resources!.filter(({ name }) => name === 'disk');
    expect(disks).toMatchObject([{ scalar: { value: 1000 } }]);
    expect(disks[0].reservations).toBeUndefined();
    checkInvariants(driven.master.state, driven.allocator);
  });

  it('counts operations that the agent has not met as done, if it has what they need', () => {
    const { driven, agent, framework, offer } = offered();
    const cpus = { name: 'cpus', type: 'SCALAR', scalar: { value: 1 }, reservations } as const;
    framework.accept([offer], [reserve, create, { type: 'RESERVE', reserve: { resources: [cpus] } }], 0);
    const [first] = agent.received('APPLY_OPERATION');
    correct(agent, [first.operationUuid]);
    expect(String(driven.master.state.agents.get(agent.id)!.total)).toBe(
      'cpus:3;cpus(ads):1;disk:1000;mem:4096',
    );
    checkInvariants(driven.master.state, driven.allocator);
  });

  it('leaves all as it is where the books are right', () => {
    const { driven, agent, framework, offer } = offered();
    correct(agent, []);
    driven.settle();
    expect(framework.received('RESCIND')).toEqual([]);
    expect(framework.offers).toEqual([offer]);
  });

  it('an agent that cannot have what it says is told to shut down', () => {
    const { agent } = offered();
    agent.send({
      type: 'UPDATE_AGENT',
      agentId: { value: agent.id },
      checkpointedResources: [{ ...disk, scalar: { value: 5000 } }],
      operations: [],
    });
    expect(agent.received('SHUTDOWN')).toHaveLength(1);
  });
});

describe('§3.3 disks of resource providers', () => {
  it.each([
    { type: 'CREATE_DISK', id: { value: 'o' } },
    { type: 'DESTROY_DISK', id: { value: 'o' } },
  ] as const)('there are none: $type is answered with an error, and the offer comes back', (operation) => {
    const { driven, framework, offer } = offered();
    framework.accept([offer], [operation], 0);
    expect(operationStatuses(framework)).toMatchObject([
      { state: 'OPERATION_ERROR', message: expect.stringContaining('resource providers') },
    ]);
    driven.advance(SECOND_US);
    expect(framework.offers.at(-1)!.resources).toEqual(offer.resources);
  });
});
