/** The other end of agents' links, which says what a test wants it to, and keeps what it heard. */
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { AgentMessage, MasterMessage } from '../../../src/protocol/internal.ts';
import type { TaskInfo, TaskState } from '../../../src/protocol/v1/mesos.ts';
import { fromJson, toJson } from '../../../src/real/json.ts';
import { parseResourcesText } from '../../../src/resources/text.ts';

export const AGENT_ID = { value: 'M-S0' };
export const FRAMEWORK = { user: 'root', name: 'test', id: { value: 'F' }, checkpoint: true };

type Heard<T extends AgentMessage['type']> = Extract<AgentMessage, { readonly type: T }>;

export class ScriptedMaster {
  readonly address: string;
  readonly heard: AgentMessage[] = [];
  private socket: WebSocket | null = null;
  private waiting: (() => void)[] = [];

  /** @param tls it asks for encrypted links */
  static async listen(
    tls: { readonly cert: string; readonly key: string } | null = null,
  ): Promise<ScriptedMaster> {
    const server = tls === null ? createServer() : createSecureServer(tls);
    const sockets = new WebSocketServer({ server });
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      server.close();
    });
    return new ScriptedMaster(sockets, (server.address() as AddressInfo).port);
  }

  private constructor(sockets: WebSocketServer, port: number) {
    this.address = `127.0.0.1:${port}`;
    sockets.on('connection', (socket) => {
      this.socket = socket;
      socket.on('message', (data) => this.hear(fromJson(String(data)) as AgentMessage));
    });
  }

  tell(message: MasterMessage): void {
    this.socket!.send(toJson(message));
  }

  run(id: string, rest: Partial<TaskInfo>): void {
    const task: TaskInfo = {
      name: id,
      task_id: { value: id },
      agent_id: AGENT_ID,
      resources: parseResourcesText('cpus:0.1;mem:32').toWire(),
      ...rest,
    };
    this.tell({ type: 'RUN_TASK', framework: FRAMEWORK, task, launchesExecutor: true });
  }

  kill(id: string): void {
    this.tell({ type: 'KILL_TASK', frameworkId: FRAMEWORK.id, taskId: { value: id }, killPolicy: null });
  }

  /** The first message of this type, now or later. */
  async message<T extends AgentMessage['type']>(
    type: T,
    isIt: (message: Heard<T>) => boolean = () => true,
  ): Promise<Heard<T>> {
    for (;;) {
      const found = this.heard.find((one) => one.type === type && isIt(one as Heard<T>));
      if (found !== undefined) return found as Heard<T>;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  status(id: string, state: TaskState): Promise<Heard<'STATUS_UPDATE'>> {
    return this.message(
      'STATUS_UPDATE',
      ({ status }) => status.task_id.value === id && status.state === state,
    );
  }

  statesOf(id: string): TaskState[] {
    return this.heard.flatMap((message) =>
      message.type === 'STATUS_UPDATE' && message.status.task_id.value === id ? [message.status.state] : [],
    );
  }

  private hear(message: AgentMessage): void {
    this.heard.push(message);
    if (message.type === 'REGISTER')
      this.tell({ type: 'REGISTERED', agentId: AGENT_ID, totalPingTimeoutUs: 75e6 });
    if (message.type === 'REREGISTER')
      this.tell({ type: 'REREGISTERED', agentId: AGENT_ID, totalPingTimeoutUs: 75e6, missingTasks: [] });
    if (message.type === 'STATUS_UPDATE') {
      const { frameworkId, status } = message;
      this.tell({ type: 'ACKNOWLEDGE', frameworkId, taskId: status.task_id, uuid: status.uuid! });
    }
    for (const wake of this.waiting.splice(0)) wake();
  }
}
