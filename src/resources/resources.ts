/**
 * Resources as Mesos counts them (reference §13): amounts of kinds. Scalars are integer thousandths, so that sums are
 * exact. Immutable.
 */
import { compareText, MILLI } from '../cluster/resources.ts';
import type { Resource, ResourceReservationInfo } from '../protocol/v1/mesos.ts';
import { allocatedKind, changedKind, kindOf, type Reservation, type ResourceKind } from './kind.ts';
import { Quantities } from './quantities.ts';
import { Ranges } from './ranges.ts';
import { ResourceError } from './resource-error.ts';

/**
 * Thousandths of a scalar; the ranges; the items of a set. Of a kind that is had whole or not at all: how many copies
 * (more than one only of shared resources).
 */
type Amount = number | Ranges | ReadonlySet<string>;

interface Entry {
  readonly kind: ResourceKind;
  readonly amount: Amount;
}

/** Up to so many resources are put in order one by one. */
const FEW = 16;

/** Largest amount of one resource: sums of several are still exact. */
const MAX_AMOUNT = 1e12;

/** How resources are written for the API. */
export interface WireForm {
  /** A stack of reservations (RESERVATION_REFINEMENT), or else role and reservation where one suffices. */
  readonly isRefined: boolean;
  /** With the role that they are allocated to. */
  readonly hasAllocation: boolean;
}

const REFINED: WireForm = { isRefined: true, hasAllocation: true };

export class Resources {
  static readonly empty = new Resources([]);
  /** Sorted by kind; no amount is nothing. */
  private readonly entries: readonly Entry[];
  private cachedWire: (readonly Resource[] | undefined)[] | null = null;
  private cachedQuantities: Quantities | null = null;

  private constructor(entries: readonly Entry[]) {
    this.entries = entries;
  }

  /** @throws ResourceError */
  static of(wire: readonly Resource[] | undefined): Resources {
    if (wire === undefined || wire.length === 0) return Resources.empty;
    if (wire.length > FEW) return Resources.sum(wire.map(entryOf));
    const entries: Entry[] = [];
    for (const resource of wire) insert(entries, entryOf(resource));
    return entries.length === 0 ? Resources.empty : new Resources(entries);
  }

  /** Sorted, with amounts of one kind added up and those that are nothing left out. */
  private static sum(entries: readonly Entry[]): Resources {
    const sums = new Map<ResourceKind, Amount>();
    for (const { kind, amount } of entries) {
      if (isNothing(amount)) continue;
      const before = sums.get(kind);
      sums.set(kind, before === undefined ? amount : amountPlus(before, amount));
    }
    if (sums.size === 0) return Resources.empty;
    const sorted = Array.from(sums, ([kind, amount]) => ({ kind, amount }));
    if (sorted.length > 1) sorted.sort((a, b) => compareText(a.kind.key, b.kind.key));
    return new Resources(sorted);
  }

  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  get kinds(): readonly ResourceKind[] {
    return this.entries.map(({ kind }) => kind);
  }

  /** For the API; the array is shared and must not be changed. */
  toWire(form: WireForm = REFINED): readonly Resource[] {
    const index = (form.isRefined ? 1 : 0) + (form.hasAllocation ? 2 : 0);
    this.cachedWire ??= [];
    let wire = this.cachedWire[index];
    if (wire === undefined) {
      const all: Resource[] = [];
      for (const entry of this.entries) addWire(all, entry, form, index);
      wire = all;
      this.cachedWire[index] = wire;
    }
    return wire;
  }

  plus(other: Resources): Resources {
    if (other.isEmpty) return this;
    if (this.isEmpty) return other;
    const sum: Entry[] = [];
    let [i, j] = [0, 0];
    const [a, b] = [this.entries, other.entries];
    while (i < a.length && j < b.length) {
      if (a[i].kind === b[j].kind) {
        sum.push({ kind: a[i].kind, amount: amountPlus(a[i].amount, b[j].amount) });
        i++;
        j++;
      } else if (a[i].kind.key < b[j].kind.key) sum.push(a[i++]);
      else sum.push(b[j++]);
    }
    while (i < a.length) sum.push(a[i++]);
    while (j < b.length) sum.push(b[j++]);
    return new Resources(sum);
  }

  /** @throws Error where `other` is not contained: the caller has to know that it is */
  minus(other: Resources): Resources {
    if (other.isEmpty) return this;
    if (other === this) return Resources.empty;
    const rest: Entry[] = [];
    let j = 0;
    for (const entry of this.entries) {
      const taken = other.entries[j];
      if (taken?.kind !== entry.kind) {
        rest.push(entry);
        continue;
      }
      j++;
      if (!amountContains(entry.amount, taken.amount)) throw new Error(`${this} does not contain ${other}`);
      const amount = amountMinus(entry.amount, taken.amount);
      if (!isNothing(amount)) rest.push({ kind: entry.kind, amount });
    }
    if (j < other.entries.length) throw new Error(`${this} does not contain ${other}`);
    return rest.length === 0 ? Resources.empty : new Resources(rest);
  }

  contains(other: Resources): boolean {
    if (other === this) return true;
    let i = 0;
    for (const { kind, amount } of other.entries) {
      while (i < this.entries.length && this.entries[i].kind !== kind) i++;
      if (i === this.entries.length || !amountContains(this.entries[i].amount, amount)) return false;
    }
    return true;
  }

  equals(other: Resources): boolean {
    return this === other || (this.contains(other) && other.contains(this));
  }

  filter(predicate: (kind: ResourceKind) => boolean): Resources {
    const kept = this.entries.filter(({ kind }) => predicate(kind));
    if (kept.length === this.entries.length) return this;
    return kept.length === 0 ? Resources.empty : new Resources(kept);
  }

  /** Offered or allocated to the role. */
  allocatedTo(role: string): Resources {
    return this.reallocated(role);
  }

  unallocated(): Resources {
    return this.reallocated(null);
  }

  /** What is allocated to which role; of what is not allocated, nothing. */
  byAllocationRole(): Map<string, Resources> {
    const only = this.onlyAllocationRole();
    if (only !== undefined) return only === null ? new Map() : new Map([[only, this]]);
    const roles = new Set(this.entries.map(({ kind }) => kind.allocationRole));
    roles.delete(null);
    return new Map(
      [...roles].map((role) => [role!, this.filter(({ allocationRole }) => allocationRole === role)]),
    );
  }

  /** Unreserved, or reserved for the role or one above it. */
  allocatableTo(role: string): Resources {
    return this.filter(
      (kind) => kind.role === null || kind.role === role || role.startsWith(`${kind.role}/`),
    );
  }

  /** Reserved for the role, or (without one) at all. */
  reservedTo(role?: string): Resources {
    return this.filter((kind) => kind.role !== null && (role === undefined || kind.role === role));
  }

  unreserved(): Resources {
    return this.filter(({ role }) => role === null);
  }

  dynamicallyReserved(): Resources {
    return this.filter(({ reservations }) => reservations.at(-1)?.type === 'DYNAMIC');
  }

  revocable(): Resources {
    return this.filter(({ isRevocable }) => isRevocable);
  }

  nonRevocable(): Resources {
    return this.filter(({ isRevocable }) => !isRevocable);
  }

  shared(): Resources {
    return this.filter(({ isShared }) => isShared);
  }

  nonShared(): Resources {
    return this.filter(({ isShared }) => !isShared);
  }

  persistentVolumes(): Resources {
    return this.filter(({ disk }) => disk?.persistence !== undefined);
  }

  scalars(): Resources {
    return this.filter(({ type }) => type === 'SCALAR');
  }

  /** Nothing is reserved, revocable or shared: nearly all resources are so. */
  get isPlain(): boolean {
    for (const { kind } of this.entries)
      if (kind.role !== null || kind.isRevocable || kind.isShared) return false;
    return true;
  }

  get hasGpus(): boolean {
    return this.entries.some(({ kind }) => kind.name === 'gpus');
  }

  /** With one more reservation on top. */
  pushReservation(reservation: Reservation): Resources {
    return this.changed((kind) => changedKind(kind, { reservations: [...kind.reservations, reservation] }));
  }

  /** Without the reservation on top. @throws ResourceError where there is none */
  popReservation(): Resources {
    return this.changed((kind) => {
      if (kind.reservations.length === 0) throw new ResourceError(kind.name, 'it is not reserved');
      return changedKind(kind, { reservations: kind.reservations.slice(0, -1) });
    });
  }

  /** What an agent has to remember: dynamic reservations and volumes. */
  checkpointed(): Resources {
    return this.filter(
      ({ reservations, disk }) => reservations.at(-1)?.type === 'DYNAMIC' || disk?.persistence !== undefined,
    );
  }

  /** As they were configured: without dynamic reservations and volumes. */
  restored(): Resources {
    return Resources.of(
      this.toWire().map(({ reservations, disk, shared: _, ...plain }) => {
        const statics = reservations?.filter(({ type }) => type === 'STATIC') ?? [];
        return {
          ...plain,
          ...(statics.length > 0 && { reservations: statics }),
          ...(disk?.source && { disk: { source: disk.source } }),
        };
      }),
    );
  }

  /**
   * Volumes as `there` describes them: a task may mount a volume elsewhere, or read-only, and it is still the same volume.
   */
  asIn(there: Resources): Resources {
    if (this.persistentVolumes().isEmpty) return this;
    const known = new Map(there.persistentVolumes().kinds.map((kind) => [unmounted(kind), kind] as const));
    return this.changed((kind) => {
      const same = kind.disk?.persistence === undefined ? undefined : known.get(unmounted(kind));
      return same === undefined ? kind : allocatedKind(same, kind.allocationRole);
    });
  }

  /** Of each shared resource one copy. */
  withoutCopies(): Resources {
    if (this.entries.every(({ kind, amount }) => !kind.isShared || amount === 1)) return this;
    return new Resources(
      this.entries.map((entry) => (entry.kind.isShared ? { kind: entry.kind, amount: 1 } : entry)),
    );
  }

  /** As other kinds; amounts that come to be of one kind add up. */
  changed(change: (kind: ResourceKind) => ResourceKind): Resources {
    return Resources.sum(this.entries.map(({ kind, amount }) => ({ kind: change(kind), amount })));
  }

  /** What has one allocation keeps its order and its quantities under another: offers are made and taken back all the time. */
  private reallocated(role: string | null): Resources {
    const only = this.onlyAllocationRole();
    if (only === undefined) return this.changed((kind) => allocatedKind(kind, role));
    if (only === role || this.isEmpty) return this;
    const resources = new Resources(
      this.entries.map(({ kind, amount }) => ({ kind: allocatedKind(kind, role), amount })),
    );
    resources.cachedQuantities = this.cachedQuantities;
    return resources;
  }

  /** The allocation that all have in common (`null`: none is allocated); undefined: they differ. */
  private onlyAllocationRole(): string | null | undefined {
    if (this.entries.length === 0) return null;
    const { allocationRole } = this.entries[0].kind;
    for (const { kind } of this.entries) if (kind.allocationRole !== allocationRole) return undefined;
    return allocationRole;
  }

  /** Of each scalar name; a shared resource counts once, however many copies there are. */
  quantities(): Quantities {
    this.cachedQuantities ??= this.countQuantities();
    return this.cachedQuantities;
  }

  /** Kinds of one name are neighbours. */
  private countQuantities(): Quantities {
    const names: string[] = [];
    const millis: number[] = [];
    for (const { kind, amount } of this.entries) {
      if (typeof amount !== 'number') continue;
      const milli = kind.exactMilli === null ? amount : kind.exactMilli * (kind.isShared ? 1 : amount);
      if (names.length > 0 && names[names.length - 1] === kind.name) millis[millis.length - 1] += milli;
      else {
        names.push(kind.name);
        millis.push(milli);
      }
    }
    return Quantities.ofColumns(names, millis);
  }

  /**
   * No more of each name than `most` says (reference §12.4); what is had whole is kept only if it fits, and what is not
   * a scalar is left out.
   * @param order the order in which kinds are taken, as indices; by default their own
   */
  shrinkTo(most: Quantities, order: readonly number[] = [...this.entries.keys()]): Resources {
    const left = new Map(most);
    const kept: Entry[] = [];
    for (const index of order) {
      const { kind, amount } = this.entries[index];
      if (kind.type !== 'SCALAR') continue;
      const room = left.get(kind.name) ?? 0;
      const milli = kind.exactMilli ?? (amount as number);
      if (kind.exactMilli !== null) {
        if (milli > room) continue;
        kept.push({ kind, amount });
        left.set(kind.name, room - milli);
      } else if (room > 0) {
        const part = Math.min(room, milli);
        kept.push({ kind, amount: part });
        left.set(kind.name, room - part);
      }
    }
    return Resources.sum(kept);
  }

  /** How many entries `shrinkTo` can order. */
  get length(): number {
    return this.entries.length;
  }

  /** The ranges of that name, over all kinds. */
  ranges(name: string): Ranges {
    let all = Ranges.empty;
    for (const { kind, amount } of this.entries)
      if (kind.name === name && amount instanceof Ranges) all = all.plus(amount);
    return all;
  }

  /** For logs: `cpus:4;mem(role):1024;ports:[1-2]`, which `parseResourcesText` reads where there are no volumes or marks. */
  toString(): string {
    return this.entries.map(entryText).join(';');
  }
}

/** A volume of whichever allocation, without how it is mounted. */
function unmounted(kind: ResourceKind): ResourceKind {
  const { volume: _, ...disk } = kind.disk!;
  return changedKind(kind, { disk, allocationRole: null });
}

function entryOf(resource: Resource): Entry {
  const { name, type } = resource;
  if (name === '') throw new ResourceError('(unnamed)', 'it has no name');
  if (type === 'SCALAR') {
    const value = resource.scalar?.value;
    if (value === undefined || !Number.isFinite(value) || value < 0)
      throw new ResourceError(name, `${value ?? 'no scalar'} is not an amount from 0`);
    const milli = Math.round(value * MILLI);
    if (value > MAX_AMOUNT) throw new ResourceError(name, `${value} is more than ${MAX_AMOUNT}`);
    if (milli === 0 && value > 0) throw new ResourceError(name, `${value} is below a thousandth`);
    if (name === 'gpus' && milli % MILLI !== 0)
      throw new ResourceError(name, `${value} is not a whole number of devices`);
    const kind = kindOf(resource, milli);
    return { kind, amount: kind.exactMilli === null ? milli : Math.sign(milli) };
  }
  if (type === 'RANGES') return { kind: kindOf(resource, 0), amount: rangesOf(resource) };
  if (type === 'SET') {
    const items = resource.set?.item ?? [];
    if (new Set(items).size !== items.length) throw new ResourceError(name, 'an item occurs twice');
    return { kind: kindOf(resource, 0), amount: new Set([...items].sort(compareText)) };
  }
  throw new ResourceError(name, `its type is ${type}; expected SCALAR, RANGES or SET`);
}

function rangesOf({ name, ranges }: Resource): Ranges {
  const pairs = (ranges?.range ?? []).map(({ begin, end }) => [begin, end] as const);
  for (const [begin, end] of pairs)
    if (!Number.isSafeInteger(begin) || !Number.isSafeInteger(end) || begin < 0 || begin > end)
      throw new ResourceError(name, `${begin}-${end} is not a range of numbers from 0`);
  const all = Ranges.of(pairs);
  if (all.size !== pairs.reduce((sum, [begin, end]) => sum + end - begin + 1, 0))
    throw new ResourceError(name, 'its ranges overlap');
  return all;
}

/** Keeps them sorted by kind. */
function insert(entries: Entry[], entry: Entry): void {
  if (isNothing(entry.amount)) return;
  const { kind } = entry;
  let place = entries.length;
  while (place > 0 && entries[place - 1].kind.key > kind.key) place--;
  if (place > 0 && entries[place - 1].kind === kind)
    entries[place - 1] = { kind, amount: amountPlus(entries[place - 1].amount, entry.amount) };
  else if (place === entries.length) entries.push(entry);
  else entries.splice(place, 0, entry);
}

function isNothing(amount: Amount): boolean {
  if (typeof amount === 'number') return amount === 0;
  return amount instanceof Ranges ? amount.isEmpty : amount.size === 0;
}

function amountPlus(a: Amount, b: Amount): Amount {
  if (typeof a === 'number') return a + (b as number);
  if (a instanceof Ranges) return a.plus(b as Ranges);
  return new Set([...a, ...(b as ReadonlySet<string>)].sort(compareText));
}

function amountMinus(a: Amount, b: Amount): Amount {
  if (typeof a === 'number') return a - (b as number);
  if (a instanceof Ranges) return a.minus(b as Ranges);
  return new Set([...a].filter((item) => !(b as ReadonlySet<string>).has(item)));
}

function amountContains(a: Amount, b: Amount): boolean {
  if (typeof a === 'number') return a >= (b as number);
  if (a === b) return true;
  if (a instanceof Ranges) return a.contains(b as Ranges);
  return [...(b as ReadonlySet<string>)].every((item) => a.has(item));
}

function addWire(all: Resource[], { kind, amount }: Entry, form: WireForm, index: number): void {
  const template = wireTemplate(kind, form, index);
  if (typeof amount !== 'number') {
    const value =
      amount instanceof Ranges
        ? { ranges: { range: Array.from(amount, ([begin, end]) => ({ begin, end })) } }
        : { set: { item: [...amount] } };
    all.push({ ...template, ...value });
    return;
  }
  const resource = { ...template, scalar: { value: (kind.exactMilli ?? amount) / MILLI } };
  const copies = kind.exactMilli === null ? 1 : amount;
  for (let i = 0; i < copies; i++) all.push(resource);
}

/** By kind and form: all but the amount is written once. */
const wireTemplates = new WeakMap<ResourceKind, (Resource | undefined)[]>();

function wireTemplate(kind: ResourceKind, form: WireForm, index: number): Resource {
  let templates = wireTemplates.get(kind);
  if (templates === undefined) {
    templates = [];
    wireTemplates.set(kind, templates);
  }
  let template = templates[index];
  if (template === undefined) {
    const { name, type, allocationRole, disk, isRevocable, isShared, providerId } = kind;
    template = {
      name,
      type,
      // Keeps the place for the amount before the rest.
      ...(type === 'SCALAR'
        ? { scalar: undefined }
        : type === 'RANGES'
          ? { ranges: undefined }
          : { set: undefined }),
      ...wireReservation(kind, form),
      ...(form.hasAllocation && allocationRole !== null && { allocation_info: { role: allocationRole } }),
      ...(disk !== null && { disk }),
      ...(isRevocable && { revocable: {} }),
      ...(isShared && { shared: {} }),
      ...(providerId !== null && { provider_id: { value: providerId } }),
    };
    templates[index] = template;
  }
  return template;
}

/** Stacks of more than one have no old form. */
function wireReservation({ reservations }: ResourceKind, { isRefined }: WireForm): Partial<Resource> {
  if (isRefined || reservations.length > 1)
    return reservations.length === 0
      ? {}
      : { reservations: reservations.map((one) => ({ type: one.type, role: one.role, ...owner(one) })) };
  const [only] = reservations;
  return { role: only?.role ?? '*', ...(only?.type === 'DYNAMIC' && { reservation: owner(only) }) };
}

function owner({ principal, labels }: Reservation): Pick<ResourceReservationInfo, 'principal' | 'labels'> {
  return { ...(principal !== null && { principal }), ...(labels !== null && { labels }) };
}

function entryText({ kind, amount }: Entry): string {
  const role = kind.role === null ? '' : `(${kind.role})`;
  const volume = kind.disk?.persistence ? `[${kind.disk.persistence.id}]` : '';
  const value =
    typeof amount === 'number'
      ? String((kind.exactMilli ?? amount) / MILLI)
      : amount instanceof Ranges
        ? String(amount)
        : `{${[...amount].join(',')}}`;
  const marks = `${kind.isRevocable ? '{REV}' : ''}${kind.isShared ? `<SHARED>x${amount}` : ''}`;
  return `${kind.name}${role}${volume}${marks}:${value}`;
}
