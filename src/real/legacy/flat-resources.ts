/** Resources and attributes as the endpoints from before v1 write them (reference §9): numbers and texts by name. */
import { MILLI } from '../../cluster/resources.ts';
import type { Attribute, Resource, ValueRanges, ValueScalar } from '../../protocol/v1/mesos.ts';
import type { Resources } from '../../resources/resources.ts';

export type FlatResources = Readonly<Record<string, number | string>>;

/** The four that are always there; sums of all that has the same name, revocable ones by themselves. */
export function flatResources(resources: Resources): FlatResources {
  const flat: Record<string, number | string> = { disk: 0, mem: 0, gpus: 0, cpus: 0 };
  const addScalars = (part: Resources, suffix: string) => {
    for (const [name, milli] of part.scalars().quantities()) flat[name + suffix] = milli / MILLI;
  };
  addScalars(resources.nonRevocable(), '');
  addScalars(resources.revocable(), '_revocable');
  const others = new Map<string, Resource[]>();
  for (const resource of resources.toWire()) {
    if (resource.type === 'SCALAR') continue;
    const name = resource.revocable === undefined ? resource.name : `${resource.name}_revocable`;
    others.set(name, [...(others.get(name) ?? []), resource]);
  }
  for (const [name, all] of others) flat[name] = text(all);
  return flat;
}

/** Of `limits` of a task: some may be infinite. */
export function flatLimits(limits: Readonly<Record<string, ValueScalar>> = {}): FlatResources {
  return Object.fromEntries(
    Object.entries(limits).map(([name, { value }]) => [name, Number.isFinite(value) ? value : 'Infinity']),
  );
}

/** What is reserved, by role. */
export function flatReserved(resources: Resources): Readonly<Record<string, FlatResources>> {
  return byRole(resources, flatResources);
}

export function fullReserved(resources: Resources): Readonly<Record<string, readonly Resource[]>> {
  return byRole(resources, fullResources);
}

/** In both formats of reservations at once. */
export function fullResources(resources: Resources): readonly Resource[] {
  const refined = resources.toWire();
  const old = resources.toWire({ isRefined: false, hasAllocation: true });
  return refined.map((resource, index) => {
    const { role, reservation } = old[index];
    return { ...resource, role, ...(reservation !== undefined && { reservation }) };
  });
}

export function flatAttributes(attributes: readonly Attribute[] = []): FlatResources {
  return Object.fromEntries(
    attributes.map(({ name, scalar, ranges, set, text: words }) => [
      name,
      scalar?.value ?? words?.value ?? (ranges ? rangesText(ranges) : `{${(set?.item ?? []).join(', ')}}`),
    ]),
  );
}

function byRole<T>(resources: Resources, form: (part: Resources) => T): Readonly<Record<string, T>> {
  const roles = new Set(resources.kinds.flatMap(({ role }) => role ?? []));
  return Object.fromEntries([...roles].sort().map((role) => [role, form(resources.reservedTo(role))]));
}

function text(all: readonly Resource[]): string {
  if (all[0].type === 'SET') return `{${all.flatMap(({ set }) => set?.item ?? []).join(', ')}}`;
  return rangesText({ range: all.flatMap(({ ranges }) => ranges?.range ?? []) });
}

function rangesText({ range = [] }: ValueRanges): string {
  const sorted = [...range].sort((a, b) => a.begin - b.begin);
  return `[${sorted.map(({ begin, end }) => `${begin}-${end}`).join(', ')}]`;
}
