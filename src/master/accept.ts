/** ACCEPT and DECLINE (reference §3.2): the operations use up the offers' resources in order; what is left goes back. */
import { refuseUs } from '../protocol/filters.ts';
import type { OfferID, OfferOperation } from '../protocol/v1/mesos.ts';
import type { SchedulerCallAccept, SchedulerCallDecline } from '../protocol/v1/scheduler.ts';
import { Resources } from '../resources/resources.ts';
import type { Acceptance } from './acceptance.ts';
import type { MasterContext } from './context.ts';
import { convert } from './convert.ts';
import { launch, launchGroup, refuseTasks } from './launch.ts';
import { removeOffer, returnOffer } from './offers.ts';
import { dropOperation } from './operations.ts';
import type { FrameworkRecord, OfferRecord } from './state.ts';

/** Ids that are not outstanding offers to this framework are passed over. */
export function decline(
  master: MasterContext,
  framework: FrameworkRecord,
  { offer_ids, filters }: SchedulerCallDecline,
): void {
  const offers = outstanding(master, framework, offer_ids ?? []);
  framework.offerCounts.add('declined', offers.length);
  for (const offer of offers) returnOffer(master, offer, refuseUs(filters));
}

export function accept(
  master: MasterContext,
  framework: FrameworkRecord,
  { offer_ids = [], operations = [], filters }: SchedulerCallAccept,
): void {
  const isLaunch = operations.some(({ type }) => type === 'LAUNCH' || type === 'LAUNCH_GROUP');
  if (isLaunch) master.counters.add('messages_launch_tasks');
  else if (operations.length === 0) master.counters.add('messages_decline_offers');
  const offers = outstanding(master, framework, offer_ids);
  const problem = offersProblem(offers, offer_ids);
  if (problem !== null) {
    for (const offer of offers) returnOffer(master, offer, null);
    for (const operation of operations) refuse(master, framework, operation, problem);
    return;
  }
  framework.offerCounts.add(operations.length > 0 ? 'accepted' : 'declined', offers.length);
  const [{ agent, role }] = offers;
  let offered = Resources.empty;
  for (const offer of offers) {
    removeOffer(master, offer);
    offered = offered.plus(offer.resources);
  }
  const acceptance: Acceptance = {
    framework,
    agent,
    role,
    remaining: offered,
    launched: Resources.empty,
    resized: Resources.empty,
    isConverted: false,
  };
  for (const operation of operations) apply(master, acceptance, operation);
  settle(master, acceptance, offered, refuseUs(filters));
}

function apply(master: MasterContext, acceptance: Acceptance, operation: OfferOperation): void {
  acceptance.framework.operationCounts.add(operation.type ?? 'UNKNOWN');
  switch (operation.type) {
    case 'LAUNCH':
      launch(master, acceptance, operation);
      break;
    case 'LAUNCH_GROUP':
      launchGroup(master, acceptance, operation);
      break;
    case undefined:
    case 'UNKNOWN':
      return;
    default:
      convert(master, acceptance, operation);
  }
}

/** What is left goes back: with the filter, unless operations made it what it is. */
function settle(
  master: MasterContext,
  { framework, agent, remaining, launched, resized, isConverted }: Acceptance,
  offered: Resources,
  filterUs: number | null,
): void {
  const { allocator, nowUs } = master;
  if (!launched.isEmpty) allocator.allocate(framework.id, agent.id, launched);
  const converted = isConverted ? excess(remaining, offered) : Resources.empty;
  const untouched = isConverted ? remaining.minus(converted) : remaining;
  const changed = converted.plus(resized);
  if (!changed.isEmpty) allocator.recover(framework.id, agent.id, changed, null, nowUs, false);
  if (!untouched.isEmpty) allocator.recover(framework.id, agent.id, untouched, filterUs, nowUs, false);
}

/** What of the remaining resources was not offered: of each kind, what goes beyond the offered amount. */
function excess(remaining: Resources, offered: Resources): Resources {
  let sum = Resources.empty;
  for (const kind of remaining.kinds) {
    const now = remaining.filter((one) => one === kind);
    const before = offered.filter((one) => one === kind);
    if (before.contains(now)) continue;
    sum = sum.plus(now.contains(before) ? now.minus(before) : now);
  }
  return sum;
}

function outstanding(
  { state }: MasterContext,
  framework: FrameworkRecord,
  ids: readonly OfferID[],
): OfferRecord[] {
  const offers = new Set<OfferRecord>();
  for (const { value } of ids) {
    const offer = state.offers.get(value);
    if (offer !== undefined && offer.framework === framework) offers.add(offer);
  }
  return [...offers];
}

function offersProblem(offers: readonly OfferRecord[], ids: readonly OfferID[]): string | null {
  if (ids.length === 0) return 'No offers specified';
  if (offers.length < ids.length) {
    const valid = new Set(offers.map(({ id }) => id));
    const invalid = ids.find(({ value }) => !valid.has(value));
    return invalid === undefined
      ? 'Duplicate offers in offer list'
      : `Offer ${invalid.value} is no longer valid`;
  }
  const [{ agent, role }] = offers;
  if (offers.some((offer) => offer.agent !== agent))
    return 'Aggregated offers must belong to one single agent';
  if (offers.some((offer) => offer.role !== role))
    return 'Aggregated offers must be allocated to the same role';
  return null;
}

function refuse(
  master: MasterContext,
  framework: FrameworkRecord,
  operation: OfferOperation,
  problem: string,
): void {
  const message = `Offers are invalid: ${problem}`;
  if (operation.type === 'LAUNCH' || operation.type === 'LAUNCH_GROUP')
    refuseTasks(master, framework, operation, 'TASK_DROPPED', 'REASON_INVALID_OFFERS', message);
  else dropOperation(master, framework, operation, message);
}
