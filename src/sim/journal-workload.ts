/**
 * The workload that a journal tells of, so that it can be replayed under other policies: agents as they registered,
 * a job for each task that ended. A task counts as submitted when its framework last began to want offers before it
 * was launched (by subscribing, or by REVIVE): earlier a master cannot know of it.
 */
import { buildCluster } from '../cluster/cluster.ts';
import { MILLI, type ResourceAmounts } from '../cluster/resources.ts';
import type { JournalEntry } from '../master/journal.ts';
import type { AgentMessage } from '../protocol/internal.ts';
import { isTerminal } from '../protocol/task-states.ts';
import type { AgentInfo } from '../protocol/v1/mesos.ts';
import type { SchedulerCall } from '../protocol/v1/scheduler.ts';
import { Resources } from '../resources/resources.ts';
import { WorkloadBuilder } from '../workload/builder.ts';
import { OUTCOME_FAILED, OUTCOME_FINISHED, type Workload } from '../workload/workload.ts';

interface SeenTask {
  readonly role: string;
  readonly submitUs: number;
  readonly amounts: ResourceAmounts;
  startUs: number | null;
  endUs: number | null;
  isFinished: boolean;
}

export class JournalWorkload {
  private readonly agents = new Map<string, ResourceAmounts>();
  private readonly wantsSinceUs = new Map<string, number>();
  private readonly tasks = new Map<string, SeenTask>();
  private firstUs: number | null = null;

  /** @param frameworkOfStream of the master that the journal is replayed on, after the entry was stepped in */
  add({ input, nowUs }: JournalEntry, frameworkOfStream: (stream: string) => string | null): void {
    this.firstUs ??= nowUs;
    if (input.kind === 'agent-message') this.addMessage(input.message, nowUs);
    else if (input.kind === 'call') this.addCall(input.call, nowUs);
    else if (input.kind === 'stream-closed') {
      const framework = frameworkOfStream(input.stream);
      if (framework !== null) this.wantsSinceUs.delete(framework);
    }
  }

  /** @param name of the workload @returns the number of tasks that had not ended, which are left out, too */
  finish(name: string): { readonly workload: Workload; readonly unendedTasks: number } {
    const builder = new WorkloadBuilder(name);
    let unendedTasks = 0;
    for (const { role, submitUs, amounts, startUs, endUs, isFinished } of this.tasks.values()) {
      if (startUs === null || endUs === null) {
        unendedTasks++;
        continue;
      }
      builder.job({ role, submitUs });
      const outcome = isFinished ? OUTCOME_FINISHED : OUTCOME_FAILED;
      builder.tasks(1, builder.request(amounts), endUs - startUs, outcome);
    }
    const agents = Array.from(this.agents, ([id, resources]) => ({ id, resources }));
    return { workload: builder.finish(buildCluster(agents)), unendedTasks };
  }

  private addCall({ type, framework_id, accept, revive, subscribe }: SchedulerCall, nowUs: number): void {
    const framework = framework_id?.value ?? '';
    if (type === 'REVIVE' && revive !== undefined) this.wantsSinceUs.set(framework, nowUs);
    if (type === 'SUBSCRIBE' && (subscribe?.suppressed_roles ?? []).length === 0)
      this.wantsSinceUs.set(framework, nowUs);
    for (const operation of accept?.operations ?? []) {
      const group = operation.launch_group?.task_group.tasks ?? [];
      for (const { task_id, resources } of [...(operation.launch?.task_infos ?? []), ...group]) {
        const all = Resources.of(resources);
        const role = all.kinds[0]?.allocationRole ?? '*';
        const submitUs = (this.wantsSinceUs.get(framework) ?? nowUs) - this.firstUs!;
        this.tasks.set(`${framework} ${task_id.value}`, {
          role,
          submitUs,
          amounts: Object.fromEntries(Array.from(all.quantities(), ([name, milli]) => [name, milli / MILLI])),
          startUs: null,
          endUs: null,
          isFinished: false,
        });
      }
    }
  }

  private addMessage(message: AgentMessage, nowUs: number): void {
    if (message.type === 'REGISTER' || message.type === 'REREGISTER') this.addAgent(message.info);
    if (message.type !== 'STATUS_UPDATE') return;
    const { frameworkId, status } = message;
    const task = this.tasks.get(`${frameworkId.value} ${status.task_id.value}`);
    if (task === undefined) return;
    const atUs = status.timestamp === undefined ? nowUs : Math.round(status.timestamp * 1e6);
    if (status.state === 'TASK_RUNNING') task.startUs ??= atUs;
    if (!isTerminal(status.state) || task.endUs !== null || task.startUs === null) return;
    task.endUs = Math.max(atUs, task.startUs);
    task.isFinished = status.state === 'TASK_FINISHED';
  }

  private addAgent({ hostname, port, resources }: AgentInfo): void {
    const id = port === undefined || port === 5051 ? hostname : `${hostname}:${port}`;
    const amounts = Array.from(Resources.of(resources).quantities(), ([name, milli]) => [
      name,
      milli / MILLI,
    ]);
    this.agents.set(id, Object.fromEntries(amounts));
  }
}
