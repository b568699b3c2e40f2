/** Frameworks need not say for which role resources of an offer are: what lacks allocation_info gets the offer's. */
import type { Resource } from '../protocol/v1/mesos.ts';

/** The same list where nothing lacks. */
export function allocateToRole(
  resources: readonly Resource[] | undefined,
  role: string,
): readonly Resource[] {
  if (resources === undefined) return [];
  if (resources.every(isAllocated)) return resources;
  const allocation_info = { role };
  return resources.map((resource) => (isAllocated(resource) ? resource : { ...resource, allocation_info }));
}

function isAllocated({ allocation_info }: Resource): boolean {
  return allocation_info?.role !== undefined;
}
