/** One task: its states over time, why it ended, its files, and killing it. */
import { isTerminal } from '../../protocol/task-states.ts';
import { addressOf } from '../addresses.ts';
import { readable, sum } from '../amounts.ts';
import { type Task, taskKey } from '../cluster-model.ts';
import { killTask } from '../operator-client.ts';
import { reasonWords, stateWords, timeOf } from '../task-words.ts';
import { Action } from './action.tsx';
import { Facts } from './facts.tsx';
import type { PageProps } from './page.ts';
import { Sandbox } from './sandbox.tsx';

export function TaskPage({ cluster: { model }, session, names: [frameworkId, taskId = ''] }: PageProps) {
  const task = model.tasks.get(taskKey(frameworkId, taskId));
  if (task === undefined)
    return <p class="note">No task has the id {taskId} as far as the master remembers.</p>;
  const { agent_id, executor_id, resources, health_check, statuses = [] } = task;
  const agent = model.agents.get(agent_id.value);
  const healthy = statuses.at(-1)?.healthy;
  return (
    <>
      <h1>{task.name}</h1>
      <Facts
        facts={[
          ['State', stateWords(task.state)],
          ['Id', taskId],
          [
            'Resources',
            [...sum(resources ?? [])].map(([name, amount]) => `${name} ${readable(name, amount)}`).join(', '),
          ],
          ['User', task.user],
          ['Container', task.container?.docker?.image ?? task.container?.type?.toLowerCase()],
          ['Health', health_check && (healthy === undefined ? 'not checked yet' : healthy ? 'good' : 'bad')],
        ]}
      />
      <p>
        Of framework{' '}
        <a href={addressOf('frameworks', frameworkId)}>
          {model.frameworks.get(frameworkId)?.framework_info.name ?? frameworkId}
        </a>
        , on agent{' '}
        <a href={addressOf('agents', agent_id.value)}>{agent?.agent_info.hostname ?? agent_id.value}</a>.
      </p>
      {!isTerminal(task.state) && (
        <p class="buttons">
          <Action
            session={session}
            label="Kill"
            question="It is told to end, and killed after its time to end. Its framework may launch another."
            act={() => killTask(frameworkId, taskId)}
          />
        </p>
      )}
      <h2>States</h2>
      <States task={task} />
      <h2>Sandbox</h2>
      {agent === undefined ? (
        <p class="note">Its agent is not there, and its files with it.</p>
      ) : (
        <Sandbox
          key={taskKey(frameworkId, taskId)}
          agent={agent_id.value}
          root={`/frameworks/${frameworkId}/executors/${executor_id?.value ?? taskId}/runs/latest`}
        />
      )}
    </>
  );
}

function States({ task: { statuses = [] } }: { readonly task: Task }) {
  if (statuses.length === 0) return <p class="note">Nothing has been heard of it yet.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section class="scroll" aria-label="States" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">At</th>
            <th scope="col">Reason</th>
            <th scope="col">Message</th>
          </tr>
        </thead>
        <tbody>
          {statuses.map(({ state, timestamp, reason, message }, index) => (
            <tr key={`${index} ${state}`}>
              <th scope="row">{stateWords(state)}</th>
              <td>{timeOf(timestamp)}</td>
              <td>{reasonWords(reason)}</td>
              <td class="message">{message}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
