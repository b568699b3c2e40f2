/** What the agent's operator API does with a call (reference §8): reads, containers, files; the rest is 501 by name. */
import type { AgentCall, AgentResponse } from '../../protocol/v1/agent.ts';
import type { ContainerID } from '../../protocol/v1/mesos.ts';
import type { ContainerRuntime } from '../containers/container-runtime.ts';
import type { Exchange } from '../http/exchange.ts';
import { FileRefusal, type ShownFiles } from '../http/shown-files.ts';
import type { Encoding } from '../wire/codec.ts';
import { containerCall } from './container-calls.ts';
import { attachInput, attachOutput, openSession } from './container-streams.ts';
import { containersView } from './container-views.ts';
import type { AgentFacts } from './legacy/state.ts';
import { readForOperator } from './operator-reads.ts';
import type { OperatorAnswer, OperatorCalls, StreamedCall } from './operator-route.ts';
import type { AgentView } from './views.ts';

export class AgentCalls implements OperatorCalls {
  private readonly agent: AgentView;
  private readonly facts: AgentFacts;
  private readonly containers: ContainerRuntime;
  private readonly files: ShownFiles;
  private loggingLevel = 0;

  constructor(agent: AgentView, facts: AgentFacts, containers: ContainerRuntime, files: ShownFiles) {
    this.files = files;
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

  async stream(streamed: StreamedCall, exchange: Exchange): Promise<OperatorAnswer | null> {
    const refusal = refusalOfExecutor(streamed.call, exchange);
    if (refusal !== null) return refusal;
    return streamed.call.type === 'ATTACH_CONTAINER_OUTPUT'
      ? attachOutput(this.containers, streamed, exchange)
      : openSession(this.containers, streamed, exchange);
  }

  async input(encoding: Encoding, { records, executor }: Exchange): Promise<OperatorAnswer> {
    return executor === null ? attachInput(this.containers, encoding, records!) : NOT_OWN;
  }

  async answer(call: AgentCall, exchange: Exchange): Promise<OperatorAnswer> {
    const { type } = call;
    const refusal = refusalOfExecutor(call, exchange);
    if (refusal !== null) return refusal;
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
      case 'LIST_FILES': {
        const path = call.list_files!.path;
        return this.shown(async () => ({ type, list_files: { file_infos: await this.files.list(path) } }));
      }
      case 'READ_FILE': {
        const { path, offset, length = null } = call.read_file!;
        return this.shown(async () => {
          const { size, data } = await this.files.read(path, offset, length);
          return { type, read_file: { size, data: data.toString('base64') } };
        });
      }
      default:
        return (await containerCall(this.containers, call)) ?? notImplemented(type!);
    }
  }

  private async shown(read: () => Promise<AgentResponse>): Promise<OperatorAnswer> {
    try {
      return { status: 200, response: await read() };
    } catch (error) {
      if (error instanceof FileRefusal) return { status: error.status, problem: error.message };
      throw error;
    }
  }
}

const NOT_OWN: OperatorAnswer = {
  status: 403,
  problem: "An executor's token is good for containers of its own only",
};

function refusalOfExecutor(call: AgentCall, { executor }: Exchange): OperatorAnswer | null {
  const container = containerOf(call);
  return executor === null || (container !== null && rootOf(container) === executor.cid) ? null : NOT_OWN;
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
