/** agents.csv and agent-events.csv: the cluster, and how it changes. */
import {
  type AgentChange,
  type AgentDescription,
  buildCluster,
  type Cluster,
} from '../../cluster/cluster.ts';
import { secondsToUs } from '../../cluster/time.ts';
import type { Row } from '../rows.ts';
import { amountsOf, isMarked } from './csv-jobs.ts';

const EVENTS = ['join', 'leave', 'change'] as const;

export class CsvAgents {
  private readonly agents: AgentDescription[] = [];
  private readonly ids = new Set<string>();
  private readonly changes: AgentChange[] = [];

  /** A row of agents.csv; `count` equal agents are named `ID-0`, `ID-1`, …. @throws InputError */
  add(row: Row): void {
    const name = row.text('agent');
    if (name === '') throw row.error('agent', 'the agent has no id');
    const count = row.text('count') === '' ? 1 : row.count('count', 'agents', 1);
    const resources = amountsOf(row);
    if (!Number.isInteger(resources.gpus ?? 0))
      throw row.error('gpus', `gpus ${resources.gpus} is not a whole number; an agent has whole devices`);
    const isAbsent = isMarked(row, 'absent');
    const attributes = attributesOf(row);
    for (let i = 0; i < count; i++) {
      const id = row.text('count') === '' ? name : `${name}-${i}`;
      if (this.ids.has(id)) throw row.error('agent', `agent ${id} appears twice`, 'ROW_DUPLICATE');
      this.ids.add(id);
      this.agents.push({ id, resources, attributes, isAbsent });
    }
  }

  /** A row of agent-events.csv, read after agents.csv. @throws InputError */
  addEvent(row: Row): void {
    const agentId = row.text('agent');
    if (!this.ids.has(agentId)) throw row.error('agent', `agent "${agentId}" is not in agents.csv`);
    const kind = EVENTS.find((event) => event === row.text('event'));
    if (kind === undefined)
      throw row.error('event', `event "${row.text('event')}" is none of ${EVENTS.join(', ')}`);
    const timeUs = secondsToUs(row.amount('seconds', 'seconds'));
    const resources = amountsOf(row);
    const hasAmounts = Object.keys(resources).length > 0;
    this.changes.push({ timeUs, agentId, kind, ...(hasAmounts ? { resources } : {}) });
  }

  finish(): Cluster {
    return buildCluster(this.agents, this.changes);
  }
}

function attributesOf(row: Row): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const column of row.columns()) {
    const [, name] = /^attribute:(.+)$/s.exec(column) ?? [];
    if (name !== undefined && row.text(column) !== '') attributes[name] = row.text(column);
  }
  return attributes;
}
