/**
 * Drives one master by hand: what it sends is sorted into the inboxes of agents, schedulers and answers; what it stores
 * is durable at once, unless a test holds it back.
 */
import { HierarchicalAllocator } from '../../src/allocator/hierarchical/hierarchical-allocator.ts';
import { stream } from '../../src/cluster/streams.ts';
import type { MasterFlags } from '../../src/master/flags.ts';
import type { MasterEffect, MasterInput, RegistryChange, RegistryEntries } from '../../src/master/io.ts';
import { Master } from '../../src/master/master.ts';
import { drf } from '../../src/policies/drf.ts';
import type { AgentMessage, MasterMessage } from '../../src/protocol/internal.ts';
import { uuidBytes } from '../../src/protocol/uuid.ts';
import type { OperatorCall, OperatorEvent } from '../../src/protocol/v1/master.ts';
import type {
  AgentInfoCapabilityType,
  FrameworkInfo,
  FrameworkInfoCapabilityType,
  Offer,
  OfferOperation,
  Resource,
  TaskInfo,
  TaskState,
  TaskStatus,
} from '../../src/protocol/v1/mesos.ts';
import type { SchedulerCall, SchedulerEvent } from '../../src/protocol/v1/scheduler.ts';
import { Quantities } from '../../src/resources/quantities.ts';
import { parseResourcesText } from '../../src/resources/text.ts';

export const SECOND_US = 1_000_000;

type Answer = MasterEffect & { readonly kind: 'answer' };

export class DrivenMaster {
  readonly master: Master;
  nowUs = 1_000 * SECOND_US;
  readonly answers: Answer[] = [];
  readonly stored: RegistryChange[] = [];
  readonly operatorEvents: { readonly stream: string; readonly event: OperatorEvent }[] = [];
  readonly aborts: string[] = [];
  /** While true, nothing becomes durable. */
  holdsStores = false;
  private readonly agents = new Map<string, DrivenAgent>();
  private readonly frameworks = new Map<string, DrivenFramework>();
  /** By exchange. */
  readonly opened = new Map<string, string>();
  private readonly heldRevisions: number[] = [];
  private exchanges = 0;
  private links = 0;
  readonly random = stream('driven master', 'test');

  readonly allocator: HierarchicalAllocator;

  constructor(flags: Partial<MasterFlags> = {}, id = 'M') {
    this.allocator = new HierarchicalAllocator({
      policy: drf,
      random: stream('driven master', `${id} allocator`),
      intervalUs: SECOND_US,
      startUs: this.nowUs,
      minAllocatable: [Quantities.of([['cpus', 10]]), Quantities.of([['mem', 32_000]])],
      excludedResources: [],
      filterGpuResources: true,
      region: null,
    });
    this.master = new Master({
      info: { id, ip: 0, port: 5050, hostname: 'master' },
      flags,
      random: stream('driven master', id),
      allocator: this.allocator,
    });
  }

  /** A master that leads. */
  static leading(flags: Partial<MasterFlags> = {}, entries: RegistryEntries = {}): DrivenMaster {
    const driven = new DrivenMaster(flags);
    driven.step({ kind: 'elected', entries });
    return driven;
  }

  step(input: MasterInput | { readonly kind: 'tick' }): void {
    for (const effect of this.master.step(input, this.nowUs)) this.carryOut(effect);
  }

  /** Ticks until nothing is due any more. */
  settle(): void {
    while (this.master.nextTimerUs <= this.nowUs) this.step({ kind: 'tick' });
  }

  /** Lets time pass, with a tick whenever the master wants one. */
  advance(us: number): void {
    const endUs = this.nowUs + us;
    for (;;) {
      const nextUs = this.master.nextTimerUs;
      if (nextUs > endUs) break;
      this.nowUs = Math.max(this.nowUs, nextUs);
      this.step({ kind: 'tick' });
    }
    this.nowUs = endUs;
  }

  private carryOut(effect: MasterEffect): void {
    switch (effect.kind) {
      case 'answer':
        this.answers.push(effect);
        return;
      case 'open-stream':
        this.opened.set(effect.exchange, effect.stream);
        return;
      case 'event':
        this.frameworkOf(effect.stream)?.events.push(effect.event);
        return;
      case 'operator-event':
        this.operatorEvents.push(effect);
        return;
      case 'close-stream':
        this.closed.add(effect.stream);
        return;
      case 'agent-message':
        this.agents.get(effect.link)?.receive(effect.message);
        return;
      case 'store':
        this.stored.push(...effect.changes);
        this.heldRevisions.push(effect.revision);
        if (!this.holdsStores) this.releaseStores();
        return;
      case 'abort':
        this.aborts.push(effect.reason);
        return;
    }
  }

  readonly closed = new Set<string>();

  /** What a master that is elected next finds in the registry. */
  get registry(): RegistryEntries {
    const entries: Record<string, unknown> = {};
    for (const { key, value } of this.stored)
      if (value === null) delete entries[key];
      else entries[key] = value;
    return entries as RegistryEntries;
  }

  /** The next leader, as long after this one as that has led. */
  successor(flags: Partial<MasterFlags> = {}): DrivenMaster {
    const next = new DrivenMaster(flags, 'N');
    next.nowUs = this.nowUs;
    next.step({ kind: 'elected', entries: this.registry });
    return next;
  }

  counter(name: string): number {
    return this.master.counters.get(name);
  }

  /** What was held back becomes durable. */
  releaseStores(): void {
    for (const revision of this.heldRevisions.splice(0)) this.step({ kind: 'stored', revision });
  }

  private frameworkOf(stream: string): DrivenFramework | undefined {
    // Events of a subscription come in the step that opens it.
    for (const [exchange, opened] of this.opened) if (opened === stream) return this.frameworks.get(exchange);
    return undefined;
  }

  call(call: SchedulerCall, stream: string | null, principal: string | null = null): Answer | undefined {
    const exchange = `call ${this.exchanges++}`;
    this.step({ kind: 'call', exchange, call, stream, principal });
    return this.answers.find((answer) => answer.exchange === exchange);
  }

  /** As an operator. */
  killTask(frameworkId: string, taskId: string, principal: string | null = null): Answer | undefined {
    const exchange = `call ${this.exchanges++}`;
    this.step({ kind: 'kill-task', exchange, frameworkId, taskId, principal });
    return this.answers.find((answer) => answer.exchange === exchange);
  }

  operate(call: OperatorCall, principal: string | null = null): Answer | undefined {
    const exchange = `call ${this.exchanges++}`;
    this.step({ kind: 'operator-call', exchange, call, principal });
    return this.answers.find((answer) => answer.exchange === exchange);
  }

  /** Subscribes, with events from then on; `framework.answer` is set where the call was refused with a status. */
  subscribe(
    info: Partial<FrameworkInfo> = {},
    options: {
      readonly suppressed?: readonly string[];
      readonly principal?: string;
      readonly stream?: string;
      readonly call?: Partial<SchedulerCall>;
    } = {},
  ): DrivenFramework {
    const exchange = `subscription ${this.exchanges++}`;
    const framework = new DrivenFramework(this, exchange);
    this.frameworks.set(exchange, framework);
    this.step({
      kind: 'call',
      exchange,
      stream: options.stream ?? null,
      principal: options.principal ?? null,
      call: {
        type: 'SUBSCRIBE',
        framework_id: info.id,
        subscribe: {
          framework_info: { user: 'alice', name: 'test', ...info },
          suppressed_roles: options.suppressed,
        },
        ...options.call,
      },
    });
    return framework;
  }

  /** A new agent, registered. */
  agent(
    resources = 'cpus:4;mem:4096;disk:10000;ports:[31000-31009]',
    options: {
      readonly hostname?: string;
      readonly capabilities?: readonly AgentInfoCapabilityType[];
    } = {},
  ): DrivenAgent {
    const agent = new DrivenAgent(this, `link ${this.links++}`, resources, options);
    this.connect(agent);
    agent.send({ type: 'REGISTER', ...agent.description });
    return agent;
  }

  connect(agent: DrivenAgent): void {
    this.agents.set(agent.link, agent);
  }

  newLink(): string {
    return `link ${this.links++}`;
  }
}

const AGENT_CAPABILITIES: readonly AgentInfoCapabilityType[] = [
  'MULTI_ROLE',
  'HIERARCHICAL_ROLE',
  'RESERVATION_REFINEMENT',
  'RESOURCE_PROVIDER',
  'RESIZE_VOLUME',
  'AGENT_OPERATION_FEEDBACK',
  'AGENT_DRAINING',
  'TASK_RESOURCE_LIMITS',
];

type Report = AgentMessage & { readonly type: 'REREGISTER' };

export class DrivenAgent {
  driven: DrivenMaster;
  readonly hostname: string;
  link: string;
  readonly inbox: MasterMessage[] = [];
  isSilent = false;
  readonly description: Pick<
    AgentMessage & { readonly type: 'REGISTER' },
    'info' | 'version' | 'capabilities' | 'checkpointedResources'
  >;

  constructor(
    driven: DrivenMaster,
    link: string,
    resources: string,
    options: { readonly hostname?: string; readonly capabilities?: readonly AgentInfoCapabilityType[] },
  ) {
    this.driven = driven;
    this.link = link;
    this.hostname = options.hostname ?? link.replace('link ', 'host');
    this.description = {
      info: { hostname: this.hostname, resources: parseResourcesText(resources).toWire() },
      version: '1.11.0',
      capabilities: (options.capabilities ?? AGENT_CAPABILITIES).map((type) => ({ type })),
      checkpointedResources: [],
    };
  }

  get id(): string {
    for (const message of this.inbox)
      if (message.type === 'REGISTERED' || message.type === 'REREGISTERED') return message.agentId.value;
    throw new Error(`${this.hostname} is not registered`);
  }

  /** A live agent answers pings, unless it is made to fall silent. */
  receive(message: MasterMessage): void {
    if (message.type === 'PING' && !this.isSilent) this.send({ type: 'PONG' });
    else this.inbox.push(message);
  }

  send(message: AgentMessage): void {
    this.driven.step({ kind: 'agent-message', link: this.link, message });
  }

  /** On a new link, to the same master or another, with what it reports. */
  comeBack(report: Partial<Report> = {}, driven = this.driven): void {
    const info = { ...this.description.info, ...report.info, id: { value: this.id } };
    this.driven = driven;
    this.link = driven.newLink();
    driven.connect(this);
    this.send({
      type: 'REREGISTER',
      ...this.description,
      tasks: [],
      executors: [],
      frameworks: [],
      operations: [],
      ...report,
      info,
    });
  }

  breakLink(): void {
    this.driven.step({ kind: 'link-broken', link: this.link });
  }

  /** Messages of a type, oldest first. */
  received<T extends MasterMessage['type']>(type: T): (MasterMessage & { readonly type: T })[] {
    return this.inbox.filter((message) => message.type === type) as (MasterMessage & { readonly type: T })[];
  }

  /** A status of a task from its executor, with a uuid to acknowledge. */
  update(
    framework: DrivenFramework,
    taskId: string,
    state: TaskState,
    options: { readonly latestState?: TaskState; readonly status?: Partial<TaskStatus> } = {},
  ): TaskStatus {
    const status: TaskStatus = {
      task_id: { value: taskId },
      agent_id: { value: this.id },
      state,
      source: 'SOURCE_EXECUTOR',
      uuid: uuidBytes(this.driven.random),
      timestamp: this.driven.nowUs / 1e6,
      ...options.status,
    };
    this.send({
      type: 'STATUS_UPDATE',
      agentId: { value: this.id },
      frameworkId: { value: framework.id },
      executorId: null,
      status,
      latestState: options.latestState ?? state,
    });
    return status;
  }
}

export class DrivenFramework {
  readonly driven: DrivenMaster;
  private readonly exchange: string;
  readonly events: SchedulerEvent[] = [];

  constructor(driven: DrivenMaster, exchange: string) {
    this.driven = driven;
    this.exchange = exchange;
  }

  get stream(): string {
    return this.driven.opened.get(this.exchange)!;
  }

  /** Of its subscription, where it was refused outright. */
  get answer(): Answer | undefined {
    return this.driven.answers.find(({ exchange }) => exchange === this.exchange);
  }

  get isClosed(): boolean {
    return this.driven.closed.has(this.stream);
  }

  get id(): string {
    const subscribed = this.events.find(({ type }) => type === 'SUBSCRIBED')?.subscribed;
    if (subscribed === undefined) throw new Error('the framework is not subscribed');
    return subscribed.framework_id.value;
  }

  get error(): string | undefined {
    return this.events.find(({ type }) => type === 'ERROR')?.error?.message;
  }

  /** Events of a type, oldest first. */
  received(type: SchedulerEvent['type']): SchedulerEvent[] {
    return this.events.filter((event) => event.type === type);
  }

  /** All offers so far, also those that are no more. */
  get offers(): Offer[] {
    return this.received('OFFERS').flatMap(({ offers }) => offers?.offers ?? []);
  }

  get statuses(): TaskStatus[] {
    return this.received('UPDATE').map(({ update }) => update!.status);
  }

  /** @returns the status code */
  call(call: SchedulerCall): number {
    const answer = this.driven.call({ framework_id: { value: this.id }, ...call }, this.stream);
    return answer!.status;
  }

  accept(offers: readonly Offer[], operations: readonly OfferOperation[], refuseSeconds?: number): number {
    return this.call({
      type: 'ACCEPT',
      accept: {
        offer_ids: offers.map(({ id }) => id),
        operations,
        filters: refuseSeconds === undefined ? undefined : { refuse_seconds: refuseSeconds },
      },
    });
  }

  launch(offer: Offer, ...tasks: readonly TaskInfo[]): number {
    return this.accept([offer], [{ type: 'LAUNCH', launch: { task_infos: tasks } }]);
  }

  acknowledge(status: TaskStatus): number {
    return this.call({
      type: 'ACKNOWLEDGE',
      acknowledge: { agent_id: status.agent_id!, task_id: status.task_id, uuid: status.uuid! },
    });
  }

  closeStream(): void {
    this.driven.step({ kind: 'stream-closed', stream: this.stream });
  }
}

export function capabilities(...types: readonly FrameworkInfoCapabilityType[]): Partial<FrameworkInfo> {
  return { capabilities: types.map((type) => ({ type })) };
}

/** Resources as frameworks without RESERVATION_REFINEMENT write them. */
export function wire(text: string): readonly Resource[] {
  return parseResourcesText(text).toWire({ isRefined: false, hasAllocation: false });
}

/** A task with a command, for an offer's agent. */
export function task(
  id: string,
  offer: Pick<Offer, 'agent_id'>,
  resources = 'cpus:1;mem:128',
  more: Partial<TaskInfo> = {},
): TaskInfo {
  return {
    name: id,
    task_id: { value: id },
    agent_id: offer.agent_id,
    resources: wire(resources),
    command: { value: 'sleep 1' },
    ...more,
  };
}
