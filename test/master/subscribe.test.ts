import { describe, expect, it } from 'vitest';
import { capabilities, DrivenMaster, SECOND_US, task } from './driven-master.ts';

describe('§2.3 SUBSCRIBE', () => {
  it('gives a new framework an id, SUBSCRIBED first and a heartbeat at once', () => {
    const driven = DrivenMaster.leading();
    const framework = driven.subscribe();
    expect(framework.id).toBe('M-0000');
    expect(framework.events.map(({ type }) => type)).toEqual(['SUBSCRIBED', 'HEARTBEAT']);
    expect(framework.events[0].subscribed).toMatchObject({
      heartbeat_interval_seconds: 15,
      master_info: { id: 'M' },
    });
    expect(driven.subscribe({ id: { value: '' } }, { call: { framework_id: { value: '' } } }).id).toBe(
      'M-0001',
    );
  });

  it('sends a heartbeat every 15 s', () => {
    const driven = DrivenMaster.leading();
    const framework = driven.subscribe({}, { suppressed: ['*'] });
    driven.advance(45 * SECOND_US);
    expect(framework.received('HEARTBEAT')).toHaveLength(4);
  });

  it('fills in the principal that was authenticated', () => {
    const driven = DrivenMaster.leading();
    const framework = driven.subscribe({}, { principal: 'alice' });
    expect(driven.master.state.frameworks.get(framework.id)?.info.principal).toBe('alice');
  });

  it.each([
    ['roles in the form of the other capability', { roles: ['ads'] }, 'MULTI_ROLE'],
    ['an invalid role', { role: 'a//b' }, 'a//b'],
    ['an infinite failover timeout', { failover_timeout: Number.POSITIVE_INFINITY }, 'failover_timeout'],
  ])('opens the stream and refuses %s with ERROR', (_, info, text) => {
    const framework = DrivenMaster.leading().subscribe(info);
    expect(framework.answer).toBeUndefined();
    expect(framework.events.map(({ type }) => type)).toEqual(['ERROR']);
    expect(framework.error).toContain(text);
    expect(framework.isClosed).toBe(true);
  });

  it('refuses suppressed roles that it does not have, roles that are not allowed and users that are not', () => {
    const driven = DrivenMaster.leading({ roles: ['ads'], rootSubmissions: false });
    expect(driven.subscribe({ role: 'ads' }, { suppressed: ['web'] }).error).toContain('web');
    expect(driven.subscribe({ role: 'web' }).error).toContain('web');
    expect(driven.subscribe({ role: 'ads', user: 'root' }).error).toContain('root');
    expect(driven.subscribe({ role: 'ads' }).error).toBeUndefined();
  });

  it('accepts an id that no master knows, as after a failover', () => {
    const driven = DrivenMaster.leading();
    const id = { value: 'L-0007' };
    expect(driven.subscribe({ id }, { call: { framework_id: id } }).id).toBe('L-0007');
  });

  it('tells the old stream that the framework failed over, discards its offers and sends none of it on the new one', () => {
    const driven = DrivenMaster.leading();
    driven.agent();
    const old = driven.subscribe();
    driven.settle();
    const [offer] = old.offers;
    const id = { value: old.id };
    const fresh = driven.subscribe({ id }, { call: { framework_id: id } });
    expect(old.error).toBe('Framework failed over');
    expect(old.isClosed).toBe(true);
    expect(fresh.id).toBe(old.id);
    expect(fresh.events.map(({ type }) => type)).toEqual(['SUBSCRIBED', 'HEARTBEAT']);
    expect(old.received('RESCIND')).toEqual([]);
    expect(driven.master.state.offers.size).toBe(0);
    expect(driven.call({ type: 'SUPPRESS', framework_id: id }, old.stream)?.status).toBe(400);
    driven.advance(SECOND_US);
    expect(fresh.offers.map(({ agent_id }) => agent_id)).toEqual([offer.agent_id]);
    // The end of the old stream is not the new one's.
    old.closeStream();
    expect(fresh.call({ type: 'SUPPRESS' })).toBe(202);
  });

  it('keeps user and checkpointing of a known framework, takes over the rest and tells its agents', () => {
    const driven = DrivenMaster.leading();
    const agent = driven.agent();
    const other = driven.agent();
    const old = driven.subscribe({ checkpoint: true, failover_timeout: 60 });
    driven.settle();
    const offer = old.offers.find(({ agent_id }) => agent_id.value === agent.id)!;
    old.launch(offer, task('t', offer));
    const id = { value: old.id };
    driven.subscribe({ id, user: 'bob', name: 'renamed' }, { call: { framework_id: id } });
    expect(driven.master.state.frameworks.get(old.id)?.info).toMatchObject({
      user: 'alice',
      checkpoint: true,
      name: 'renamed',
    });
    expect(agent.received('UPDATE_FRAMEWORK')).toHaveLength(1);
    expect(other.received('UPDATE_FRAMEWORK')).toHaveLength(0);
  });

  it('refuses a changed principal and leaves the old stream as it is', () => {
    const driven = DrivenMaster.leading();
    const old = driven.subscribe({ principal: 'alice' });
    const id = { value: old.id };
    const thief = driven.subscribe({ id, principal: 'mallory' }, { call: { framework_id: id } });
    expect(thief.error).toContain('principal');
    expect(old.isClosed).toBe(false);
    expect(old.call({ type: 'SUPPRESS' })).toBe(202);
  });
});

describe('§2.3 loss of the stream', () => {
  it('rescinds offers, gives none, and tears the framework down when its failover timeout is over', () => {
    const driven = DrivenMaster.leading();
    const agent = driven.agent();
    const framework = driven.subscribe({ failover_timeout: 30 });
    driven.settle();
    const [offer] = framework.offers;
    framework.launch(offer, task('t', offer));
    framework.closeStream();
    driven.advance(29 * SECOND_US);
    expect(driven.master.state.offers.size).toBe(0);
    expect(driven.master.state.frameworks.get(framework.id)?.tasks.size).toBe(1);
    expect(agent.received('SHUTDOWN_FRAMEWORK')).toHaveLength(0);
    driven.advance(SECOND_US);
    expect(driven.master.state.frameworks.size).toBe(0);
    expect(agent.received('SHUTDOWN_FRAMEWORK')).toHaveLength(1);
  });

  it('keeps the tasks of a framework that is back in time', () => {
    const driven = DrivenMaster.leading();
    driven.agent();
    const framework = driven.subscribe({ failover_timeout: 30 });
    driven.settle();
    const [offer] = framework.offers;
    framework.launch(offer, task('t', offer));
    framework.closeStream();
    driven.advance(20 * SECOND_US);
    const id = { value: framework.id };
    driven.subscribe({ id, failover_timeout: 30 }, { call: { framework_id: id } });
    driven.advance(60 * SECOND_US);
    expect(driven.master.state.frameworks.get(framework.id)?.tasks.size).toBe(1);
  });

  it('without a failover timeout the framework is removed at once, and its id never taken again', () => {
    const driven = DrivenMaster.leading();
    const framework = driven.subscribe();
    framework.closeStream();
    driven.settle();
    const id = { value: framework.id };
    const again = driven.subscribe({ id }, { call: { framework_id: id } });
    expect(again.error).toMatch(/^Framework has been removed/);
  });
});

describe('§2.2 TEARDOWN', () => {
  it('ends tasks and executors, closes the stream and gives all resources to others', () => {
    const driven = DrivenMaster.leading();
    const agent = driven.agent('cpus:4;mem:4096');
    const framework = driven.subscribe();
    driven.settle();
    const [offer] = framework.offers;
    framework.launch(offer, task('t', offer, 'cpus:4;mem:4096'));
    expect(framework.call({ type: 'TEARDOWN' })).toBe(202);
    expect(framework.isClosed).toBe(true);
    expect(agent.received('SHUTDOWN_FRAMEWORK').map(({ frameworkId }) => frameworkId.value)).toEqual([
      framework.id,
    ]);
    const { completedFrameworks } = driven.master.state;
    expect([...completedFrameworks.get(framework.id)!.completedTasks].map(({ state }) => state)).toEqual([
      'TASK_KILLED',
    ]);
    const next = driven.subscribe();
    driven.settle();
    expect(next.offers.map(({ resources }) => resources?.map(({ scalar }) => scalar?.value))).toEqual([
      [4, 4096],
    ]);
  });
});

describe('§2.4 UPDATE_FRAMEWORK and roles', () => {
  const multiRole = capabilities('MULTI_ROLE');

  it('answers 200, or 400 and changes nothing', () => {
    const driven = DrivenMaster.leading();
    const framework = driven.subscribe({ ...multiRole, roles: ['ads'] });
    const info = driven.master.state.frameworks.get(framework.id)!.info;
    const update = (change: object, suppressed: readonly string[] = []) =>
      framework.call({
        type: 'UPDATE_FRAMEWORK',
        update_framework: { framework_info: { ...info, ...change }, suppressed_roles: suppressed },
      });
    expect(update({ user: 'bob' })).toBe(400);
    expect(update({ checkpoint: true })).toBe(400);
    expect(update({ principal: 'bob' })).toBe(400);
    expect(update({ roles: ['web'] }, ['ads'])).toBe(400);
    expect(driven.master.state.frameworks.get(framework.id)!.info).toBe(info);
    expect(update({ roles: ['web'], name: 'renamed' })).toBe(200);
    expect(driven.master.state.frameworks.get(framework.id)!.info).toMatchObject({
      roles: ['web'],
      name: 'renamed',
    });
  });

  it('rescinds offers to roles that are gone and offers to those that are new', () => {
    const driven = DrivenMaster.leading();
    driven.agent();
    const framework = driven.subscribe({ ...multiRole, roles: ['ads'] });
    driven.settle();
    const [offer] = framework.offers;
    expect(offer.allocation_info).toEqual({ role: 'ads' });
    const info = driven.master.state.frameworks.get(framework.id)!.info;
    framework.call({
      type: 'UPDATE_FRAMEWORK',
      update_framework: { framework_info: { ...info, roles: ['web'] } },
    });
    expect(framework.received('RESCIND').map(({ rescind }) => rescind?.offer_id)).toEqual([offer.id]);
    driven.advance(SECOND_US);
    expect(framework.offers.at(-1)?.allocation_info).toEqual({ role: 'web' });
  });
});

describe('§2.2 SUPPRESS and REVIVE', () => {
  it('SUPPRESS keeps outstanding offers and stops new ones; REVIVE brings them at once, without filters', () => {
    const driven = DrivenMaster.leading();
    driven.agent();
    const framework = driven.subscribe();
    driven.settle();
    const [offer] = framework.offers;
    framework.call({ type: 'SUPPRESS' });
    expect(framework.received('RESCIND')).toEqual([]);
    framework.call({
      type: 'DECLINE',
      decline: { offer_ids: [offer.id], filters: { refuse_seconds: 3600 } },
    });
    driven.advance(10 * SECOND_US);
    expect(framework.offers).toHaveLength(1);
    framework.call({ type: 'REVIVE' });
    driven.settle();
    expect(framework.offers).toHaveLength(2);
  });

  it('drops a call that names a role it does not have', () => {
    const driven = DrivenMaster.leading();
    driven.agent();
    const framework = driven.subscribe({}, { suppressed: ['*'] });
    expect(framework.call({ type: 'REVIVE', revive: { roles: ['*', 'web'] } })).toBe(202);
    driven.advance(2 * SECOND_US);
    expect(framework.offers).toEqual([]);
  });
});
