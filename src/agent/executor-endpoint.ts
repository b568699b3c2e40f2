/** The executor API's calls (reference §5.1), with its order of checks. */
import { executorCallProblem } from '../protocol/executor-call.ts';
import { isTerminal } from '../protocol/task-states.ts';
import { cancelTimer } from '../protocol/timers.ts';
import type { ExecutorCall, ExecutorCallSubscribe } from '../protocol/v1/executor.ts';
import type { TaskStatus } from '../protocol/v1/mesos.ts';
import type { AgentContext } from './context.ts';
import { count } from './counts.ts';
import { tasksOf } from './executors.ts';
import { sendKill } from './kill.ts';
import { finishRecoveryIfBack } from './recovery.ts';
import { deliver } from './run-task.ts';
import type { ExecutorRecord } from './state.ts';
import { agentStatus, enterUpdate } from './updates.ts';

/** Calls that are counted, valid ones and others apart. */
const COUNTED: { readonly [type: string]: string | undefined } = {
  UPDATE: 'status_updates',
  MESSAGE: 'framework_messages',
};

export function executorCall(
  agent: AgentContext,
  exchange: string,
  connection: string,
  call: ExecutorCall,
): void {
  const { state } = agent;
  const counted = COUNTED[call.type ?? 'UNKNOWN'];
  const refuse = (status: number, problem: string) => {
    if (counted !== undefined) count(state, `invalid_${counted}`);
    agent.emit({ kind: 'answer', exchange, status, problem });
  };
  const accept = () => {
    if (counted !== undefined) count(state, `valid_${counted}`);
    agent.emit({ kind: 'answer', exchange, status: 202 });
  };
  const isEarly = state.phase === 'new' || (state.phase === 'recovering' && call.type !== 'SUBSCRIBE');
  if (isEarly && call.type !== 'HEARTBEAT') {
    refuse(503, 'Agent has not finished recovery');
    return;
  }
  const problem = executorCallProblem(call);
  const framework = state.frameworks.get(call.framework_id.value);
  const executor = framework?.executors.get(call.executor_id.value);
  if (problem !== null) refuse(400, problem);
  else if (framework === undefined) refuse(400, 'Framework cannot be found');
  else if (executor === undefined) refuse(400, 'Executor cannot be found');
  else if (call.type === 'SUBSCRIBE') subscribe(agent, exchange, connection, executor, call.subscribe!);
  else if (executor.connection !== connection) refuse(403, 'Executor is not subscribed');
  else {
    accept();
    if (call.type === 'UPDATE') update(agent, executor, call.update!.status);
    else if (call.type === 'MESSAGE')
      agent.tell({
        type: 'EXECUTOR_TO_FRAMEWORK',
        agentId: { value: state.id! },
        frameworkId: call.framework_id,
        executorId: call.executor_id,
        data: call.message!.data,
      });
  }
}

/** A second subscription takes the place of the first. */
function subscribe(
  agent: AgentContext,
  exchange: string,
  connection: string,
  executor: ExecutorRecord,
  call: ExecutorCallSubscribe,
): void {
  const { state } = agent;
  const { framework } = executor;
  if (executor.connection !== null) {
    state.executorOfConnection.delete(executor.connection);
    agent.emit({ kind: 'close-connection', connection: executor.connection });
  }
  executor.connection = connection;
  state.executorOfConnection.set(connection, executor);
  agent.emit({ kind: 'open-connection', exchange, connection });
  const isEnding = executor.phase === 'terminating';
  if (!isEnding) {
    executor.phase = 'running';
    executor.timer = cancelTimer(executor.timer);
  }
  agent.emit({
    kind: 'executor-event',
    connection,
    event: {
      type: 'SUBSCRIBED',
      subscribed: {
        executor_info: executor.info,
        framework_info: framework.info,
        agent_info: { ...agent.info, id: { value: state.id! } },
        container_id: { value: executor.container },
      },
    },
  });
  for (const { status } of call.unacknowledged_updates ?? []) update(agent, executor, status);
  if (isEnding || framework.isShuttingDown) {
    agent.emit({ kind: 'executor-event', connection, event: { type: 'SHUTDOWN' } });
    return;
  }
  const known = new Set((call.unacknowledged_tasks ?? []).map(({ task_id }) => task_id.value));
  const tasks = tasksOf(executor);
  for (const task of tasks) {
    if (isTerminal(task.state)) continue;
    const neverArrived = task.phase === 'launched' && task.state === 'TASK_STAGING' && !known.has(task.id);
    if (neverArrived)
      enterUpdate(
        agent,
        task,
        agentStatus(
          agent,
          task,
          'TASK_DROPPED',
          'REASON_AGENT_RESTARTED',
          'Task was not delivered to its executor',
        ),
      );
    else if (task.kill !== null) sendKill(agent, task);
  }
  deliver(
    agent,
    executor,
    tasks.filter(({ phase }) => phase === 'queued'),
  );
  finishRecoveryIfBack(agent);
}

/** Safe on disk before the executor may forget it. */
function update(agent: AgentContext, executor: ExecutorRecord, status: TaskStatus): void {
  const { framework } = executor;
  const task = framework.tasks.get(status.task_id.value);
  const acknowledge = () => {
    if (executor.connection !== null)
      agent.emit({
        kind: 'executor-event',
        connection: executor.connection,
        event: {
          type: 'ACKNOWLEDGED',
          acknowledged: { task_id: status.task_id, uuid: status.uuid! },
        },
      });
  };
  const isNews = task !== undefined && task.executor === executor && !task.received.has(status.uuid!);
  if (!isNews) {
    if (framework.info.checkpoint) agent.whenSaved(acknowledge);
    else acknowledge();
    return;
  }
  const whole: TaskStatus = {
    ...status,
    agent_id: { value: agent.state.id! },
    executor_id: { value: executor.id },
    timestamp: status.timestamp ?? agent.nowUs / 1e6,
  };
  task.phase = task.phase === 'queued' ? 'launched' : task.phase;
  enterUpdate(agent, task, whole, acknowledge);
}
