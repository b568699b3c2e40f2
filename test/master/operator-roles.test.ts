/** What operators say of roles and of agents' resources: weights, quota, reservations and volumes (reference §7, §14.2–14.4). */
import { describe, expect, it } from 'vitest';
import type { OperatorCall } from '../../src/protocol/v1/master.ts';
import type { Resource } from '../../src/protocol/v1/mesos.ts';
import { capabilities, type DrivenFramework, DrivenMaster, SECOND_US, task } from './driven-master.ts';
import { checkInvariants } from './invariants.ts';

const status = (driven: DrivenMaster, call: OperatorCall) => driven.operate(call)?.status;
const inRole = (role: string) => ({
  ...capabilities('MULTI_ROLE', 'RESERVATION_REFINEMENT'),
  roles: [role],
});
const cpusOf = (framework: DrivenFramework) =>
  framework.offers
    .flatMap(({ resources }) => resources ?? [])
    .filter(({ name }) => name === 'cpus')
    .map(({ scalar }) => scalar!.value);

describe('§14.4 weights', () => {
  const weigh = (role: string, weight: number): OperatorCall => ({
    type: 'UPDATE_WEIGHTS',
    update_weights: { weight_infos: [{ role, weight }] },
  });

  it.each([
    ['ads', 0],
    ['ads', -1],
    ['ads', Number.POSITIVE_INFINITY],
    ['/ads', 1],
    ['a b', 1],
  ])('%s %d is refused', (role, weight) => {
    expect(status(DrivenMaster.leading(), weigh(role, weight))).toBe(400);
  });

  it('take effect at the next allocation, and offers are rescinded if a framework has the role', () => {
    const driven = DrivenMaster.leading();
    driven.agent();
    const framework = driven.subscribe(inRole('ads'));
    driven.settle();
    expect(status(driven, weigh('nobody', 2))).toBe(200);
    expect(framework.received('RESCIND')).toEqual([]);
    expect(status(driven, weigh('ads', 2))).toBe(200);
    expect(framework.received('RESCIND')).toHaveLength(1);
    expect(driven.allocator.role('ads')!.weight).toBe(2);
  });

  it('are in the registry, and then count in place of the flag’s', () => {
    const driven = DrivenMaster.leading({ weights: { ads: 3, web: 5 } });
    status(driven, weigh('ads', 2));
    expect(driven.registry.weights).toMatchObject({ ads: 2 });
    const next = driven.successor({ weights: { ads: 3 } });
    expect(next.master.state.weights.get('ads')).toBe(2);
  });

  it('a heavier role is offered more', () => {
    const driven = DrivenMaster.leading();
    status(driven, weigh('ads', 3));
    const ads = driven.subscribe(inRole('ads'));
    const web = driven.subscribe(inRole('web'));
    for (let n = 0; n < 8; n++) driven.agent('cpus:4;mem:4096');
    driven.advance(2 * SECOND_US);
    expect([cpusOf(ads).length, cpusOf(web).length]).toEqual([6, 2]);
  });
});

describe('§14.3 quota', () => {
  type Amounts = Readonly<Record<string, number>>;
  const scalars = (amounts: Amounts) =>
    Object.fromEntries(Object.entries(amounts).map(([name, value]) => [name, { value }]));
  const config = (role: string, guarantees: Amounts, limits: Amounts) => ({
    role,
    guarantees: scalars(guarantees),
    limits: scalars(limits),
  });
  const set = (configs: readonly ReturnType<typeof config>[], force = false): OperatorCall => ({
    type: 'UPDATE_QUOTA',
    update_quota: { force, quota_configs: configs },
  });

  it.each([
    ['of a nested role', [config('ads/web', {}, { cpus: 1 })]],
    ['of which a guarantee is above its limit', [config('ads', { cpus: 2 }, { cpus: 1 })]],
    ['below 0', [config('ads', {}, { cpus: -1 })]],
    ['that is not finite', [config('ads', {}, { cpus: Number.POSITIVE_INFINITY })]],
    ['of one role twice', [config('ads', {}, { cpus: 1 }), config('ads', {}, { cpus: 2 })]],
  ])('%s is refused', (_, configs) => {
    expect(status(DrivenMaster.leading(), set(configs))).toBe(400);
  });

  it('guaranteed beyond what the cluster has is refused, unless it is forced', () => {
    const driven = DrivenMaster.leading();
    driven.agent('cpus:4;mem:4096');
    expect(status(driven, set([config('ads', { cpus: 3 }, {})]))).toBe(200);
    const more = [config('web', { cpus: 2 }, {})];
    expect(status(driven, set(more))).toBe(400);
    expect(driven.master.state.quotas.has('web')).toBe(false);
    expect(status(driven, set(more, true))).toBe(200);
  });

  it('a limit below what is consumed is refused, unless it is forced; all configurations stand or fall together', () => {
    const driven = DrivenMaster.leading();
    driven.agent('cpus:4;mem:4096');
    const framework = driven.subscribe(inRole('ads'));
    driven.settle();
    const [offer] = framework.offers;
    framework.launch(offer, task('t', offer, 'cpus:2;mem:128'));
    const configs = [config('web', { cpus: 1 }, {}), config('ads', {}, { cpus: 1 })];
    expect(status(driven, set(configs))).toBe(400);
    expect(driven.master.state.quotas.size).toBe(0);
    expect(status(driven, set(configs, true))).toBe(200);
    expect([...driven.master.state.quotas.keys()]).toEqual(['web', 'ads']);
  });

  it('a limit bounds what is offered, and offers over it are rescinded', () => {
    const driven = DrivenMaster.leading();
    driven.agent('cpus:4;mem:4096');
    const framework = driven.subscribe(inRole('ads'));
    driven.settle();
    expect(status(driven, set([config('ads', {}, { cpus: 1 })]))).toBe(200);
    expect(framework.received('RESCIND')).toHaveLength(1);
    driven.advance(10 * SECOND_US);
    expect(cpusOf(framework).at(-1)).toBe(1);
    checkInvariants(driven.master.state, driven.allocator);
  });

  it('a guarantee takes offers of others back, as far as it lacks them, and is served first', () => {
    const driven = DrivenMaster.leading();
    for (let n = 0; n < 3; n++) driven.agent('cpus:4;mem:4096');
    const web = driven.subscribe(inRole('web'));
    driven.settle();
    expect(web.offers).toHaveLength(3);
    expect(status(driven, set([config('ads', { cpus: 6 }, {})]))).toBe(200);
    expect(web.received('RESCIND')).toHaveLength(2);
    const ads = driven.subscribe(inRole('ads'));
    driven.advance(SECOND_US);
    expect(cpusOf(ads).reduce((a, b) => a + b, 0)).toBeGreaterThanOrEqual(6);
  });

  it('with neither guarantees nor limits is removed', () => {
    const driven = DrivenMaster.leading();
    status(driven, set([config('ads', {}, { cpus: 1 })]));
    expect(driven.registry).toHaveProperty(['quota/ads']);
    expect(status(driven, set([config('ads', {}, {})]))).toBe(200);
    expect(driven.master.state.quotas.size).toBe(0);
    expect(driven.registry).not.toHaveProperty(['quota/ads']);
  });

  it('§11.3 holds offers back after an election until four fifths of the agents are back', () => {
    const driven = DrivenMaster.leading();
    const agents = Array.from({ length: 5 }, () => driven.agent('cpus:4;mem:4096'));
    status(driven, set([config('ads', { cpus: 1 }, {})]));
    const next = driven.successor();
    const framework = next.subscribe(inRole('web'));
    for (const agent of agents.slice(0, 3)) agent.comeBack({}, next);
    next.advance(30 * SECOND_US);
    expect(framework.offers).toEqual([]);
    agents[3].comeBack({}, next);
    next.advance(2 * SECOND_US);
    expect(framework.offers.length).toBeGreaterThan(0);
  });

  it('§11.3 … or ten minutes are over', () => {
    const driven = DrivenMaster.leading();
    const agents = Array.from({ length: 5 }, () => driven.agent('cpus:4;mem:4096'));
    status(driven, set([config('ads', { cpus: 1 }, {})]));
    const next = driven.successor({ agentReregisterTimeoutUs: 3600 * SECOND_US });
    const framework = next.subscribe(inRole('web'));
    agents[0].comeBack({}, next);
    next.advance(599 * SECOND_US);
    expect(framework.offers).toEqual([]);
    next.advance(3 * SECOND_US);
    expect(framework.offers.length).toBeGreaterThan(0);
  });
});

describe('§14.2 reservations and volumes by operators', () => {
  const reservations = [{ type: 'DYNAMIC', role: 'ads', principal: 'ops' }] as const;
  const scalar = (name: string, value: number): Resource => ({
    name,
    type: 'SCALAR',
    scalar: { value },
    reservations,
  });
  const volume: Resource = {
    ...scalar('disk', 100),
    disk: { persistence: { id: 'v', principal: 'ops' }, volume: { container_path: 'data', mode: 'RW' } },
  };

  function cluster() {
    const driven = DrivenMaster.leading();
    const agent = driven.agent('cpus:4;mem:4096;disk:1000');
    const call = (call: OperatorCall) => driven.operate(call, 'ops')?.status;
    const agent_id = { value: agent.id };
    const reserve = (resources: readonly Resource[]) =>
      call({ type: 'RESERVE_RESOURCES', reserve_resources: { agent_id, resources } });
    const total = () => String(driven.master.state.agents.get(agent.id)!.total);
    return { driven, agent, agent_id, call, reserve, total };
  }

  it('RESERVE and UNRESERVE what is free: 202, and the agent is told', () => {
    const { agent, agent_id, call, reserve, total } = cluster();
    expect(reserve([scalar('cpus', 2)])).toBe(202);
    expect(total()).toBe('cpus:2;cpus(ads):2;disk:1000;mem:4096');
    const unreserve_resources = { agent_id, resources: [scalar('cpus', 2)] };
    expect(call({ type: 'UNRESERVE_RESOURCES', unreserve_resources })).toBe(202);
    expect(total()).toBe('cpus:4;disk:1000;mem:4096');
    expect(agent.received('APPLY_OPERATION')).toMatchObject([
      { frameworkId: null, info: { type: 'RESERVE' } },
      { frameworkId: null, info: { type: 'UNRESERVE' } },
    ]);
  });

  it('CREATE, GROW, SHRINK and DESTROY volumes', () => {
    const { agent_id, call, reserve, total } = cluster();
    reserve([scalar('disk', 150)]);
    expect(call({ type: 'CREATE_VOLUMES', create_volumes: { agent_id, volumes: [volume] } })).toBe(202);
    const grow_volume = { agent_id, volume, addition: scalar('disk', 50) };
    expect(call({ type: 'GROW_VOLUME', grow_volume })).toBe(202);
    const grown = { ...volume, scalar: { value: 150 } };
    const shrink_volume = { agent_id, volume: grown, subtract: { value: 70 } };
    expect(call({ type: 'SHRINK_VOLUME', shrink_volume })).toBe(202);
    const shrunk = { ...volume, scalar: { value: 80 } };
    expect(call({ type: 'DESTROY_VOLUMES', destroy_volumes: { agent_id, volumes: [shrunk] } })).toBe(202);
    expect(total()).toBe('cpus:4;disk:850;disk(ads):150;mem:4096');
  });

  it('what is offered is taken back as far as it is needed, and offered to the role then', () => {
    const { driven, reserve } = cluster();
    const web = driven.subscribe(inRole('web'));
    driven.settle();
    expect(reserve([scalar('cpus', 4)])).toBe(202);
    expect(web.received('RESCIND')).toHaveLength(1);
    const ads = driven.subscribe(inRole('ads'));
    driven.advance(2 * SECOND_US);
    expect(cpusOf(ads)).toEqual([4]);
    checkInvariants(driven.master.state, driven.allocator);
  });

  it('what tasks use is not to be had: 409, as what the agent does not have', () => {
    const { driven, reserve, total } = cluster();
    const web = driven.subscribe(inRole('web'));
    driven.settle();
    const [offer] = web.offers;
    web.launch(offer, task('t', offer, 'cpus:3;mem:128'));
    expect(reserve([scalar('cpus', 2)])).toBe(409);
    expect(reserve([scalar('cpus', 9)])).toBe(409);
    expect(total()).toBe('cpus:4;disk:1000;mem:4096');
    expect(reserve([scalar('cpus', 1)])).toBe(202);
  });

  it.each<[string, Resource]>([
    [
      'of another principal',
      { ...scalar('cpus', 1), reservations: [{ ...reservations[0], principal: 'else' }] },
    ],
    ['that is static', { ...scalar('cpus', 1), reservations: [{ type: 'STATIC', role: 'ads' }] }],
    ['that is none', { name: 'cpus', type: 'SCALAR', scalar: { value: 1 } }],
    ['of a negative amount', scalar('cpus', -1)],
  ])('a reservation %s is refused', (_, resource) => {
    const { reserve, total } = cluster();
    expect(reserve([resource])).toBe(400);
    expect(total()).toBe('cpus:4;disk:1000;mem:4096');
  });

  it('an agent that is not connected is refused', () => {
    const { agent, reserve } = cluster();
    agent.breakLink();
    expect(reserve([scalar('cpus', 1)])).toBe(400);
  });
});
