/** Tasks, the newest first, also those that have ended as long as the master remembers them. */
import { type Task, taskKey } from '../cluster-model.ts';
import type { PageProps } from './page.ts';
import { SearchTable } from './search-table.tsx';
import { taskColumns } from './task-columns.ts';

export function TasksPage({ cluster: { model } }: PageProps) {
  return (
    <SearchTable<Task>
      name="Tasks"
      columns={taskColumns(model)}
      rows={model.tasks.values()}
      keyOf={({ framework_id, task_id }) => taskKey(framework_id.value, task_id.value)}
      none="No task has been launched yet."
    />
  );
}
