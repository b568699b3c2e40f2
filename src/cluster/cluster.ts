/** A cluster as data: agents with their resources and attributes, and how they change over time. */
import { MILLI, type ResourceAmounts, sortResources, toMilli } from './resources.ts';

/**
 * A cluster in columns. Agent `a` has `total[a * resources.length + r]` thousandths of resource `r`.
 * `attributes.get(name)[a]` is its attribute value, `null` where it has none. Whole GPU devices of an agent
 * are its `gpus` thousandths divided by 1000.
 */
export interface Cluster {
  readonly resources: readonly string[];
  readonly agentIds: readonly string[];
  readonly total: Float64Array;
  readonly attributes: ReadonlyMap<string, readonly (string | null)[]>;
  /** Agents that are away at time 0 (they join by an event). */
  readonly absent: ReadonlySet<number>;
  /** Sorted by time; events of one instant apply in this order. */
  readonly events: readonly AgentEvent[];
}

export interface AgentEvent {
  readonly timeUs: number;
  readonly agent: number;
  /** `join`: comes (back) with `total`; `leave`: goes away, its tasks are lost; `change`: its resources become `total`. */
  readonly kind: 'join' | 'leave' | 'change';
  /** Thousandths by resource column, for `join` and `change`; `null` keeps what the agent had. */
  readonly total: Float64Array | null;
}

export interface AgentDescription {
  readonly id: string;
  readonly resources: ResourceAmounts;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Away at time 0. */
  readonly isAbsent?: boolean;
}

export interface AgentChange {
  readonly timeUs: number;
  readonly agentId: string;
  readonly kind: AgentEvent['kind'];
  readonly resources?: ResourceAmounts;
}

/** A cluster from descriptions of its agents, in their order, and of their changes. */
export function buildCluster(
  agents: readonly AgentDescription[],
  changes: readonly AgentChange[] = [],
): Cluster {
  const resources = sortResources(
    [...agents, ...changes].flatMap((described) => Object.keys(described.resources ?? {})),
  );
  const total = new Float64Array(agents.length * resources.length);
  const attributes = new Map<string, (string | null)[]>();
  const indexById = new Map<string, number>();
  const absent = new Set<number>();
  agents.forEach((agent, index) => {
    total.set(toColumns(agent.resources, resources), index * resources.length);
    indexById.set(agent.id, index);
    if (agent.isAbsent) absent.add(index);
    for (const [name, value] of Object.entries(agent.attributes ?? {})) {
      let column = attributes.get(name);
      if (!column) {
        column = new Array<string | null>(agents.length).fill(null);
        attributes.set(name, column);
      }
      column[index] = value;
    }
  });
  const events = changes.map(({ timeUs, agentId, kind, resources: amounts }) => {
    const agent = indexById.get(agentId);
    if (agent === undefined) throw new RangeError(`agent change names the unknown agent ${agentId}`);
    return { timeUs, agent, kind, total: amounts ? toColumns(amounts, resources) : null };
  });
  events.sort((a, b) => a.timeUs - b.timeUs);
  return { resources, agentIds: agents.map((agent) => agent.id), total, attributes, absent, events };
}

/** `count` equal agents named `agent-0` …, each with `resources` (natural units). */
export function uniformCluster(count: number, resources: ResourceAmounts): Cluster {
  return buildCluster(Array.from({ length: count }, (_, index) => ({ id: `agent-${index}`, resources })));
}

/** Thousandths of each resource over all agents present at time 0, by resource column. */
export function clusterCapacity(cluster: Cluster): Float64Array {
  const width = cluster.resources.length;
  const capacity = new Float64Array(width);
  for (let agent = 0; agent < cluster.agentIds.length; agent++) {
    if (cluster.absent.has(agent)) continue;
    for (let r = 0; r < width; r++) capacity[r] += cluster.total[agent * width + r];
  }
  return capacity;
}

/** The amount of one agent's resource in natural units; 0 if the cluster has no such resource. */
export function agentAmount(cluster: Cluster, agent: number, resource: string): number {
  const column = cluster.resources.indexOf(resource);
  return column < 0 ? 0 : cluster.total[agent * cluster.resources.length + column] / MILLI;
}

function toColumns(amounts: ResourceAmounts, resources: readonly string[]): Float64Array {
  return Float64Array.from(resources, (name) => toMilli(amounts[name] ?? 0));
}
