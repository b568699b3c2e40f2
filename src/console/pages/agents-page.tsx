/** Agents, with what they have and what of it is used. */
import { addressOf } from '../addresses.ts';
import { readable, sum } from '../amounts.ts';
import type { Agent } from '../cluster-model.ts';
import type { PageProps } from './page.ts';
import { SearchTable, type TableColumn } from './search-table.tsx';

const used = (name: string): TableColumn<Agent> => ({
  title: name,
  text: ({ allocated_resources, total_resources }) => {
    const [part, whole] = [allocated_resources, total_resources].map(
      (some) => sum(some ?? []).get(name) ?? 0,
    );
    return `${readable(name, part)} of ${readable(name, whole)}`;
  },
});

const COLUMNS: readonly TableColumn<Agent>[] = [
  {
    title: 'Agent',
    text: ({ agent_info }) => agent_info.hostname,
    link: ({ agent_info }) => addressOf('agents', agent_info.id!.value),
  },
  { title: 'State', text: agentState },
  used('cpus'),
  used('mem'),
  used('disk'),
  {
    title: 'Attributes',
    text: ({ agent_info }) =>
      (agent_info.attributes ?? [])
        .map(({ name, text, scalar }) => `${name}=${text?.value ?? scalar?.value ?? '…'}`)
        .join(' '),
  },
  { title: 'Id', text: ({ agent_info }) => agent_info.id!.value },
];

export function AgentsPage({ cluster: { model } }: PageProps) {
  return (
    <SearchTable
      name="Agents"
      columns={COLUMNS}
      rows={model.agents.values()}
      keyOf={({ agent_info }) => agent_info.id!.value}
      none="No agent has registered."
    />
  );
}

export function agentState({ active, deactivated, drain_info }: Agent): string {
  if (drain_info !== undefined) return drain_info.state === 'DRAINED' ? 'drained' : 'draining';
  if (deactivated) return 'deactivated';
  return active ? 'active' : 'not connected';
}
