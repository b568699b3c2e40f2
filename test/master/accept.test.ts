import { describe, expect, it } from 'vitest';
import type { FrameworkInfo, Offer, OfferOperation, TaskInfo } from '../../src/protocol/v1/mesos.ts';
import {
  capabilities,
  type DrivenAgent,
  type DrivenFramework,
  DrivenMaster,
  SECOND_US,
  task,
  wire,
} from './driven-master.ts';

/** One agent, and a framework that holds the first offer of it. */
function offered(
  info: Partial<FrameworkInfo> = {},
  resources?: string,
): { driven: DrivenMaster; agent: DrivenAgent; framework: DrivenFramework; offer: Offer } {
  const driven = DrivenMaster.leading();
  const agent = driven.agent(resources);
  const framework = driven.subscribe(info);
  driven.settle();
  return { driven, agent, framework, offer: framework.offers[0] };
}

function launchOf(...tasks: readonly TaskInfo[]): OfferOperation {
  return { type: 'LAUNCH', launch: { task_infos: tasks } };
}

const executor = { executor_id: { value: 'e' }, command: { value: 'run' } };

describe('§3.2.1 the set of offers', () => {
  const partitionAware = capabilities('PARTITION_AWARE');

  it('an offer that is no more drops the tasks, and the others listed come back without a filter', () => {
    const driven = DrivenMaster.leading();
    driven.agent();
    const framework = driven.subscribe(partitionAware);
    driven.settle();
    const [offer] = framework.offers;
    framework.accept([offer, { ...offer, id: { value: 'M-O9' } }], [launchOf(task('t', offer))]);
    expect(framework.statuses).toMatchObject([
      { state: 'TASK_DROPPED', source: 'SOURCE_MASTER', reason: 'REASON_INVALID_OFFERS' },
    ]);
    expect(framework.statuses[0].uuid).toBeUndefined();
    driven.advance(SECOND_US);
    expect(framework.offers).toHaveLength(2);
  });

  it('frameworks without PARTITION_AWARE are told TASK_LOST', () => {
    const { framework, offer } = offered();
    framework.accept([offer, offer], [launchOf(task('t', offer))]);
    expect(framework.statuses[0].state).toBe('TASK_LOST');
  });

  it("refuses another framework's offer, and leaves it outstanding", () => {
    const { driven, offer } = offered();
    const thief = driven.subscribe(partitionAware);
    thief.launch(offer, task('t', offer));
    expect(thief.statuses[0].reason).toBe('REASON_INVALID_OFFERS');
    expect(driven.master.state.offers.has(offer.id.value)).toBe(true);
  });

  it('refuses offers of two agents, or of two roles', () => {
    const driven = DrivenMaster.leading();
    driven.agent();
    driven.agent();
    const framework = driven.subscribe(partitionAware);
    driven.settle();
    framework.accept(framework.offers, [launchOf(task('t', framework.offers[0]))]);
    expect(framework.statuses[0].message).toContain('one single agent');
    const both = DrivenMaster.leading();
    both.agent('cpus(a):1;cpus(b):1');
    const multi = both.subscribe({ ...capabilities('MULTI_ROLE', 'PARTITION_AWARE'), roles: ['a', 'b'] });
    both.settle();
    expect(multi.offers).toHaveLength(2);
    multi.accept(multi.offers, [launchOf(task('t', multi.offers[0]))]);
    expect(multi.statuses[0].message).toContain('same role');
  });

  it('§19.13 merges offers of one agent and role', () => {
    const { driven, agent, framework, offer } = offered({}, 'cpus:4;mem:4096');
    framework.launch(offer, task('a', offer, 'cpus:2;mem:2048'));
    agent.update(framework, 'a', 'TASK_RUNNING');
    framework.call({ type: 'REVIVE' });
    driven.settle();
    const first = framework.offers[1];
    agent.update(framework, 'a', 'TASK_FINISHED');
    driven.advance(SECOND_US);
    const second = framework.offers[2];
    framework.accept([first, second], [launchOf(task('b', offer, 'cpus:4;mem:4096'))]);
    expect(agent.received('RUN_TASK').map((run) => run.task.task_id.value)).toEqual(['a', 'b']);
  });
});

describe('§3.2.2 and 3.2.3 checking and completing operations', () => {
  it('an id on LAUNCH makes its tasks invalid', () => {
    const { framework, offer } = offered();
    framework.accept([offer], [{ ...launchOf(task('t', offer)), id: { value: 'o' } }]);
    expect(framework.statuses).toMatchObject([{ state: 'TASK_ERROR', reason: 'REASON_TASK_INVALID' }]);
  });

  it('resources that cannot be make the task invalid', () => {
    const { framework, offer } = offered();
    const resources = [{ name: 'cpus', type: 'SCALAR', scalar: { value: -1 } }] as const;
    framework.launch(offer, { ...task('t', offer), resources });
    expect(framework.statuses).toMatchObject([{ state: 'TASK_ERROR', reason: 'REASON_TASK_INVALID' }]);
  });

  it("fills in the role, the executor's framework and the kind of health check", () => {
    const { agent, framework, offer } = offered();
    const given = task('t', offer, 'cpus:1;mem:32', {
      command: undefined,
      executor,
      health_check: { command: { value: 'true' } },
    });
    framework.launch(offer, given);
    const [{ task: sent }] = agent.received('RUN_TASK');
    expect(sent.resources?.map(({ allocation_info }) => allocation_info)).toEqual([
      { role: '*' },
      { role: '*' },
    ]);
    expect(sent.executor?.framework_id?.value).toBe(framework.id);
    expect(sent.health_check?.type).toBe('COMMAND');
  });
});

describe('§3.2.5 operations apply in order on what remains', () => {
  it('a failing operation is skipped, later ones continue', () => {
    const { agent, framework, offer } = offered({}, 'cpus:4;mem:4096');
    framework.accept(
      [offer],
      [launchOf(task('large', offer, 'cpus:5;mem:32')), launchOf(task('small', offer, 'cpus:1;mem:32'))],
    );
    expect(framework.statuses).toMatchObject([{ task_id: { value: 'large' }, state: 'TASK_ERROR' }]);
    expect(agent.received('RUN_TASK').map((run) => run.task.task_id.value)).toEqual(['small']);
  });

  it('§3.2.6 tasks of one LAUNCH are independent', () => {
    const { agent, framework, offer } = offered({}, 'cpus:4;mem:4096');
    framework.launch(
      offer,
      task('a', offer, 'cpus:3;mem:32'),
      task('b', offer, 'cpus:3;mem:32'),
      task('c', offer, 'cpus:1;mem:32'),
    );
    expect(agent.received('RUN_TASK').map((run) => run.task.task_id.value)).toEqual(['a', 'c']);
    expect(framework.statuses.map(({ task_id }) => task_id.value)).toEqual(['b']);
  });

  it('a launched task is staging, and its resources are no more offered', () => {
    const { driven, framework, offer } = offered({}, 'cpus:4;mem:4096');
    framework.accept([offer], [launchOf(task('t', offer, 'cpus:3;mem:1024'))], 0);
    expect(driven.master.state.frameworks.get(framework.id)?.tasks.get('t')?.state).toBe('TASK_STAGING');
    driven.advance(SECOND_US);
    expect(framework.offers[1].resources?.map(({ scalar }) => scalar?.value)).toEqual([1, 3072]);
  });

  it('RESERVE, CREATE and LAUNCH in one ACCEPT build on each other', () => {
    const { driven, agent, framework, offer } = offered(
      { ...capabilities('MULTI_ROLE', 'RESERVATION_REFINEMENT'), roles: ['ads'] },
      'cpus:4;mem:4096;disk:1000',
    );
    const reservations = [{ type: 'DYNAMIC', role: 'ads' }] as const;
    const disk = { name: 'disk', type: 'SCALAR', scalar: { value: 100 }, reservations } as const;
    const volume = {
      ...disk,
      disk: { persistence: { id: 'v' }, volume: { container_path: 'data', mode: 'RW' } },
    } as const;
    framework.accept(
      [offer],
      [
        { type: 'RESERVE', reserve: { resources: [disk] } },
        { type: 'CREATE', create: { volumes: [volume] } },
        launchOf({ ...task('t', offer), resources: [...wire('cpus:1;mem:32'), volume] }),
      ],
    );
    expect(framework.statuses).toEqual([]);
    expect(agent.inbox.map(({ type }) => type).slice(1)).toEqual([
      'APPLY_OPERATION',
      'APPLY_OPERATION',
      'RUN_TASK',
    ]);
    const { total } = driven.master.state.agents.get(agent.id)!;
    expect(total.persistentVolumes().length).toBe(1);
  });
});

describe('§3.2.8 what is left', () => {
  it('comes back under the filter', () => {
    const { driven, framework, offer } = offered();
    framework.accept([offer], [launchOf(task('t', offer))], 3);
    driven.advance(2 * SECOND_US);
    expect(framework.offers).toHaveLength(1);
    driven.advance(2 * SECOND_US);
    expect(framework.offers).toHaveLength(2);
  });

  it('what operations changed comes back without one', () => {
    const { driven, framework, offer } = offered(
      { ...capabilities('MULTI_ROLE', 'RESERVATION_REFINEMENT'), roles: ['ads'] },
      'cpus:4;mem:4096',
    );
    const cpus = { name: 'cpus', type: 'SCALAR', scalar: { value: 1 } } as const;
    const reserved = { ...cpus, reservations: [{ type: 'DYNAMIC', role: 'ads' }] } as const;
    framework.accept([offer], [{ type: 'RESERVE', reserve: { resources: [reserved] } }], 3600);
    driven.advance(SECOND_US);
    expect(framework.offers[1].resources).toContainEqual({ ...reserved, allocation_info: { role: 'ads' } });
  });

  it('an ACCEPT without operations declines', () => {
    const { driven, framework, offer } = offered();
    framework.accept([offer], [], 0);
    driven.advance(SECOND_US);
    expect(framework.offers).toHaveLength(2);
  });
});

describe('§4.3 tasks by themselves', () => {
  it('those without command and executor are invalid', () => {
    const { agent, framework, offer } = offered();
    framework.launch(offer, task('t', offer, 'cpus:1;mem:32', { command: undefined }));
    expect(framework.statuses).toMatchObject([{ state: 'TASK_ERROR', reason: 'REASON_TASK_INVALID' }]);
    expect(agent.received('RUN_TASK')).toEqual([]);
  });
});

describe('§4.3 tasks beside what already runs', () => {
  it('refuses the id of a task that is not over, and takes that of a completed one again', () => {
    const { driven, agent, framework, offer } = offered({}, 'cpus:4;mem:4096');
    framework.accept([offer], [launchOf(task('t', offer), task('t', offer))], 0);
    expect(framework.statuses).toMatchObject([{ task_id: { value: 't' }, state: 'TASK_ERROR' }]);
    framework.acknowledge(agent.update(framework, 't', 'TASK_FINISHED'));
    driven.advance(SECOND_US);
    framework.launch(framework.offers[1], task('t', offer));
    expect(agent.received('RUN_TASK')).toHaveLength(2);
  });

  it("refuses another agent's id", () => {
    const { framework, offer } = offered();
    framework.launch(offer, { ...task('t', offer), agent_id: { value: 'other' } });
    expect(framework.statuses[0].state).toBe('TASK_ERROR');
  });

  it('counts an executor once: the first task starts it, later ones must describe it the same', () => {
    const { driven, agent, framework, offer } = offered({}, 'cpus:4;mem:4096');
    const withExecutor = (id: string, more: object = {}) =>
      task(id, offer, 'cpus:1;mem:32', {
        command: undefined,
        executor: { ...executor, resources: wire('cpus:1;mem:32'), ...more },
      });
    framework.accept(
      [offer],
      [launchOf(withExecutor('a'), withExecutor('b'), withExecutor('c', { name: 'another' }))],
      0,
    );
    expect(agent.received('RUN_TASK').map((run) => [run.task.task_id.value, run.launchesExecutor])).toEqual([
      ['a', true],
      ['b', false],
    ]);
    expect(framework.statuses).toMatchObject([{ task_id: { value: 'c' }, state: 'TASK_ERROR' }]);
    driven.advance(SECOND_US);
    expect(framework.offers[1].resources?.[0].scalar?.value).toBe(1);
    // Its resources come free when it exits, and its framework is told how.
    agent.send({
      type: 'EXITED_EXECUTOR',
      agentId: { value: agent.id },
      frameworkId: { value: framework.id },
      executorId: { value: 'e' },
      status: 256,
    });
    expect(framework.received('FAILURE').map(({ failure }) => failure)).toEqual([
      { agent_id: { value: agent.id }, executor_id: { value: 'e' }, status: 256 },
    ]);
    framework.call({ type: 'REVIVE' });
    driven.advance(SECOND_US);
    expect(framework.offers.at(-1)?.resources?.[0].scalar?.value).toBe(1);
  });
});

describe('§3.2.7 LAUNCH_GROUP', () => {
  const groupExecutor = {
    type: 'DEFAULT',
    executor_id: { value: 'pod' },
    resources: wire('cpus:0.1;mem:32;disk:10'),
  } as const;

  function group(...tasks: readonly TaskInfo[]): OfferOperation {
    return { type: 'LAUNCH_GROUP', launch_group: { executor: groupExecutor, task_group: { tasks } } };
  }

  it('starts all tasks in one message', () => {
    const { driven, agent, framework, offer } = offered();
    framework.accept([offer], [group(task('a', offer), task('b', offer))]);
    const [run] = agent.received('RUN_TASK_GROUP');
    expect(run.taskGroup.tasks?.map(({ task_id }) => task_id.value)).toEqual(['a', 'b']);
    expect(run.launchesExecutor).toBe(true);
    const record = driven.master.state.frameworks.get(framework.id)!;
    expect([...record.tasks.values()].map(({ executorId }) => executorId)).toEqual(['pod', 'pod']);
  });

  it('or none of them', () => {
    const { agent, framework, offer } = offered({}, 'cpus:2;mem:4096;disk:100');
    framework.accept([offer], [group(task('a', offer), task('b', offer))]);
    expect(agent.received('RUN_TASK_GROUP')).toEqual([]);
    expect(framework.statuses).toMatchObject([
      { task_id: { value: 'a' }, state: 'TASK_ERROR', reason: 'REASON_TASK_GROUP_INVALID' },
      { task_id: { value: 'b' }, state: 'TASK_ERROR', reason: 'REASON_TASK_GROUP_INVALID' },
    ]);
  });
});
