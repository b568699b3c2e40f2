/** Whether quota configurations can be such, whatever the cluster has (reference §14.3). */
import { isHierarchical, roleProblem } from './role-names.ts';
import type { QuotaConfig } from './v1/quota.ts';

/** Natural units, as Mesos bounds them: 10^12 of anything, an exabyte of mem and disk in MB. */
const MAX_AMOUNT = 1e12;

/** @returns `null`: nothing is wrong with the configurations as such */
export function quotaProblem(configs: readonly QuotaConfig[]): string | null {
  const seen = new Set<string>();
  for (const { role, guarantees = {}, limits = {} } of configs) {
    const problem = roleProblem(role);
    if (problem !== null) return `Invalid quota role: ${problem}`;
    if (role === '*') return "Quota cannot be set for the role '*'";
    if (isHierarchical(role)) return `Quota for nested role '${role}' is not supported`;
    if (seen.has(role)) return `Quota of role '${role}' is given twice`;
    seen.add(role);
    for (const [name, { value }] of [...Object.entries(guarantees), ...Object.entries(limits)])
      if (!Number.isFinite(value) || value < 0 || value > MAX_AMOUNT)
        return `Quota of role '${role}': ${name} ${value} is not an amount from 0 to ${MAX_AMOUNT}`;
    for (const [name, { value }] of Object.entries(guarantees))
      if (limits[name] !== undefined && value > limits[name].value)
        return `Quota of role '${role}': the guarantee of ${name}, ${value}, is above its limit, ${limits[name].value}`;
  }
  return null;
}
