import { describe, expect, it } from 'vitest';
import { DrivenMaster, SECOND_US, task } from './driven-master.ts';

const HOUR_NS = 3600e9;

/** A framework with a task on the one agent, whose machine is to be maintained in an hour. */
function maintained() {
  const driven = DrivenMaster.leading();
  const agent = driven.agent('cpus:4;mem:4096', { hostname: 'node7' });
  const framework = driven.subscribe();
  driven.settle();
  const [offer] = framework.offers;
  framework.launch(offer, task('t', offer));
  const unavailability = { start: { nanoseconds: driven.nowUs * 1000 + HOUR_NS } };
  driven.operate({
    type: 'UPDATE_MAINTENANCE_SCHEDULE',
    update_maintenance_schedule: {
      schedule: { windows: [{ machine_ids: [{ hostname: 'node7' }], unavailability }] },
    },
  });
  driven.advance(SECOND_US);
  return { driven, agent, framework, unavailability };
}

describe('§2.9 inverse offers', () => {
  it('ask a framework with tasks on the agent to leave, once until it answers', () => {
    const { driven, agent, framework, unavailability } = maintained();
    const asked = () =>
      framework
        .received('INVERSE_OFFERS')
        .flatMap(({ inverse_offers }) => inverse_offers?.inverse_offers ?? []);
    expect(asked()).toMatchObject([
      {
        agent_id: { value: agent.id },
        framework_id: { value: framework.id },
        unavailability,
        url: { address: { hostname: 'node7' } },
      },
    ]);
    expect(asked()[0].resources).toBeUndefined();
    driven.advance(10 * SECOND_US);
    expect(asked()).toHaveLength(1);
    framework.call({
      type: 'DECLINE_INVERSE_OFFERS',
      decline_inverse_offers: {
        inverse_offer_ids: [asked()[0].id, { value: 'M-O99' }],
        filters: { refuse_seconds: 30 },
      },
    });
    expect([...driven.master.state.agents.get(agent.id)!.inverseOfferStatuses.values()]).toMatchObject([
      { status: 'DECLINE', framework_id: { value: framework.id } },
    ]);
    driven.advance(29 * SECOND_US);
    expect(asked()).toHaveLength(1);
    driven.advance(2 * SECOND_US);
    expect(asked()).toHaveLength(2);
    framework.call({
      type: 'ACCEPT_INVERSE_OFFERS',
      accept_inverse_offers: { inverse_offer_ids: [asked()[1].id] },
    });
    expect(driven.master.state.agents.get(agent.id)!.inverseOfferStatuses.get(framework.id)?.status).toBe(
      'ACCEPT',
    );
  });

  it('are taken back when the agent is lost', () => {
    const { agent, framework } = maintained();
    agent.breakLink();
    expect(framework.received('RESCIND_INVERSE_OFFER')).toHaveLength(1);
  });

  it('offers of the agent say when it is unavailable', () => {
    const { driven, framework, unavailability } = maintained();
    framework.call({ type: 'REVIVE' });
    driven.settle();
    expect(framework.offers.at(-1)?.unavailability).toEqual(unavailability);
  });
});
