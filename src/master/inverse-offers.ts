/** Inverse offers (reference §2.9): frameworks are asked to leave agents before their maintenance; answers only inform. */
import type { AllocatorRun } from '../allocator/hierarchical/hierarchical-allocator.ts';
import { refuseUs } from '../protocol/filters.ts';
import { cancelTimer } from '../protocol/timers.ts';
import type { Filters, InverseOffer, OfferID } from '../protocol/v1/mesos.ts';
import type { MasterContext } from './context.ts';
import { newOfferId } from './ids.ts';
import { sendEvent } from './send.ts';
import type { FrameworkRecord, InverseOfferRecord } from './state.ts';

export function sendInverseOffers(master: MasterContext, requests: AllocatorRun['inverseOffers']): void {
  const { state, flags } = master;
  const offersOf = new Map<FrameworkRecord, InverseOffer[]>();
  for (const { frameworkId, agentId, unavailability } of requests) {
    const framework = state.frameworks.get(frameworkId);
    const agent = state.agents.get(agentId);
    if (
      framework === undefined ||
      agent === undefined ||
      framework.connection !== 'active' ||
      agent.link === null
    ) {
      master.allocator.answerInverseOffer(frameworkId, agentId, null, null, master.nowUs);
      continue;
    }
    const id = newOfferId(master);
    const inverseOffer: InverseOfferRecord = {
      id,
      framework,
      agent,
      wire: {
        id: { value: id },
        url: agent.url,
        framework_id: framework.wireId,
        agent_id: agent.wireId,
        unavailability,
      },
      timer:
        flags.offerTimeoutUs === null
          ? null
          : master.timers.set(master.nowUs + flags.offerTimeoutUs, () =>
              rescindInverseOffer(master, inverseOffer),
            ),
    };
    state.inverseOffers.set(id, inverseOffer);
    framework.inverseOffers.add(inverseOffer);
    agent.inverseOffers.add(inverseOffer);
    const offers = offersOf.get(framework);
    if (offers === undefined) offersOf.set(framework, [inverseOffer.wire]);
    else offers.push(inverseOffer.wire);
  }
  for (const [framework, inverse_offers] of offersOf)
    sendEvent(master, framework, { type: 'INVERSE_OFFERS', inverse_offers: { inverse_offers } });
}

/** Ids that are not outstanding offers to this framework are passed over. */
export function answerInverseOffers(
  master: MasterContext,
  framework: FrameworkRecord,
  ids: readonly OfferID[],
  status: 'ACCEPT' | 'DECLINE',
  filters: Filters | undefined,
): void {
  for (const { value } of ids) {
    const inverseOffer = master.state.inverseOffers.get(value);
    if (inverseOffer === undefined || inverseOffer.framework !== framework) continue;
    const { agent } = inverseOffer;
    takeOut(master, inverseOffer);
    agent.inverseOfferStatuses.set(framework.id, {
      status,
      framework_id: framework.wireId,
      timestamp: { nanoseconds: master.nowUs * 1000 },
    });
    master.allocator.answerInverseOffer(framework.id, agent.id, status, refuseUs(filters), master.nowUs);
  }
}

/** Forgotten without a word to the framework. */
export function discardInverseOffer(master: MasterContext, inverseOffer: InverseOfferRecord): void {
  takeOut(master, inverseOffer);
  master.allocator.answerInverseOffer(
    inverseOffer.framework.id,
    inverseOffer.agent.id,
    null,
    null,
    master.nowUs,
  );
}

export function rescindInverseOffer(master: MasterContext, inverseOffer: InverseOfferRecord): void {
  discardInverseOffer(master, inverseOffer);
  sendEvent(master, inverseOffer.framework, {
    type: 'RESCIND_INVERSE_OFFER',
    rescind_inverse_offer: { inverse_offer_id: inverseOffer.wire.id },
  });
}

function takeOut(master: MasterContext, inverseOffer: InverseOfferRecord): void {
  cancelTimer(inverseOffer.timer);
  master.state.inverseOffers.delete(inverseOffer.id);
  inverseOffer.framework.inverseOffers.delete(inverseOffer);
  inverseOffer.agent.inverseOffers.delete(inverseOffer);
}
