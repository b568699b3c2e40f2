/** Whether a framework's description can be taken (reference §2.3, 2.4). */
import { capabilitiesOf, rolesOf } from './capabilities.ts';
import { idProblem } from './ids.ts';
import { offerConstraintsProblem } from './offer-constraints.ts';
import { roleProblem } from './role-names.ts';
import type { FrameworkInfo, OfferFilters } from './v1/mesos.ts';
import type { OfferConstraints } from './v1/scheduler.ts';

/** Largest duration that 64-bit nanoseconds hold, s. */
const MAX_SECONDS = 9_223_372_036;

/** What a master allows. */
export interface FrameworkRules {
  /** Roles that frameworks may have; `null`: any. */
  readonly roles: readonly string[] | null;
  readonly rootSubmissions: boolean;
}

/** @returns `null`: nothing is wrong */
export function frameworkInfoProblem(
  info: FrameworkInfo,
  suppressedRoles: readonly string[],
  constraints: OfferConstraints | undefined,
  rules: FrameworkRules,
): string | null {
  const id = info.id?.value;
  const roles = rolesOf(info);
  const timeout = info.failover_timeout ?? 0;
  return (
    (id ? prefixed("'FrameworkInfo.id' is invalid: ", idProblem(id)) : null) ??
    rolesProblem(info, rules.roles) ??
    (info.user === 'root' && !rules.rootSubmissions
      ? 'User root is not allowed to run frameworks without --root_submissions set'
      : null) ??
    (!Number.isFinite(timeout) || timeout < 0 || timeout > MAX_SECONDS
      ? `The framework failover_timeout (${timeout}) is invalid`
      : null) ??
    missingRole('Suppressed roles', suppressedRoles, roles) ??
    missingRole('Offer constraints', Object.keys(constraints?.role_constraints ?? {}), roles) ??
    (constraints === undefined ? null : offerConstraintsProblem(constraints)) ??
    offerFiltersProblem(info.offer_filters ?? {}, roles)
  );
}

function rolesProblem(info: FrameworkInfo, allowed: readonly string[] | null): string | null {
  if (capabilitiesOf(info).has('MULTI_ROLE')) {
    if (info.role !== undefined)
      return "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable";
    if (new Set(info.roles).size !== (info.roles ?? []).length) return "'FrameworkInfo.roles' has duplicates";
  } else if ((info.roles ?? []).length > 0)
    return "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable";
  for (const role of rolesOf(info)) {
    const problem = roleProblem(role);
    if (problem !== null) return problem;
    if (allowed !== null && role !== '*' && !allowed.includes(role))
      return `Role '${role}' is not present in the master's --roles`;
  }
  return null;
}

function missingRole(what: string, named: readonly string[], roles: readonly string[]): string | null {
  const missing = named.find((role) => !roles.includes(role));
  return missing === undefined ? null : `${what} name role '${missing}', which the framework does not have`;
}

function offerFiltersProblem(
  filters: Readonly<Record<string, OfferFilters>>,
  roles: readonly string[],
): string | null {
  const missing = missingRole('Offer filters', Object.keys(filters), roles);
  if (missing !== null) return missing;
  for (const [role, { min_allocatable_resources: minimum }] of Object.entries(filters))
    for (const { quantities = {} } of minimum?.quantities ?? []) {
      const amounts = Object.values(quantities);
      if (amounts.length === 0) return `Offer filter of role '${role}' has an empty set of quantities`;
      if (amounts.some(({ value }) => !Number.isFinite(value) || value < 0))
        return `Offer filter of role '${role}' has an amount that is negative or not finite`;
    }
  return null;
}

function prefixed(prefix: string, problem: string | null): string | null {
  return problem === null ? null : prefix + problem;
}
