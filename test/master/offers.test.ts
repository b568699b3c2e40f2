import { describe, expect, it } from 'vitest';
import { capabilities, DrivenMaster, SECOND_US, task } from './driven-master.ts';

describe('§3.1 what an offer says', () => {
  it('has old-format resources without allocation for old frameworks', () => {
    const driven = DrivenMaster.leading();
    const agent = driven.agent('cpus:4;mem(*):1024;ephemeral_ports:[1-2]', { hostname: 'node7' });
    const framework = driven.subscribe();
    driven.settle();
    const [offer] = framework.offers;
    expect(offer).toMatchObject({
      id: { value: 'M-O0' },
      framework_id: { value: framework.id },
      agent_id: { value: agent.id },
      hostname: 'node7',
      url: { scheme: 'http', address: { hostname: 'node7', port: 5051 }, path: '/slave(1)' },
    });
    expect(offer.allocation_info).toBeUndefined();
    expect(offer.resources).toEqual([
      { name: 'cpus', type: 'SCALAR', scalar: { value: 4 }, role: '*' },
      { name: 'mem', type: 'SCALAR', scalar: { value: 1024 }, role: '*' },
    ]);
  });

  it('says the role for MULTI_ROLE and the stack of reservations for RESERVATION_REFINEMENT', () => {
    const driven = DrivenMaster.leading();
    driven.agent('cpus(ads):4');
    const framework = driven.subscribe({
      ...capabilities('MULTI_ROLE', 'RESERVATION_REFINEMENT'),
      roles: ['ads'],
    });
    driven.settle();
    expect(framework.offers[0].allocation_info).toEqual({ role: 'ads' });
    expect(framework.offers[0].resources).toEqual([
      {
        name: 'cpus',
        type: 'SCALAR',
        scalar: { value: 4 },
        reservations: [{ type: 'STATIC', role: 'ads' }],
        allocation_info: { role: 'ads' },
      },
    ]);
  });

  it("names the framework's own executors on the agent", () => {
    const driven = DrivenMaster.leading();
    driven.agent();
    const framework = driven.subscribe();
    driven.settle();
    const [offer] = framework.offers;
    const executor = { executor_id: { value: 'e' }, command: { value: 'run' } };
    framework.accept(
      [offer],
      [
        {
          type: 'LAUNCH',
          launch: {
            task_infos: [task('t', offer, 'cpus:1;mem:32', { command: undefined, executor })],
          },
        },
      ],
      0,
    );
    driven.advance(SECOND_US);
    expect(framework.offers.at(-1)?.executor_ids).toEqual([{ value: 'e' }]);
  });
});

describe('§2.5 the life of offers', () => {
  it('one event carries all that a cycle offers the framework', () => {
    const driven = DrivenMaster.leading();
    driven.agent();
    driven.agent();
    const framework = driven.subscribe();
    driven.settle();
    expect(framework.received('OFFERS')).toHaveLength(1);
    expect(framework.offers).toHaveLength(2);
  });

  it('§2.8 an offer timeout rescinds without a filter', () => {
    const driven = DrivenMaster.leading({ offerTimeoutUs: 10 * SECOND_US });
    driven.agent();
    const framework = driven.subscribe();
    driven.settle();
    driven.advance(10 * SECOND_US);
    expect(framework.received('RESCIND').map(({ rescind }) => rescind?.offer_id.value)).toEqual(['M-O0']);
    driven.advance(SECOND_US);
    expect(framework.offers).toHaveLength(2);
  });

  it('an answered offer is not rescinded when its time is over', () => {
    const driven = DrivenMaster.leading({ offerTimeoutUs: 10 * SECOND_US });
    driven.agent();
    const framework = driven.subscribe();
    driven.settle();
    framework.accept([framework.offers[0]], [], 3600);
    driven.advance(20 * SECOND_US);
    expect(framework.received('RESCIND')).toEqual([]);
  });

  it('offers of an agent whose link breaks are rescinded', () => {
    const driven = DrivenMaster.leading();
    const agent = driven.agent();
    const framework = driven.subscribe();
    driven.settle();
    agent.breakLink();
    expect(framework.received('RESCIND')).toHaveLength(1);
    driven.advance(5 * SECOND_US);
    expect(framework.offers).toHaveLength(1);
  });
});

describe('§2.8 declining', () => {
  it('keeps what was refused away for 5 s, unless the framework says otherwise', () => {
    const driven = DrivenMaster.leading();
    driven.agent();
    const framework = driven.subscribe();
    driven.settle();
    const [offer] = framework.offers;
    framework.call({ type: 'DECLINE', decline: { offer_ids: [offer.id, { value: 'M-O99' }] } });
    driven.advance(4 * SECOND_US);
    expect(framework.offers).toHaveLength(1);
    driven.advance(3 * SECOND_US);
    expect(framework.offers).toHaveLength(2);
  });

  it('0 s is no filter', () => {
    const driven = DrivenMaster.leading();
    driven.agent();
    const framework = driven.subscribe();
    driven.settle();
    framework.call({
      type: 'DECLINE',
      decline: { offer_ids: [framework.offers[0].id], filters: { refuse_seconds: 0 } },
    });
    driven.advance(SECOND_US);
    expect(framework.offers).toHaveLength(2);
  });

  it("leaves other frameworks' offers alone", () => {
    const driven = DrivenMaster.leading();
    driven.agent();
    const framework = driven.subscribe();
    driven.settle();
    const other = driven.subscribe();
    other.call({ type: 'DECLINE', decline: { offer_ids: [framework.offers[0].id] } });
    expect(driven.master.state.offers.size).toBe(1);
  });
});
