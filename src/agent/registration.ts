/** The agent and its master find each other (reference §10.2, 10.3). */
import { cancelTimer } from '../protocol/timers.ts';
import type { AgentID } from '../protocol/v1/mesos.ts';
import { saveAgent } from './checkpoint.ts';
import type { AgentContext } from './context.ts';
import { MAX_REGISTRATION_BACKOFF_US } from './flags.ts';
import { resendOperations } from './operations.ts';
import { taskMessage } from './task-message.ts';
import { resendUpdates } from './updates.ts';

/** A link to the leading master is there, or no leader is known. */
export function masterDetected(agent: AgentContext, link: string | null): void {
  const { state } = agent;
  state.link = link;
  if (state.phase === 'new' || state.phase === 'recovering') return;
  state.phase = 'disconnected';
  register(agent);
}

export function linkBroken(agent: AgentContext, link: string): void {
  if (agent.state.link === link) masterDetected(agent, null);
}

/** Tries until it is answered, each time after a longer random wait. */
export function register(agent: AgentContext): void {
  const { state, flags } = agent;
  state.silenceTimer = cancelTimer(state.silenceTimer);
  state.registrationTimer = cancelTimer(state.registrationTimer);
  if (state.link !== null) attemptIn(agent, flags.registrationBackoffFactorUs);
}

function attemptIn(agent: AgentContext, backoffUs: number): void {
  const dueUs = agent.nowUs + Math.floor(agent.random() * backoffUs);
  agent.state.registrationTimer = agent.timers.set(dueUs, () => {
    introduce(agent);
    attemptIn(agent, Math.min(2 * backoffUs, MAX_REGISTRATION_BACKOFF_US));
  });
}

function introduce(agent: AgentContext): void {
  const { state, info, version, capabilities } = agent;
  const ip = agent.ip === null ? {} : { ip: agent.ip };
  const checkpointedResources = state.total.checkpointed().toWire();
  if (state.id === null) {
    agent.tell({ type: 'REGISTER', info, ...ip, version, capabilities, checkpointedResources });
    return;
  }
  const frameworks = [...state.frameworks.values()].filter(({ isShuttingDown }) => !isShuttingDown);
  agent.tell({
    type: 'REREGISTER',
    info: { ...info, id: { value: state.id } },
    ...ip,
    version,
    capabilities,
    checkpointedResources,
    tasks: frameworks.flatMap((framework) =>
      Array.from(framework.tasks.values(), (task) => taskMessage(agent, task)),
    ),
    executors: frameworks.flatMap((framework) =>
      [...framework.executors.values()].flatMap(({ isCommand, phase, info: executor }) =>
        isCommand || phase === 'terminated' ? [] : executor,
      ),
    ),
    frameworks: frameworks.map((framework) => framework.info),
    operations: Array.from(state.operations.values(), ({ operation }) => operation),
  });
}

/** REGISTERED or REREGISTERED: this agent is in the master's books. */
export function registered(agent: AgentContext, id: AgentID, totalPingTimeoutUs: number): void {
  const { state } = agent;
  state.registrationTimer = cancelTimer(state.registrationTimer);
  state.pingTimeoutUs = totalPingTimeoutUs;
  if (state.id === null) {
    state.id = id.value;
    agent.save([saveAgent({ ...agent.info, id })]);
  }
  if (state.phase !== 'disconnected') return;
  state.phase = 'running';
  awaitPing(agent);
  resendUpdates(agent);
  resendOperations(agent);
}

export function pinged(agent: AgentContext, isConnected: boolean): void {
  agent.tell({ type: 'PONG' });
  if (agent.state.phase !== 'running') return;
  if (isConnected) awaitPing(agent);
  else lookAgain(agent);
}

/** The master may have given this agent up. */
function awaitPing(agent: AgentContext): void {
  const { state } = agent;
  cancelTimer(state.silenceTimer);
  state.silenceTimer = agent.timers.set(agent.nowUs + state.pingTimeoutUs, () => lookAgain(agent));
}

function lookAgain(agent: AgentContext): void {
  agent.state.phase = 'disconnected';
  register(agent);
}
