/** Messages to frameworks and agents: dropped where nobody is connected (reference §2.5). */
import type { MasterMessage } from '../protocol/internal.ts';
import type { SchedulerEvent } from '../protocol/v1/scheduler.ts';
import type { MasterContext } from './context.ts';
import type { AgentRecord, FrameworkRecord } from './state.ts';

export function sendEvent(master: MasterContext, framework: FrameworkRecord, event: SchedulerEvent): void {
  if (framework.stream === null) return;
  framework.events.add(event.type!);
  master.emit({ kind: 'event', stream: framework.stream, event });
}

export function sendAgent(master: MasterContext, agent: AgentRecord, message: MasterMessage): void {
  if (agent.link !== null) master.emit({ kind: 'agent-message', link: agent.link, message });
}

export function answer(master: MasterContext, exchange: string, status: number, problem?: string): void {
  master.emit(
    problem === undefined
      ? { kind: 'answer', exchange, status }
      : { kind: 'answer', exchange, status, problem },
  );
}
