/** The operator API's calls (reference §7), each to the module that knows it. */
import { operatorCallProblem } from '../protocol/operator-call.ts';
import { quotaProblem } from '../protocol/quota.ts';
import type { OperatorCall } from '../protocol/v1/master.ts';
import type { AgentID } from '../protocol/v1/mesos.ts';
import { markGone, markKnownGone } from './agent-removal.ts';
import { mayCall } from './authorization.ts';
import type { MasterContext } from './context.ts';
import { deactivateAgent, drainAgent, reactivateAgent } from './draining.ts';
import { HEARTBEAT_US } from './flags.ts';
import { removeFramework } from './frameworks.ts';
import type { MasterInput } from './io.ts';
import { isRefusedHere } from './leadership.ts';
import { changeMaintenance, isSameMachine, scheduleProblem, withoutMachines } from './machines.ts';
import { operate, operationOf } from './operator-operations.ts';
import { readForOperator, wholeState } from './operator-reads.ts';
import { quotaConflict, updateQuota } from './quota.ts';
import { answer } from './send.ts';
import type { AgentRecord, OperatorStream } from './state.ts';
import { streamClosed } from './stream-closed.ts';
import { openStream } from './streams.ts';
import { updateWeights, weightsProblem } from './weights.ts';

type Input = MasterInput & { readonly kind: 'operator-call' };

export function operatorCall(master: MasterContext, input: Input): void {
  const { exchange, call } = input;
  if (isRefusedHere(master, exchange)) return;
  const problem = operatorCallProblem(call);
  if (problem !== null) {
    answer(master, exchange, 400, problem);
    return;
  }
  const response = readForOperator(master, call.type!);
  if (response !== null) {
    master.emit({ kind: 'answer', exchange, status: 200, response });
    return;
  }
  const refusal = mayCall(master, call, input.principal);
  if (refusal !== null) {
    answer(master, exchange, 403, refusal);
    return;
  }
  const operation = operationOf(call);
  if (operation !== null) {
    operate(master, exchange, operation, input.principal);
    return;
  }
  write(master, input);
}

function write(master: MasterContext, { exchange, call, principal }: Input): void {
  const done = () => answer(master, exchange, 200);
  const refuse = (problem: string, status = 400) => answer(master, exchange, status, problem);
  switch (call.type) {
    case 'SUBSCRIBE':
      subscribeOperator(master, exchange, principal);
      return;
    case 'TEARDOWN': {
      const framework = master.state.frameworks.get(call.teardown!.framework_id.value);
      if (framework === undefined) {
        refuse('No framework has this id');
        return;
      }
      removeFramework(master, framework);
      done();
      return;
    }
    case 'UPDATE_WEIGHTS': {
      const infos = call.update_weights!.weight_infos ?? [];
      const problem = weightsProblem(infos);
      if (problem === null) updateWeights(master, infos, done);
      else refuse(problem);
      return;
    }
    case 'UPDATE_QUOTA': {
      const { quota_configs = [], force = false } = call.update_quota!;
      const problem = quotaProblem(quota_configs) ?? (force ? null : quotaConflict(master, quota_configs));
      if (problem === null) updateQuota(master, quota_configs, done);
      else refuse(problem);
      return;
    }
    case 'MARK_AGENT_GONE':
      markAgentGone(master, exchange, call.mark_agent_gone!.agent_id);
      return;
    case 'DRAIN_AGENT': {
      const { agent_id, max_grace_period, mark_gone = false } = call.drain_agent!;
      withAgent(master, exchange, agent_id, (agent) => {
        const { seconds = 0, nanos = 0 } = max_grace_period ?? {};
        const grace = max_grace_period && { max_grace_period: { nanoseconds: seconds * 1e9 + nanos } };
        drainAgent(master, agent, { ...grace, mark_gone }, done);
      });
      return;
    }
    case 'DEACTIVATE_AGENT':
      withAgent(master, exchange, call.deactivate_agent!.agent_id, (agent) =>
        deactivateAgent(master, agent, done),
      );
      return;
    case 'REACTIVATE_AGENT':
      withAgent(master, exchange, call.reactivate_agent!.agent_id, (agent) => {
        if (!agent.isDeactivated) return refuse(`Agent ${agent.id} is not deactivated`);
        if (agent.drainInfo?.state === 'DRAINING') return refuse(`Agent ${agent.id} is draining`);
        reactivateAgent(master, agent, done);
      });
      return;
    default:
      maintain(master, exchange, call);
      return;
  }
}

function maintain(master: MasterContext, exchange: string, call: OperatorCall): void {
  const { schedule, downMachines } = master.state.maintenance;
  const done = () => answer(master, exchange, 200);
  const refuse = (problem: string) => answer(master, exchange, 400, problem);
  const isListed = (machines: typeof downMachines, machine: (typeof downMachines)[number]) =>
    machines.some((other) => isSameMachine(other, machine));
  switch (call.type) {
    case 'UPDATE_MAINTENANCE_SCHEDULE': {
      const next = call.update_maintenance_schedule!.schedule;
      const problem = scheduleProblem(master, next);
      if (problem !== null) {
        refuse(problem);
        return;
      }
      changeMaintenance(master, { schedule: next, downMachines }, done);
      return;
    }
    case 'START_MAINTENANCE': {
      const machines = call.start_maintenance!.machines ?? [];
      const scheduled = (schedule.windows ?? []).flatMap(({ machine_ids = [] }) => machine_ids);
      const wrong = machines.find((one) => !isListed(scheduled, one) || isListed(downMachines, one));
      if (wrong !== undefined) {
        refuse(`Machine ${wrong.hostname ?? wrong.ip} is not draining`);
        return;
      }
      changeMaintenance(master, { schedule, downMachines: [...downMachines, ...machines] }, done);
      return;
    }
    case 'STOP_MAINTENANCE': {
      const machines = call.stop_maintenance!.machines ?? [];
      const wrong = machines.find((machine) => !isListed(downMachines, machine));
      if (wrong !== undefined) {
        refuse(`Machine ${wrong.hostname ?? wrong.ip} is not down`);
        return;
      }
      const left = downMachines.filter((machine) => !isListed(machines, machine));
      changeMaintenance(master, { schedule: withoutMachines(schedule, machines), downMachines: left }, done);
      return;
    }
    default:
      answer(master, exchange, 501, `${call.type} is not known`);
  }
}

function markAgentGone(master: MasterContext, exchange: string, { value: id }: AgentID): void {
  const { state } = master;
  const done = () => answer(master, exchange, 200);
  if (state.goneAgents.has(id)) {
    done();
    return;
  }
  const agent = state.agents.get(id);
  if (agent?.transition === 'none') {
    markGone(master, agent, done);
    return;
  }
  const known = state.recoveredAgents.get(id) ?? state.unreachableAgents.get(id);
  if (agent !== undefined || state.reregistering.has(id)) {
    answer(master, exchange, 503, `Agent ${id} is being changed; try again`);
    return;
  }
  if (known !== undefined) {
    markKnownGone(master, known, done);
    return;
  }
  answer(master, exchange, 404, `No agent has the id ${id}`);
}

function withAgent(
  master: MasterContext,
  exchange: string,
  id: AgentID,
  then: (agent: AgentRecord) => void,
): void {
  const agent = master.state.agents.get(id.value);
  if (agent === undefined) answer(master, exchange, 400, `No agent is registered with the id ${id.value}`);
  else if (agent.transition !== 'none') answer(master, exchange, 409, `Agent ${agent.id} is being removed`);
  else then(agent);
}

/** The oldest subscriber makes room where there are too many. */
function subscribeOperator(master: MasterContext, exchange: string, principal: string | null): void {
  const { operatorStreams } = master.state;
  if (operatorStreams.size >= master.flags.maxOperatorEventStreamSubscribers) {
    const [oldest] = operatorStreams.keys();
    master.emit({ kind: 'close-stream', stream: oldest });
    streamClosed(master, oldest);
  }
  const subscriber: OperatorStream = { stream: openStream(master, exchange), principal, heartbeat: null };
  operatorStreams.set(subscriber.stream, subscriber);
  master.emit({
    kind: 'operator-event',
    stream: subscriber.stream,
    event: {
      type: 'SUBSCRIBED',
      subscribed: { get_state: wholeState(master), heartbeat_interval_seconds: HEARTBEAT_US / 1e6 },
    },
  });
  beat(master, subscriber);
}

function beat(master: MasterContext, subscriber: OperatorStream): void {
  subscriber.heartbeat = master.timers.set(master.nowUs + HEARTBEAT_US, () => {
    master.emit({ kind: 'operator-event', stream: subscriber.stream, event: { type: 'HEARTBEAT' } });
    beat(master, subscriber);
  });
}
