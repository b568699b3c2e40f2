/** UPDATE_FRAMEWORK, and what a SUBSCRIBE changes of a known framework (reference §2.4). */
import { frameworkInfoProblem } from '../protocol/framework-info.ts';
import type { FrameworkInfo } from '../protocol/v1/mesos.ts';
import type { SchedulerCallSubscribe, SchedulerCallUpdateFramework } from '../protocol/v1/scheduler.ts';
import type { MasterContext } from './context.ts';
import { agentsOf, describe, termsOf } from './frameworks.ts';
import { rescindOffer } from './offers.ts';
import { tellFrameworkUpdated } from './operator-events.ts';
import { answer, sendAgent } from './send.ts';
import type { FrameworkRecord } from './state.ts';

/** All of it or nothing. */
export function updateFramework(
  master: MasterContext,
  exchange: string,
  framework: FrameworkRecord,
  call: SchedulerCallUpdateFramework,
): void {
  const given = call.framework_info;
  const info: FrameworkInfo =
    given.principal === undefined && framework.info.principal !== undefined
      ? { ...given, principal: framework.info.principal }
      : given;
  const problem =
    frameworkInfoProblem(info, call.suppressed_roles ?? [], call.offer_constraints, master.flags) ??
    frameworkChangeProblem(framework, info) ??
    immutableChangeProblem(framework, info);
  if (problem !== null) {
    answer(master, exchange, 400, problem);
    return;
  }
  changeFramework(master, framework, info, call);
  answer(master, exchange, 200);
}

/** What not even a new subscription may change. */
export function frameworkChangeProblem(framework: FrameworkRecord, info: FrameworkInfo): string | null {
  return info.principal === framework.info.principal
    ? null
    : `Changing framework's principal is not allowed: it is '${framework.info.principal ?? ''}'`;
}

function immutableChangeProblem({ info: old }: FrameworkRecord, info: FrameworkInfo): string | null {
  if (info.user !== old.user) return `Updating 'FrameworkInfo.user' is unsupported; it is '${old.user}'`;
  if ((info.checkpoint ?? false) !== (old.checkpoint ?? false))
    return `Updating 'FrameworkInfo.checkpoint' is unsupported; it is ${old.checkpoint ?? false}`;
  return null;
}

/** Replaces description, suppressed roles and constraints; offers to roles that it no longer has are rescinded. */
export function changeFramework(
  master: MasterContext,
  framework: FrameworkRecord,
  info: FrameworkInfo,
  {
    suppressed_roles,
    offer_constraints,
  }: Pick<SchedulerCallSubscribe, 'suppressed_roles' | 'offer_constraints'>,
): void {
  describe(framework, info);
  framework.suppressedRoles = new Set(suppressed_roles);
  framework.offerConstraints = offer_constraints ?? null;
  for (const offer of framework.offers)
    if (!framework.roles.includes(offer.role)) rescindOffer(master, offer);
  master.allocator.updateFramework(framework.id, termsOf(framework), framework.suppressedRoles);
  for (const agent of agentsOf(master, framework))
    sendAgent(master, agent, { type: 'UPDATE_FRAMEWORK', framework: info });
  tellFrameworkUpdated(master, framework);
}
