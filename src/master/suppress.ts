/** SUPPRESS and REVIVE (reference §2.2): a framework wants no offers, or wants them again, in some of its roles or all. */
import type { MasterContext } from './context.ts';
import type { FrameworkRecord } from './state.ts';

/** Outstanding offers stay. Calls that name a role the framework does not have are dropped. */
export function suppress(master: MasterContext, framework: FrameworkRecord, roles: readonly string[]): void {
  if (!areAllOf(framework, roles)) return;
  const suppressed = roles.length === 0 ? framework.roles : roles;
  framework.suppressedRoles = new Set([...framework.suppressedRoles, ...suppressed]);
  master.allocator.suppress(framework.id, roles);
}

/** Filters of these roles are gone, too. */
export function revive(master: MasterContext, framework: FrameworkRecord, roles: readonly string[]): void {
  if (!areAllOf(framework, roles)) return;
  const revived = new Set(roles.length === 0 ? framework.roles : roles);
  framework.suppressedRoles = new Set([...framework.suppressedRoles].filter((role) => !revived.has(role)));
  master.allocator.revive(framework.id, roles);
}

function areAllOf(framework: FrameworkRecord, roles: readonly string[]): boolean {
  return roles.every((role) => framework.roles.includes(role));
}
