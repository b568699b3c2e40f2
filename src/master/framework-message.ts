/** A framework as operators see it. */
import type { OperatorResponseGetFrameworksFramework } from '../protocol/v1/master.ts';
import type { TimeInfo } from '../protocol/v1/mesos.ts';
import { Resources } from '../resources/resources.ts';
import type { FrameworkRecord } from './state.ts';
import { holdsResources } from './usage.ts';

export function frameworkMessage(framework: FrameworkRecord): OperatorResponseGetFrameworksFramework {
  let allocated = Resources.empty;
  for (const task of framework.tasks.values())
    if (holdsResources(task.state)) allocated = allocated.plus(task.resources);
  for (const executors of framework.executors.values())
    for (const executor of executors.values()) allocated = allocated.plus(executor.resources);
  let offered = Resources.empty;
  for (const offer of framework.offers) offered = offered.plus(offer.resources);
  const form = { isRefined: true, hasAllocation: true };
  return {
    framework_info: framework.info,
    active: framework.connection === 'active',
    connected: framework.connection === 'active',
    recovered: framework.connection === 'recovered',
    registered_time: timeMessage(framework.registeredUs),
    reregistered_time: timeMessage(framework.reregisteredUs),
    unregistered_time: timeMessage(framework.unregisteredUs),
    offers: Array.from(framework.offers, ({ wire }) => wire),
    inverse_offers: Array.from(framework.inverseOffers, ({ wire }) => wire),
    allocated_resources: allocated.toWire(form),
    offered_resources: offered.toWire(form),
    offer_constraints: framework.offerConstraints ?? undefined,
  };
}

export function timeMessage(us: number | null): TimeInfo | undefined {
  return us === null ? undefined : { nanoseconds: us * 1000 };
}
