/** A real master in this process, at any port of the loopback, and requests to it as its clients make them. */
import { type ClientRequest, type IncomingMessage, request as send } from 'node:http';
import { onTestFinished } from 'vitest';
import { MESOS_FAIRNESS } from '../../../src/allocator/hierarchical/terms.ts';
import { parsePolicy } from '../../../src/policies/registry.ts';
import type { FrameworkInfo } from '../../../src/protocol/v1/mesos.ts';
import type { SchedulerEvent } from '../../../src/protocol/v1/scheduler.ts';
import { OPEN } from '../../../src/real/http/authentication.ts';
import {
  type MasterOptions,
  type RunningMaster,
  startMaster,
} from '../../../src/real/master/start-master.ts';
import { decode, type Encoding, encode } from '../../../src/real/wire/codec.ts';
import { MEDIA_TYPES } from '../../../src/real/wire/content-type.ts';
import type { MessageName } from '../../../src/real/wire/message-type.ts';
import { RecordReader } from '../../../src/real/wire/record-io.ts';
import { folderOf } from '../../temporary-files.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  readonly body: Buffer;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export class MasterUnderTest {
  readonly address: string;
  readonly lines: string[];
  private readonly running: RunningMaster;

  static async start(changes: Partial<MasterOptions> = {}): Promise<MasterUnderTest> {
    const master = await MasterUnderTest.open(folderOf({}), changes);
    onTestFinished(() => master.stop());
    return master;
  }

  /** To be stopped by whom it is for. */
  static async open(workDir: string, changes: Partial<MasterOptions> = {}): Promise<MasterUnderTest> {
    const lines: string[] = [];
    const running = await startMaster(
      {
        workDir,
        ip: '127.0.0.1',
        port: 0,
        hostname: null,
        advertiseIp: null,
        policy: parsePolicy('drf'),
        policyFile: null,
        flags: {},
        allocation: {
          minAllocatable: [{ cpus: 10 }],
          excludedResources: [],
          filterGpuResources: true,
          fairness: MESOS_FAIRNESS,
        },
        region: null,
        authentications: { schedulers: OPEN, operators: OPEN, agents: OPEN },
        console: 'on',
        tls: null,
        registry: null,
        journal: null,
        shownFlags: { port: '0' },
        version: { version: '1.11.0' },
        ...changes,
      },
      (line) => void lines.push(line),
    );
    const master = new MasterUnderTest(running, lines);
    while ((await master.operator({ type: 'GET_MASTER' })).status === 503) await nextTurn();
    return master;
  }

  private constructor(running: RunningMaster, lines: string[]) {
    this.running = running;
    this.address = running.address;
    this.lines = lines;
  }

  stop(): Promise<void> {
    return this.running.stop();
  }

  ask(path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const asked = this.open(path, method, headers, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const whole = Buffer.concat(parts);
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            text: whole.toString(),
            body: whole,
          });
        });
      });
      asked.on('error', reject);
      asked.end(body);
    });
  }

  async json(path: string): Promise<Record<string, unknown>> {
    return JSON.parse((await this.ask(path)).text) as Record<string, unknown>;
  }

  scheduler(call: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.call('/api/v1/scheduler', call, headers);
  }

  operator(call: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.call('/api/v1', call, headers);
  }

  call(path: string, call: object, headers: Readonly<Record<string, string>>): Promise<Answer> {
    const body = JSON.stringify(call);
    return this.ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body,
    });
  }

  /** Resolves once the answer's headers are there. */
  async subscribe(info: Partial<FrameworkInfo> = {}, encoding: Encoding = 'json'): Promise<Subscription> {
    const capabilities = [{ type: 'MULTI_ROLE' }];
    const framework_info = { user: 'root', name: 'test', roles: ['*'], capabilities, ...info };
    const call = {
      type: 'SUBSCRIBE',
      subscribe: { framework_info },
      ...(info.id && { framework_id: info.id }),
    };
    const subscription = await this.stream('/api/v1/scheduler', 'mesos.v1.scheduler', call, encoding);
    const { subscribed } = await subscription.event('SUBSCRIBED');
    subscription.frameworkId = subscribed!.framework_id.value;
    return subscription;
  }

  stream(path: string, api: string, call: object, encoding: Encoding): Promise<Subscription> {
    const type = MEDIA_TYPES[encoding];
    return new Promise((resolve, reject) => {
      const asked = this.open(path, 'POST', { 'content-type': type, accept: type }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`answered ${response.statusCode}`));
        else resolve(new Subscription(this, asked, response, `${api}.Event` as MessageName, encoding));
      });
      asked.on('error', reject);
      asked.end(encode(`${api}.Call` as MessageName, encoding, call as never));
      onTestFinished(() => void asked.destroy());
    });
  }

  private open(
    path: string,
    method: string,
    headers: Readonly<Record<string, string>>,
    answered: (response: IncomingMessage) => void,
  ): ClientRequest {
    const [host, port] = this.address.split(':');
    return send({ host, port, path, method, headers, agent: false }, answered);
  }
}

export class Subscription {
  readonly headers: IncomingMessage['headers'];
  readonly events: SchedulerEvent[] = [];
  frameworkId = '';
  hasEnded = false;
  private readonly master: MasterUnderTest;
  private readonly request: ClientRequest;
  private readonly waiting: (() => void)[] = [];

  constructor(
    master: MasterUnderTest,
    request: ClientRequest,
    response: IncomingMessage,
    name: MessageName,
    encoding: Encoding,
  ) {
    this.master = master;
    this.request = request;
    this.headers = response.headers;
    const reader = new RecordReader(2 ** 30);
    response.on('data', (chunk: Buffer) => {
      for (const record of reader.push(chunk))
        this.events.push(decode(name, encoding, record) as SchedulerEvent);
      this.wake();
    });
    for (const end of ['close', 'error'])
      response.on(end, () => {
        this.hasEnded = true;
        this.wake();
      });
  }

  /** The first event of the type, now or later, that has not been asked for before. */
  async event(type: string): Promise<SchedulerEvent> {
    for (;;) {
      const at = this.events.findIndex((event) => event.type === type);
      if (at >= 0) return this.events.splice(at, 1)[0];
      if (this.hasEnded) throw new Error(`the stream ended without ${type}: ${JSON.stringify(this.events)}`);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  async ended(): Promise<void> {
    while (!this.hasEnded) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** On this subscription. */
  call(call: object): Promise<Answer> {
    const stream = String(this.headers['mesos-stream-id']);
    return this.master.scheduler(
      { framework_id: { value: this.frameworkId }, ...call },
      { 'mesos-stream-id': stream },
    );
  }

  close(): void {
    this.request.destroy();
  }

  private wake(): void {
    for (const wake of this.waiting.splice(0)) wake();
  }
}

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10));
}
