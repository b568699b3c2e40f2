/**
 * Everything about a resource but how much of it there is (reference §13): resources of one kind add up. Kinds are
 * interned, so that equal kinds are the same object.
 */
import { compareText } from '../cluster/resources.ts';
import type {
  Labels,
  Resource,
  ResourceDiskInfo,
  ResourceReservationInfo,
  ValueType,
} from '../protocol/v1/mesos.ts';
import { ResourceError } from './resource-error.ts';

export interface Reservation {
  readonly type: 'STATIC' | 'DYNAMIC';
  readonly role: string;
  readonly principal: string | null;
  readonly labels: Labels | null;
}

export interface ResourceKind {
  /** Equal exactly for equal kinds; kinds are sorted by it. */
  readonly key: string;
  readonly name: string;
  readonly type: ValueType;
  /** To which role it is offered or allocated; `null`: it is not. */
  readonly allocationRole: string | null;
  /** From the first to the one that counts. Empty: unreserved. */
  readonly reservations: readonly Reservation[];
  /** Role of the last reservation; `null`: unreserved. */
  readonly role: string | null;
  readonly disk: ResourceDiskInfo | null;
  readonly isRevocable: boolean;
  readonly isShared: boolean;
  readonly providerId: string | null;
  /** Thousandths of a resource that is had whole or not at all; `null`: it can be divided. */
  readonly exactMilli: number | null;
}

type Draft = Omit<ResourceKind, 'key' | 'role'>;

const kinds = new Map<string, ResourceKind>();
const allocatedKinds = new Map<ResourceKind, Map<string | null, ResourceKind>>();

/** Kinds without disks, labels and the like, which are nearly all, found part by part: texts are put together only once. */
interface Place {
  readonly next: Map<string | undefined, Place>;
  kind: ResourceKind | null;
}

const places: Place = { next: new Map(), kind: null };
const revocablePlaces: Place = { next: new Map(), kind: null };

/** @param milli of a scalar; @throws ResourceError where the resource contradicts itself */
export function kindOf(resource: Resource, milli: number): ResourceKind {
  const place = placeOf(resource);
  if (place === null) return intern(draftOf(resource, milli));
  place.kind ??= intern(draftOf(resource, milli));
  return place.kind;
}

/** `null`: the kind is found by its text. */
function placeOf(resource: Resource): Place | null {
  const { name, type, role, reservation, reservations } = resource;
  if (resource.disk || resource.shared || resource.provider_id) return null;
  let place = step(resource.revocable ? revocablePlaces : places, type);
  place = step(step(place, name), resource.allocation_info?.role);
  if (reservations !== undefined && reservations.length > 0) {
    if (role !== undefined || reservation !== undefined) return null;
    for (const one of reservations) {
      if (one.labels !== undefined) return null;
      place = step(step(step(place, one.type), one.role), one.principal);
    }
    return place;
  }
  if (reservation !== undefined)
    return reservation.labels === undefined
      ? step(step(step(place, 'DYNAMIC'), role), reservation.principal)
      : null;
  return role === undefined || role === '*' ? place : step(step(step(place, 'STATIC'), role), undefined);
}

function step({ next }: Place, part: string | undefined): Place {
  let place = next.get(part);
  if (place === undefined) {
    place = { next: new Map(), kind: null };
    next.set(part, place);
  }
  return place;
}

/** The same kind, offered or allocated to a role, or (`null`) to none. Asked for with every offer, so remembered. */
export function allocatedKind(kind: ResourceKind, role: string | null): ResourceKind {
  if (kind.allocationRole === role) return kind;
  let byRole = allocatedKinds.get(kind);
  if (byRole === undefined) {
    byRole = new Map();
    allocatedKinds.set(kind, byRole);
  }
  let allocated = byRole.get(role);
  if (allocated === undefined) {
    allocated = changedKind(kind, { allocationRole: role });
    byRole.set(role, allocated);
  }
  return allocated;
}

/** The kind with some of its properties replaced. */
export function changedKind(kind: ResourceKind, change: Partial<Draft>): ResourceKind {
  return intern({ ...kind, ...change });
}

/** Whether a disk of this description can only be had whole. */
export function isExactDisk(disk: ResourceDiskInfo | null): boolean {
  if (disk === null) return false;
  const source = disk.source;
  const isWholeSource =
    source?.type === 'MOUNT' ||
    source?.type === 'BLOCK' ||
    (source?.type === 'RAW' && source.id !== undefined);
  return isWholeSource || disk.persistence !== undefined;
}

function draftOf(resource: Resource, milli: number): Draft {
  const disk = resource.disk ?? null;
  const isShared = Boolean(resource.shared);
  return {
    name: resource.name,
    type: resource.type,
    allocationRole: resource.allocation_info?.role ?? null,
    reservations: reservationsOf(resource),
    disk,
    isRevocable: Boolean(resource.revocable),
    isShared,
    providerId: resource.provider_id?.value ?? null,
    exactMilli: resource.type === 'SCALAR' && (isShared || isExactDisk(disk)) ? milli : null,
  };
}

function intern(draft: Draft): ResourceKind {
  const { name, type, allocationRole, reservations, disk, isRevocable, isShared, providerId, exactMilli } =
    draft;
  const key = stableText([
    name,
    type,
    providerId,
    reservations,
    disk,
    isRevocable,
    isShared,
    exactMilli,
    allocationRole,
  ]);
  let kind = kinds.get(key);
  if (kind === undefined) {
    const role = reservations.at(-1)?.role ?? null;
    kind = {
      key,
      name,
      type,
      allocationRole,
      reservations,
      role,
      disk,
      isRevocable,
      isShared,
      providerId,
      exactMilli,
    };
    kinds.set(key, kind);
  }
  return kind;
}

/** The stack of reservations, from either format (reference §13, reservation formats). */
function reservationsOf({ name, role, reservation, reservations }: Resource): readonly Reservation[] {
  if (reservations !== undefined && reservations.length > 0) {
    const stack = reservations.map((one) => reservationOf(name, one));
    const top = stack[stack.length - 1];
    if (role !== undefined || reservation !== undefined) {
      if (stack.length > 1)
        throw new ResourceError(name, 'it has a stack of reservations; leave role and reservation out');
      if (role !== top.role || (reservation !== undefined) !== (top.type === 'DYNAMIC'))
        throw new ResourceError(name, 'its role and reservation contradict its reservations; leave them out');
    }
    for (let i = 1; i < stack.length; i++) {
      if (stack[i].type !== 'DYNAMIC')
        throw new ResourceError(name, 'only the first reservation may be STATIC');
      if (!stack[i].role.startsWith(`${stack[i - 1].role}/`))
        throw new ResourceError(
          name,
          `reservation for ${stack[i].role} on top of ${stack[i - 1].role}: expected a role below it`,
        );
    }
    return stack;
  }
  if (role === undefined || role === '*') {
    if (reservation !== undefined)
      throw new ResourceError(name, 'a dynamic reservation needs a role other than "*"');
    return [];
  }
  return [
    {
      type: reservation === undefined ? 'STATIC' : 'DYNAMIC',
      role,
      principal: reservation?.principal ?? null,
      labels: sortedLabels(reservation?.labels),
    },
  ];
}

function reservationOf(name: string, info: ResourceReservationInfo): Reservation {
  const { type, role, principal, labels } = info;
  if (type !== 'STATIC' && type !== 'DYNAMIC')
    throw new ResourceError(name, 'a reservation needs a type, STATIC or DYNAMIC');
  if (role === undefined || role === '*')
    throw new ResourceError(name, 'a reservation needs a role other than "*"');
  return { type, role, principal: principal ?? null, labels: sortedLabels(labels) };
}

/** Labels say the same in any order. */
function sortedLabels(labels: Labels | undefined): Labels | null {
  if (labels === undefined) return null;
  const sorted = [...(labels.labels ?? [])].sort(
    (a, b) => compareText(a.key, b.key) || compareText(a.value ?? '', b.value ?? ''),
  );
  return { labels: sorted };
}

/** JSON with sorted keys and without what is undefined, so that equal values have equal texts. */
function stableText(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
