/** One agent: what it has, what runs there, and taking it out of service. */
import { readable, sum } from '../amounts.ts';
import { type Agent, taskKey } from '../cluster-model.ts';
import { ask } from '../operator-client.ts';
import { timeOfNanoseconds } from '../task-words.ts';
import { Action } from './action.tsx';
import { agentState } from './agents-page.tsx';
import { Facts } from './facts.tsx';
import type { PageProps } from './page.ts';
import { SearchTable } from './search-table.tsx';
import { taskColumns } from './task-columns.ts';

export function AgentPage({ cluster: { model }, session, names: [id] }: PageProps) {
  const agent = model.agents.get(id);
  if (agent === undefined)
    return <p class="note">No agent has the id {id}: it has gone, or has not registered yet.</p>;
  const { agent_info, active, deactivated, drain_info } = agent;
  const agent_id = { value: id };
  const tasks = [...model.tasks.values()].filter((task) => task.agent_id.value === id);
  return (
    <>
      <h1>{agent_info.hostname}</h1>
      <Facts
        facts={[
          ['State', agentState(agent)],
          ['Id', id],
          ['Port', String(agent_info.port ?? '')],
          ['Registered', timeOfNanoseconds(agent.registered_time)],
          ['Reregistered', timeOfNanoseconds(agent.reregistered_time)],
          ['Attributes', attributesOf(agent)],
        ]}
      />
      <p class="buttons">
        {drain_info === undefined && (
          <Action
            session={session}
            label="Drain"
            question="Its tasks are killed, each with the time to end that is given here at most, and no other comes."
            act={(form) =>
              ask({
                type: 'DRAIN_AGENT',
                drain_agent: {
                  agent_id,
                  max_grace_period: { seconds: Number(form.get('seconds')) },
                  mark_gone: form.get('gone') !== null,
                },
              })
            }
          >
            <label>
              Time to end, seconds
              <input name="seconds" type="number" min="0" defaultValue="30" required />
            </label>
            <label class="choice">
              <input name="gone" type="checkbox" /> then it is gone for ever
            </label>
          </Action>
        )}
        {!deactivated && drain_info === undefined && (
          <Action
            session={session}
            label="Deactivate"
            question="It is not offered any more; its tasks go on."
            act={() => ask({ type: 'DEACTIVATE_AGENT', deactivate_agent: { agent_id } })}
          />
        )}
        {(deactivated || drain_info !== undefined) && (
          <Action
            session={session}
            label="Reactivate"
            question="It is offered to frameworks again."
            act={() => ask({ type: 'REACTIVATE_AGENT', reactivate_agent: { agent_id } })}
          />
        )}
        {!active && (
          <Action
            session={session}
            label="Mark gone"
            question="Frameworks are told that its tasks are gone for ever, and it may not come back."
            act={() => ask({ type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id } })}
          />
        )}
      </p>
      <h2>Resources</h2>
      <ResourceTable agent={agent} />
      <h2>Tasks</h2>
      <SearchTable
        name="Tasks of the agent"
        columns={taskColumns(model).filter(({ title }) => title !== 'Agent')}
        rows={tasks}
        keyOf={({ framework_id, task_id }) => taskKey(framework_id.value, task_id.value)}
        none="No task has been here as long as the master remembers."
      />
    </>
  );
}

const attributesOf = ({ agent_info }: Agent): string =>
  (agent_info.attributes ?? [])
    .map(({ name, text, scalar }) => `${name}=${text?.value ?? scalar?.value ?? '…'}`)
    .join(' ');

function ResourceTable({ agent }: { readonly agent: Agent }) {
  const [total, used, offered] = [
    agent.total_resources,
    agent.allocated_resources,
    agent.offered_resources,
  ].map((resources) => sum(resources ?? []));
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Resource</th>
          <th scope="col">Total</th>
          <th scope="col">Used</th>
          <th scope="col">Offered</th>
        </tr>
      </thead>
      <tbody>
        {[...total].map(([name, amount]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{readable(name, amount)}</td>
            <td>{readable(name, used.get(name) ?? 0)}</td>
            <td>{readable(name, offered.get(name) ?? 0)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
