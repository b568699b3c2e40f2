/** Calls of the agent's operator API (reference §8.1) that only read what is there. */
import type { AgentCall, AgentResponse } from '../../protocol/v1/agent.ts';
import type { AgentFacts } from './legacy/state.ts';
import { agentMetrics } from './metrics.ts';
import {
  type AgentView,
  agentInfo,
  executorsView,
  frameworksView,
  operationsView,
  stateView,
  tasksView,
} from './views.ts';

/** `null`: the call is none of these. */
export function readForOperator(
  agent: AgentView,
  facts: AgentFacts,
  { type }: AgentCall,
  nowUs: number,
): AgentResponse | null {
  switch (type) {
    case 'GET_HEALTH':
      return { type, get_health: { healthy: true } };
    case 'GET_FLAGS':
      return {
        type,
        get_flags: { flags: Object.entries(facts.flags).map(([name, value]) => ({ name, value })) },
      };
    case 'GET_VERSION':
      return { type, get_version: { version_info: facts.version } };
    case 'GET_METRICS':
      return {
        type,
        get_metrics: {
          metrics: Array.from(agentMetrics(agent, facts.startedUs, nowUs), ([name, value]) => ({
            name,
            value,
          })),
        },
      };
    case 'GET_STATE':
      return { type, get_state: stateView(agent) };
    case 'GET_FRAMEWORKS':
      return { type, get_frameworks: frameworksView(agent) };
    case 'GET_EXECUTORS':
      return { type, get_executors: executorsView(agent) };
    case 'GET_TASKS':
      return { type, get_tasks: tasksView(agent) };
    case 'GET_OPERATIONS':
      return { type, get_operations: { operations: operationsView(agent) } };
    case 'GET_AGENT':
      return {
        type,
        get_agent: {
          agent_info: agentInfo(agent, facts.info),
          ...(agent.state.drain !== null && { drain_config: agent.state.drain }),
        },
      };
    case 'GET_RESOURCE_PROVIDERS':
      return { type, get_resource_providers: { resource_providers: [] } };
    default:
      return null;
  }
}
