/** What the agent's operator API does with a call (reference §8): reads, containers, files; the rest is 501 by name. */
import type { AgentCall } from '../../protocol/v1/agent.ts';
import type { ContainerID } from '../../protocol/v1/mesos.ts';
import type { AgentContainers } from './agent-containers.ts';
import { containerCall } from './container-calls.ts';
import { containersView } from './container-views.ts';
import type { Exchange } from './exchange.ts';
import type { AgentFacts } from './legacy/state.ts';
import { readForOperator } from './operator-reads.ts';
import type { OperatorAnswer, OperatorCalls, StreamedCall } from './operator-route.ts';
import type { AgentView } from './views.ts';

export class AgentCalls implements OperatorCalls {
  private readonly agent: AgentView;
  private readonly facts: AgentFacts;
  private readonly containers: AgentContainers;
  private loggingLevel = 0;

  constructor(agent: AgentView, facts: AgentFacts, containers: AgentContainers) {
    this.agent = agent;
    this.facts = facts;
    this.containers = containers;
  }

  refusal(): OperatorAnswer | null {
    const { phase } = this.agent.state;
    return phase === 'new' || phase === 'recovering'
      ? { status: 503, problem: 'Agent has not finished recovery' }
      : null;
  }

  async stream({ call }: StreamedCall): Promise<OperatorAnswer> {
    return notImplemented(call.type!);
  }

  async input(): Promise<OperatorAnswer> {
    return notImplemented('ATTACH_CONTAINER_INPUT');
  }

  async answer(call: AgentCall, { executor }: Exchange): Promise<OperatorAnswer> {
    const { type } = call;
    const container = containerOf(call);
    if (executor !== null && (container === null || rootOf(container) !== executor.cid))
      return { status: 403, problem: "An executor's token is good for containers of its own only" };
    const response = readForOperator(this.agent, this.facts, call, Date.now() * 1000);
    if (response !== null) return { status: 200, response };
    switch (type) {
      case 'GET_LOGGING_LEVEL':
        return { status: 200, response: { type, get_logging_level: { level: this.loggingLevel } } };
      case 'SET_LOGGING_LEVEL':
        this.loggingLevel = call.set_logging_level!.level;
        return { status: 200 };
      case 'GET_CONTAINERS': {
        const containers = await containersView(this.agent, this.containers);
        return { status: 200, response: { type, get_containers: { containers } } };
      }
      default:
        return (await containerCall(this.containers, call)) ?? notImplemented(type!);
    }
  }
}

const notImplemented = (type: string): OperatorAnswer => ({
  status: 501,
  problem: `${type} is not implemented`,
});

/** That the call is about. `null`: none. */
function containerOf(call: AgentCall): ContainerID | null {
  const body = call[call.type!.toLowerCase() as keyof AgentCall] as
    | { readonly container_id?: ContainerID }
    | undefined;
  return body?.container_id ?? null;
}

const rootOf = ({ value, parent }: ContainerID): string => (parent === undefined ? value : rootOf(parent));
