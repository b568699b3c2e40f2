/** Folds a log of machines being added, removed and updated, in any order, into a cluster with its events. */
import {
  type AgentChange,
  type AgentDescription,
  buildCluster,
  type Cluster,
} from '../../cluster/cluster.ts';
import type { ResourceAmounts } from '../../cluster/resources.ts';
import type { ImportReport } from './importer.ts';

interface MachineEvent {
  readonly timeUs: number;
  readonly id: string;
  /** `null`: the machine goes away. */
  readonly arrival: {
    /** Natural units; `undefined`: not stated. */
    readonly resources: ResourceAmounts | undefined;
    readonly attributes: Readonly<Record<string, string>>;
  } | null;
}

interface AttributeStatement {
  readonly timeUs: number;
  readonly id: string;
  readonly name: string;
  /** `null`: the machine has the attribute no longer. */
  readonly value: string | null;
}

type KnownMachine = AgentDescription & { attributes: Record<string, string> };

export class MachineLog {
  private readonly events: MachineEvent[] = [];
  private readonly statements: AttributeStatement[] = [];
  private readonly attributeNames = new Set<string>();

  /**
   * The machine is there, with these resources, from now on.
   * @param timeUs from the start of the trace; a machine added at 0 is there from the start
   * @param resources natural units; `undefined`: as they were before
   */
  add(
    timeUs: number,
    id: string,
    resources: ResourceAmounts | undefined,
    attributes: Readonly<Record<string, string>> = {},
  ): void {
    this.events.push({ timeUs, id, arrival: { resources, attributes } });
    for (const name of Object.keys(attributes)) this.attributeNames.add(name);
  }

  remove(timeUs: number, id: string): void {
    this.events.push({ timeUs, id, arrival: null });
  }

  stateAttribute(timeUs: number, id: string, name: string, value: string | null): void {
    this.statements.push({ timeUs, id, name, value });
    this.attributeNames.add(name);
  }

  /** Whether any attribute was stated beside those that machines came with. */
  get statesAttributes(): boolean {
    return this.statements.length > 0;
  }

  hasAttribute(name: string): boolean {
    return this.attributeNames.has(name);
  }

  /**
   * `null` if no machine was ever added. A machine that lacks an attribute has it as the empty text, which is how
   * Google's traces compare it; a cluster's attributes stay as they were first stated, and what was stated later is counted.
   */
  cluster(report: ImportReport): Cluster | null {
    const agents = new Map<string, KnownMachine>();
    const changes = this.fold(agents, report);
    if (agents.size === 0) return null;
    this.setAttributes(agents, report);
    return buildCluster([...agents.values()], changes);
  }

  private fold(agents: Map<string, KnownMachine>, report: ImportReport): AgentChange[] {
    const present = new Set<string>();
    const changes: AgentChange[] = [];
    for (const { timeUs, id, arrival } of inOrderOfTime(this.events)) {
      if (arrival === null) {
        if (present.delete(id)) changes.push({ timeUs, agentId: id, kind: 'leave' });
        else report.leaveOut('removal of a machine that is not there');
        continue;
      }
      const { resources, attributes } = arrival;
      const isKnown = agents.has(id);
      if (!isKnown && resources === undefined) {
        report.leaveOut('machine event without capacities');
        continue;
      }
      if (!isKnown) {
        agents.set(id, { id, resources: resources!, attributes: { ...attributes }, isAbsent: timeUs > 0 });
      }
      const isThereFromTheStart = !isKnown && timeUs === 0;
      const isUnchanged = present.has(id) && resources === undefined;
      if (!isThereFromTheStart && !isUnchanged) {
        const kind = present.has(id) ? 'change' : 'join';
        changes.push({ timeUs, agentId: id, kind, ...(resources === undefined ? {} : { resources }) });
      }
      present.add(id);
    }
    return changes;
  }

  private setAttributes(agents: ReadonlyMap<string, KnownMachine>, report: ImportReport): void {
    for (const { id, name, value } of inOrderOfTime(this.statements)) {
      const agent = agents.get(id);
      if (agent === undefined) report.leaveOut('attribute of a machine that is not there');
      else if (!(name in agent.attributes)) agent.attributes[name] = value ?? '';
      else if (agent.attributes[name] !== (value ?? '')) report.leaveOut('change of a machine attribute');
    }
    for (const agent of agents.values()) {
      for (const name of this.attributeNames) agent.attributes[name] ??= '';
    }
  }
}

function inOrderOfTime<T extends { readonly timeUs: number }>(events: readonly T[]): T[] {
  return [...events].sort((a, b) => a.timeUs - b.timeUs);
}
