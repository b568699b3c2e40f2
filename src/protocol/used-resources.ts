/** What resources one task or executor may use together (reference §4.3). */
import type { Resources } from '../resources/resources.ts';

/** @param resources allocated to roles; @returns `null`: nothing is wrong */
export function usedResourcesProblem(resources: Resources): string | null {
  const { kinds } = resources;
  if (kinds.length === 0) return null;
  const [{ allocationRole, providerId }] = kinds;
  const revocable = new Set<string>();
  const volumes = new Set<string>();
  for (const kind of kinds) {
    if (kind.allocationRole === null) return `Resources ${resources} are not all allocated to a role`;
    if (kind.allocationRole !== allocationRole)
      return `Resources ${resources} are allocated to more than one role`;
    if (kind.providerId !== providerId)
      return `Resources ${resources} are of more than one resource provider`;
    if (kind.isRevocable) revocable.add(kind.name);
    const id = kind.disk?.persistence?.id;
    if (id === undefined) continue;
    const volume = `${kind.role} ${id}`;
    if (volumes.has(volume)) return `Persistent volume '${id}' is used twice`;
    volumes.add(volume);
  }
  if (revocable.size > 0)
    for (const kind of kinds)
      if (!kind.isRevocable && revocable.has(kind.name))
        return `Cannot use both revocable and non-revocable '${kind.name}' at the same time`;
  return null;
}
