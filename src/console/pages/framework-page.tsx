/** One framework: what it is and holds, its tasks, and tearing it down. */
import { readable, sum } from '../amounts.ts';
import { taskKey } from '../cluster-model.ts';
import { ask } from '../operator-client.ts';
import { timeOfNanoseconds } from '../task-words.ts';
import { Action } from './action.tsx';
import { Facts } from './facts.tsx';
import { frameworkState } from './frameworks-page.tsx';
import type { PageProps } from './page.ts';
import { SearchTable } from './search-table.tsx';
import { taskColumns } from './task-columns.ts';
import { WhyNot } from './why-not.tsx';

export function FrameworkPage({ cluster: { model }, session, names: [id] }: PageProps) {
  const framework = model.frameworks.get(id);
  const tasks = [...model.tasks.values()].filter(({ framework_id }) => framework_id.value === id);
  const info = framework?.framework_info;
  if (info === undefined && tasks.length === 0)
    return <p class="note">No framework has the id {id} as far as the master remembers.</p>;
  const held = [...sum(framework?.allocated_resources ?? [])];
  return (
    <>
      <h1>{info?.name ?? id}</h1>
      <Facts
        facts={[
          ['State', framework === undefined ? 'has ended' : frameworkState(framework)],
          ['Id', id],
          ['Roles', (info?.roles ?? [info?.role ?? '']).join(', ')],
          ['User', info?.user],
          ['Principal', info?.principal],
          ['Registered', timeOfNanoseconds(framework?.registered_time)],
          ['Holds', held.map(([name, amount]) => `${name} ${readable(name, amount)}`).join(', ')],
        ]}
      />
      {framework !== undefined && (
        <p class="buttons">
          <Action
            session={session}
            label="Tear down"
            question={`All tasks of ${info!.name} are killed, and it may not come back.`}
            act={() => ask({ type: 'TEARDOWN', teardown: { framework_id: { value: id } } })}
          />
        </p>
      )}
      {framework !== undefined && (
        <>
          <h2>Why it is offered no more</h2>
          <WhyNot framework={id} />
        </>
      )}
      <h2>Tasks</h2>
      <SearchTable
        name="Tasks of the framework"
        columns={taskColumns(model).filter(({ title }) => title !== 'Framework')}
        rows={tasks}
        keyOf={({ framework_id, task_id }) => taskKey(framework_id.value, task_id.value)}
        none="It has launched no task."
      />
    </>
  );
}
