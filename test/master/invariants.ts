/** What holds of a master's books after every step, whatever comes in. */
import type { HierarchicalAllocator } from '../../src/allocator/hierarchical/hierarchical-allocator.ts';
import type { MasterState } from '../../src/master/state.ts';
import { usedOn } from '../../src/master/usage.ts';
import { Resources } from '../../src/resources/resources.ts';

/** @throws Error that says what does not hold */
export function checkInvariants(state: MasterState, allocator: HierarchicalAllocator): void {
  checkResources(state, allocator);
  checkIndices(state);
}

/** Master and allocator agree on who holds what, and nothing is held twice. */
function checkResources(state: MasterState, allocator: HierarchicalAllocator): void {
  const views = allocator.agents();
  demand(
    views.size === state.agents.size,
    `the allocator has ${views.size} agents, not ${state.agents.size}`,
  );
  for (const agent of state.agents.values()) {
    const view = views.get(agent.id);
    if (view === undefined) throw new Error(`the allocator does not know agent ${agent.id}`);
    demandSame(view.total, agent.total, `total of ${agent.id}`);
    const used = usedOn(agent);
    const held = new Map(used);
    for (const { framework, resources } of agent.offers)
      held.set(framework.id, (held.get(framework.id) ?? Resources.empty).plus(resources));
    for (const id of new Set([...held.keys(), ...view.held.keys()])) {
      demandSame(view.held.get(id), held.get(id), `what ${id} holds on ${agent.id}`);
      demandSame(view.allocated.get(id), used.get(id), `what ${id} uses on ${agent.id}`);
    }
    let all = Resources.empty;
    for (const resources of held.values()) all = all.plus(resources.nonShared().unallocated());
    demandSame(
      view.available.nonShared().plus(all),
      agent.total.nonShared(),
      `available and held on ${agent.id}`,
    );
  }
}

/** Every record is found by each of its keys, and by none other. */
function checkIndices(state: MasterState): void {
  let tasks = 0;
  let executors = 0;
  let offers = 0;
  for (const framework of state.frameworks.values()) {
    demand(!state.completedFrameworks.has(framework.id), `${framework.id} is both there and completed`);
    demand(
      (framework.stream !== null) === (framework.connection === 'active'),
      `${framework.id} is ${framework.connection} and its stream ${framework.stream}`,
    );
    if (framework.stream !== null)
      demand(
        state.frameworkOfStream.get(framework.stream) === framework,
        `stream of ${framework.id} leads elsewhere`,
      );
    for (const task of framework.tasks.values()) {
      tasks++;
      const agent = state.agents.get(task.agentId.value);
      demand(agent?.tasks.has(task) === true, `task ${task.id} is not on its agent`);
      demand(!framework.unreachableTasks.has(task.id), `task ${task.id} is both there and unreachable`);
    }
    for (const [agent, byId] of framework.executors) {
      demand(byId.size > 0, `${framework.id} has an agent without executors`);
      for (const executor of byId.values()) {
        executors++;
        demand(
          agent.executors.get(framework)?.get(executor.id) === executor,
          `executor ${executor.id} is not on its agent`,
        );
      }
    }
    for (const offer of framework.offers) {
      offers++;
      demand(framework.connection === 'active', `${framework.id} has offers and is not subscribed`);
      demand(
        state.offers.get(offer.id) === offer && offer.agent.offers.has(offer),
        `offer ${offer.id} is lost`,
      );
      demand(offer.agent.link !== null, `offer ${offer.id} of an agent that is not connected`);
      demand(framework.roles.includes(offer.role), `offer ${offer.id} to role ${offer.role}`);
    }
  }
  let onAgents = 0;
  for (const agent of state.agents.values()) {
    onAgents += agent.tasks.size;
    for (const byId of agent.executors.values()) executors -= byId.size;
    offers -= agent.offers.size;
    if (agent.link !== null)
      demand(state.agentOfLink.get(agent.link) === agent, `link of ${agent.id} leads elsewhere`);
  }
  demand(tasks === onAgents, `${tasks} tasks of frameworks, ${onAgents} on agents`);
  demand(executors === 0, `executors of frameworks and of agents differ by ${executors}`);
  demand(offers === 0, `offers to frameworks and of agents differ by ${offers}`);
  for (const operation of state.operations.values())
    demand(operation.agent.operations.has(operation), `operation ${operation.uuid} is not on its agent`);
}

function demandSame(a: Resources | undefined, b: Resources | undefined, what: string): void {
  const [x, y] = [a ?? Resources.empty, b ?? Resources.empty];
  demand(x.equals(y), `${what}: ${x} in the allocator, ${y} in the master`);
}

function demand(holds: boolean, problem: string): void {
  if (!holds) throw new Error(problem);
}
