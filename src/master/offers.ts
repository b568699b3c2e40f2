/** Offers (reference §2.5, 3.1): made of the allocator's runs, outstanding until answered, rescinded or timed out. */
import type { AllocatorRun } from '../allocator/hierarchical/hierarchical-allocator.ts';
import { cancelTimer } from '../protocol/timers.ts';
import type { Offer } from '../protocol/v1/mesos.ts';
import type { MasterContext } from './context.ts';
import { newOfferId } from './ids.ts';
import { sendInverseOffers } from './inverse-offers.ts';
import { sendEvent } from './send.ts';
import type { AgentRecord, FrameworkRecord, OfferRecord } from './state.ts';

/** Sends each framework one event with all that a run allocated to it. */
export function sendOffers(master: MasterContext, run: AllocatorRun): void {
  const { state, allocator } = master;
  const offersOf = new Map<FrameworkRecord, Offer[]>();
  for (const { frameworkId, role, agentId, resources } of run.offers) {
    const framework = state.frameworks.get(frameworkId);
    const agent = state.agents.get(agentId);
    if (
      framework === undefined ||
      agent === undefined ||
      framework.connection !== 'active' ||
      agent.link === null
    ) {
      allocator.recover(frameworkId, agentId, resources, null, master.nowUs, false);
      continue;
    }
    const { wire } = addOffer(master, framework, agent, role, resources);
    const offers = offersOf.get(framework);
    if (offers === undefined) offersOf.set(framework, [wire]);
    else offers.push(wire);
  }
  for (const [framework, offers] of offersOf) {
    framework.offerCounts.add('sent', offers.length);
    sendEvent(master, framework, { type: 'OFFERS', offers: { offers } });
  }
  sendInverseOffers(master, run.inverseOffers);
}

function addOffer(
  master: MasterContext,
  framework: FrameworkRecord,
  agent: AgentRecord,
  role: string,
  resources: OfferRecord['resources'],
): OfferRecord {
  const { state, flags } = master;
  const id = newOfferId(master);
  const offer: OfferRecord = {
    id,
    framework,
    agent,
    role,
    resources,
    wire: offerMessage(id, framework, agent, role, resources),
    timer:
      flags.offerTimeoutUs === null
        ? null
        : master.timers.set(master.nowUs + flags.offerTimeoutUs, () => rescindOffer(master, offer)),
  };
  state.offers.set(id, offer);
  framework.offers.add(offer);
  agent.offers.add(offer);
  return offer;
}

function offerMessage(
  id: string,
  framework: FrameworkRecord,
  agent: AgentRecord,
  role: string,
  resources: OfferRecord['resources'],
): Offer {
  const hasAllocation = framework.capabilities.has('MULTI_ROLE');
  const wire = resources.toWire({
    isRefined: framework.capabilities.has('RESERVATION_REFINEMENT'),
    hasAllocation,
  });
  const executors = agent.executors.get(framework);
  return {
    id: { value: id },
    framework_id: framework.wireId,
    agent_id: agent.wireId,
    hostname: agent.info.hostname,
    url: agent.url,
    domain: agent.info.domain,
    resources: wire.some((resource) => resource.name === 'ephemeral_ports')
      ? wire.filter((resource) => resource.name !== 'ephemeral_ports')
      : wire,
    attributes: agent.info.attributes,
    executor_ids: executors === undefined ? undefined : Array.from(executors.keys(), (value) => ({ value })),
    unavailability: agent.unavailability ?? undefined,
    allocation_info: hasAllocation ? { role } : undefined,
  };
}

/** Takes an offer out of the books; what becomes of its resources is the caller's. */
export function removeOffer(master: MasterContext, offer: OfferRecord): void {
  cancelTimer(offer.timer);
  master.state.offers.delete(offer.id);
  offer.framework.offers.delete(offer);
  offer.agent.offers.delete(offer);
}

/** Its resources go back to the allocator. @param refuseUs of the framework's filter on them, `null`: none */
export function returnOffer(master: MasterContext, offer: OfferRecord, refuseUs: number | null): void {
  removeOffer(master, offer);
  master.allocator.recover(
    offer.framework.id,
    offer.agent.id,
    offer.resources,
    refuseUs,
    master.nowUs,
    false,
  );
}

/** Takes an unanswered offer back; the framework is told. */
export function rescindOffer(
  master: MasterContext,
  offer: OfferRecord,
  refuseUs: number | null = null,
): void {
  returnOffer(master, offer, refuseUs);
  offer.framework.offerCounts.add('rescinded');
  sendEvent(master, offer.framework, { type: 'RESCIND', rescind: { offer_id: offer.wire.id } });
}
