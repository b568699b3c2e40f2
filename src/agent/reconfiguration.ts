/** Whether an agent may start with other settings than those under which its master knows it (reference §5.4). */
import type { AgentInfo } from '../protocol/v1/mesos.ts';
import { Resources } from '../resources/resources.ts';

/** `equal`: nothing may change; `additive`: resources may grow, attributes and a domain may be added. */
export type ReconfigurationPolicy = 'equal' | 'additive';

/** @returns what has changed and must not; `null`: nothing */
export function reconfigurationProblem(
  before: AgentInfo,
  now: AgentInfo,
  policy: ReconfigurationPolicy,
): string | null {
  const isAdditive = policy === 'additive';
  if (now.hostname !== before.hostname) return `hostname was ${before.hostname} and is ${now.hostname}`;
  if (now.port !== before.port) return `port was ${before.port} and is ${now.port}`;
  const [had, has] = [Resources.of(before.resources), Resources.of(now.resources)];
  if (!(isAdditive ? has.contains(had) : has.equals(had))) return `resources were ${had} and are ${has}`;
  const attributes = (now.attributes ?? []).map(canonical);
  const lost = (before.attributes ?? []).find((one) => !attributes.includes(canonical(one)));
  if (lost !== undefined) return `attribute ${lost.name} is not what it was`;
  if (!isAdditive && attributes.length !== (before.attributes ?? []).length) return 'attributes were added';
  const isNewDomain = before.domain === undefined && isAdditive;
  if (!isNewDomain && canonical(before.domain) !== canonical(now.domain))
    return 'its domain is not what it was';
  return null;
}

/** Equal for equal values, whatever the order of their keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
