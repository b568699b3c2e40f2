/** Whether agents are alive (reference §10.3): pings, and giving up those that stay silent or away. */

import { cancelTimer, type Timer } from '../protocol/timers.ts';
import { markUnreachable } from './agent-removal.ts';
import type { MasterContext } from './context.ts';
import { sendAgent } from './send.ts';
import type { AgentRecord } from './state.ts';

/** A ping now, and one each ping timeout from then on. */
export function beginPings(master: MasterContext, agent: AgentRecord): void {
  cancelTimer(agent.pingTimer);
  agent.missedPings = 0;
  ping(master, agent);
}

function ping(master: MasterContext, agent: AgentRecord): void {
  sendAgent(master, agent, agent.link === null ? UNCONNECTED_PING : PING);
  agent.pingTimer = master.timers.set(master.nowUs + master.flags.agentPingTimeoutUs, () => {
    agent.missedPings++;
    const isSilent = agent.missedPings >= master.flags.maxAgentPingTimeouts;
    if (isSilent && agent.removal === null && agent.transition === 'none') {
      master.counters.add('slave_unreachable_scheduled');
      agent.removal = whenAllowed(master, () => {
        agent.removal = null;
        markUnreachable(master, agent, 'health check timed out');
      });
    }
    ping(master, agent);
  });
}

const PING = { type: 'PING', isConnected: true } as const;
const UNCONNECTED_PING = { type: 'PING', isConnected: false } as const;

/** It is alive: what was about to be done to it is not. */
export function pong(master: MasterContext, link: string): void {
  const agent = master.state.agentOfLink.get(link);
  if (agent === undefined) return;
  agent.missedPings = 0;
  if (agent.removal === null) return;
  agent.removal = cancelTimer(agent.removal);
  master.counters.add('slave_unreachable_canceled');
}

/** As soon as --agent_removal_rate_limit lets another agent go. */
export function whenAllowed(master: MasterContext, remove: () => void): Timer {
  const { state, flags } = master;
  const limit = flags.agentRemovalRateLimit;
  const dueUs = Math.max(master.nowUs, state.nextRemovalUs);
  if (limit !== null) state.nextRemovalUs = dueUs + Math.ceil(limit.perUs / limit.agents);
  return master.timers.set(dueUs, remove);
}
