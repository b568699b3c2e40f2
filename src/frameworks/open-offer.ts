/** An offer that a scheduler is about to use: what is left of it while tasks take their parts. */
import { type Constraint, satisfies } from '../cluster/constraints.ts';
import { MILLI, toMilli } from '../cluster/resources.ts';
import type { Attribute, Offer, Resource, ValueRange } from '../protocol/v1/mesos.ts';

/** What a task needs: integer thousandths by resource name. */
export type Demand = readonly { readonly name: string; readonly milli: number }[];

/** Which offers a task can use: room, and attributes that the agent must have. */
export interface Needs {
  readonly demand: Demand;
  readonly constraints: readonly Constraint[];
  /** How many ports of the agent; none where it is left out. */
  readonly ports?: number;
}

export class OpenOffer {
  readonly offer: Offer;
  /** Plain scalars, those reserved for the role first, so that what anybody could use is left. */
  private readonly pieces: { readonly resource: Resource; milli: number }[] = [];
  /** Ports that are left, by the resource that they are of. */
  private readonly ports: { readonly resource: Resource; left: ValueRange[] }[] = [];

  constructor(offer: Offer) {
    this.offer = offer;
    for (const resource of offer.resources ?? []) {
      const isPlain = !resource.revocable && !resource.shared && !resource.disk && !resource.provider_id;
      if (isPlain && resource.name === 'ports' && resource.ranges)
        this.ports.push({ resource, left: [...(resource.ranges.range ?? [])] });
      if (!isPlain || !resource.scalar) continue;
      const piece = { resource, milli: toMilli(resource.scalar.value) };
      if (isReserved(resource)) this.pieces.unshift(piece);
      else this.pieces.push(piece);
    }
  }

  get id(): string {
    return this.offer.id.value;
  }

  get agentId(): string {
    return this.offer.agent_id.value;
  }

  /** The attribute of that name as text; `hostname` is one. `null`: the agent has none. */
  attribute(name: string): string | null {
    if (name === 'hostname') return this.offer.hostname;
    const attribute = this.offer.attributes?.find((one) => one.name === name);
    return attribute === undefined ? null : attributeText(attribute);
  }

  meets(constraints: readonly Constraint[]): boolean {
    return constraints.every((constraint) => satisfies(constraint, this.attribute(constraint.attribute)));
  }

  hasRoomFor(demand: Demand): boolean {
    return demand.every(({ name, milli }) => this.freeMilli(name) >= milli);
  }

  canHost({ demand, constraints, ports = 0 }: Needs): boolean {
    return this.hasRoomFor(demand) && this.freePorts() >= ports && this.meets(constraints);
  }

  /** Takes a demand for which there is room, and gives the resources for a task's description. */
  take(demand: Demand): Resource[] {
    const taken: Resource[] = [];
    for (const { name, milli } of demand) {
      let missing = milli;
      for (const piece of this.pieces) {
        if (missing === 0) break;
        if (piece.resource.name !== name || piece.milli === 0) continue;
        const part = Math.min(piece.milli, missing);
        piece.milli -= part;
        missing -= part;
        taken.push({ ...piece.resource, scalar: { value: part / MILLI } });
      }
      if (missing > 0) throw new Error(`offer ${this.id} has no room for ${milli / MILLI} ${name}`);
    }
    return taken;
  }

  /** Takes ports, of which there are enough, lowest first. @returns their numbers, and the resources they are */
  takePorts(count: number): { readonly numbers: readonly number[]; readonly resources: readonly Resource[] } {
    const numbers: number[] = [];
    const resources: Resource[] = [];
    for (const piece of this.ports) {
      const taken: ValueRange[] = [];
      while (numbers.length < count && piece.left.length > 0) {
        const [{ begin, end }, ...others] = piece.left;
        const last = Math.min(end, begin + count - numbers.length - 1);
        for (let port = begin; port <= last; port++) numbers.push(port);
        taken.push({ begin, end: last });
        piece.left = last === end ? others : [{ begin: last + 1, end }, ...others];
      }
      if (taken.length > 0) resources.push({ ...piece.resource, ranges: { range: taken } });
    }
    if (numbers.length < count) throw new Error(`offer ${this.id} has no room for ${count} ports`);
    return { numbers, resources };
  }

  /** A copy from which can be taken without effect on this. */
  trial(): OpenOffer {
    const trial = new OpenOffer({ ...this.offer, resources: [] });
    for (const { resource, milli } of this.pieces) trial.pieces.push({ resource, milli });
    for (const { resource, left } of this.ports) trial.ports.push({ resource, left });
    return trial;
  }

  private freePorts(): number {
    let sum = 0;
    for (const { left } of this.ports) for (const { begin, end } of left) sum += end - begin + 1;
    return sum;
  }

  private freeMilli(name: string): number {
    let sum = 0;
    for (const piece of this.pieces) if (piece.resource.name === name) sum += piece.milli;
    return sum;
  }
}

function isReserved({ reservations, role }: Resource): boolean {
  return (reservations?.length ?? 0) > 0 || (role !== undefined && role !== '*');
}

function attributeText({ text, scalar, set, ranges }: Attribute): string {
  if (text) return text.value;
  if (scalar) return String(scalar.value);
  if (set) return (set.item ?? []).join(',');
  return (ranges?.range ?? []).map(({ begin, end }) => `${begin}-${end}`).join(',');
}
