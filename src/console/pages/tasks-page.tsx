/** Tasks, the newest first, also those that have ended as long as the master remembers them. */
import { type ClusterModel, type Task, taskKey } from '../cluster-model.ts';
import type { PageProps } from './page.ts';
import { SearchTable, type TableColumn } from './search-table.tsx';

const columnsOf = ({ agents, frameworks }: ClusterModel): readonly TableColumn<Task>[] => [
  { title: 'Task', text: ({ name }) => name },
  { title: 'State', text: ({ state }) => state.replace('TASK_', '').toLowerCase().replaceAll('_', ' ') },
  {
    title: 'Framework',
    text: ({ framework_id: { value } }) => frameworks.get(value)?.framework_info.name ?? value,
  },
  { title: 'Agent', text: ({ agent_id: { value } }) => agents.get(value)?.agent_info.hostname ?? value },
  { title: 'Since', text: ({ statuses }) => timeOf(statuses?.at(-1)?.timestamp) },
  { title: 'Id', text: ({ task_id }) => task_id.value },
];

export function TasksPage({ cluster: { model } }: PageProps) {
  return (
    <SearchTable
      name="Tasks"
      columns={columnsOf(model)}
      rows={model.tasks.values()}
      keyOf={({ framework_id, task_id }) => taskKey(framework_id.value, task_id.value)}
      none="No task has been launched yet."
    />
  );
}

function timeOf(seconds: number | undefined): string {
  return seconds === undefined ? '' : new Date(seconds * 1000).toLocaleTimeString();
}
