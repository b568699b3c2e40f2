/** Columns of tables of tasks. */
import { addressOf } from '../addresses.ts';
import type { ClusterModel, Task } from '../cluster-model.ts';
import { stateWords, timeOf } from '../task-words.ts';
import type { TableColumn } from './search-table.tsx';

export const taskColumns = ({ agents, frameworks }: ClusterModel): readonly TableColumn<Task>[] => [
  {
    title: 'Task',
    text: ({ name }) => name,
    link: ({ framework_id, task_id }) => addressOf('tasks', framework_id.value, task_id.value),
  },
  { title: 'State', text: ({ state }) => stateWords(state) },
  {
    title: 'Framework',
    text: ({ framework_id: { value } }) => frameworks.get(value)?.framework_info.name ?? value,
    link: ({ framework_id: { value } }) => addressOf('frameworks', value),
  },
  {
    title: 'Agent',
    text: ({ agent_id: { value } }) => agents.get(value)?.agent_info.hostname ?? value,
    link: ({ agent_id: { value } }) => addressOf('agents', value),
  },
  { title: 'Since', text: ({ statuses }) => timeOf(statuses?.at(-1)?.timestamp) },
  { title: 'Id', text: ({ task_id }) => task_id.value },
];
