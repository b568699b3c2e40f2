/** Folds a log of machines being added, removed and updated into a cluster with its events. */
import {
  type AgentChange,
  type AgentDescription,
  buildCluster,
  type Cluster,
} from '../../cluster/cluster.ts';
import type { ResourceAmounts } from '../../cluster/resources.ts';

export class MachineLog {
  private readonly agents = new Map<string, AgentDescription & { attributes: Record<string, string> }>();
  private readonly present = new Set<string>();
  private readonly changes: AgentChange[] = [];

  /** @param timeUs from the start of the trace; a machine added at 0 is there from the start */
  add(
    timeUs: number,
    id: string,
    resources: ResourceAmounts,
    attributes: Readonly<Record<string, string>> = {},
  ): void {
    if (!this.agents.has(id)) {
      this.agents.set(id, { id, resources, attributes: { ...attributes }, isAbsent: timeUs > 0 });
      if (timeUs > 0) this.changes.push({ timeUs, agentId: id, kind: 'join', resources });
    } else {
      this.changes.push({ timeUs, agentId: id, kind: this.present.has(id) ? 'change' : 'join', resources });
    }
    this.present.add(id);
  }

  remove(timeUs: number, id: string): void {
    if (!this.present.delete(id)) return;
    this.changes.push({ timeUs, agentId: id, kind: 'leave' });
  }

  /** States an attribute of a known machine; the first value stays. */
  setAttribute(id: string, name: string, value: string): void {
    const agent = this.agents.get(id);
    if (agent && !(name in agent.attributes)) agent.attributes[name] = value;
  }

  /** `null` if no machine was ever added. */
  cluster(): Cluster | null {
    return this.agents.size === 0 ? null : buildCluster([...this.agents.values()], this.changes);
  }
}
