/** The agent as a state machine: gives each input to the module that knows it. */
import type { RandomStream } from '../cluster/streams.ts';
import type { AgentMessage } from '../protocol/internal.ts';
import type { Machine, Tick } from '../protocol/machine.ts';
import { Timers } from '../protocol/timers.ts';
import type { AgentInfo, AgentInfoCapability, AgentInfoCapabilityType } from '../protocol/v1/mesos.ts';
import type { AgentContext } from './context.ts';
import { executorCall } from './executor-endpoint.ts';
import { containerEnded, containerLaunched, executorDisconnected } from './executors.ts';
import { type AgentFlags, DEFAULT_FLAGS } from './flags.ts';
import { collectGarbage } from './garbage.ts';
import type { AgentEffect, AgentInput, CheckpointChange } from './io.ts';
import { finishDrain } from './kill.ts';
import { masterMessage, unregister } from './master-messages.ts';
import { recover } from './recovery.ts';
import { linkBroken, masterDetected } from './registration.ts';
import { AgentState } from './state.ts';

export interface AgentOptions {
  /** Resources and attributes as configured; without id. */
  readonly info: AgentInfo;
  /** Where it can be reached, where its hostname does not say so. */
  readonly ip?: string;
  readonly flags?: Partial<AgentFlags>;
  /** For back-off, container ids and uuids. */
  readonly random: RandomStream;
}

const CAPABILITIES: readonly AgentInfoCapability[] = (
  [
    'MULTI_ROLE',
    'HIERARCHICAL_ROLE',
    'RESERVATION_REFINEMENT',
    'RESIZE_VOLUME',
    'AGENT_OPERATION_FEEDBACK',
    'RESOURCE_PROVIDER',
    'AGENT_DRAINING',
    'TASK_RESOURCE_LIMITS',
  ] satisfies AgentInfoCapabilityType[]
).map((type) => ({ type }));

/** Of the protocol that it speaks. */
const VERSION = '1.11.0';

export class Agent implements Machine<AgentInput, AgentEffect> {
  /** For operators' views and for checks of invariants; changed by steps only. */
  readonly state = new AgentState();
  private readonly context: AgentContext & { nowUs: number };
  private readonly timers = new Timers();
  private effects: AgentEffect[] = [];
  private revision = 0;
  private durable = 0;
  private waiting: { readonly revision: number; readonly then: () => void }[] = [];

  constructor({ info, ip, flags, random }: AgentOptions) {
    this.context = {
      info,
      ip: ip ?? null,
      version: VERSION,
      capabilities: CAPABILITIES,
      flags: { ...DEFAULT_FLAGS, ...flags },
      state: this.state,
      timers: this.timers,
      random,
      nowUs: 0,
      emit: (effect) => void this.effects.push(effect),
      tell: (message) => this.tell(message),
      save: (changes, then) => this.save(changes, then),
      whenSaved: (then) => this.whenSaved(then),
    };
  }

  get nextTimerUs(): number {
    return this.timers.nextUs;
  }

  step(input: AgentInput | Tick, nowUs: number): readonly AgentEffect[] {
    this.context.nowUs = nowUs;
    if (this.state.phase !== 'terminating') {
      this.handle(input);
      finishDrain(this.context);
    }
    const { effects } = this;
    this.effects = [];
    return effects;
  }

  private handle(input: AgentInput | Tick): void {
    const { context } = this;
    switch (input.kind) {
      case 'tick':
        this.timers.fireDue(context.nowUs);
        break;
      case 'start':
        this.state.sandboxes.push(...input.sandboxes);
        recover(context, input.entries, input.liveContainers, input.bootId);
        break;
      case 'master':
        masterDetected(context, input.link);
        break;
      case 'master-message':
        if (input.link === this.state.link) masterMessage(context, input.message);
        break;
      case 'link-broken':
        linkBroken(context, input.link);
        break;
      case 'executor-call':
        executorCall(context, input.exchange, input.connection, input.call);
        break;
      case 'executor-disconnected':
        executorDisconnected(context, input.connection);
        break;
      case 'container-launched':
        containerLaunched(context, input.container);
        break;
      case 'container-ended':
        containerEnded(context, input.container, input.end);
        break;
      case 'checkpointed':
        this.checkpointed(input.revision);
        break;
      case 'disk-usage':
        collectGarbage(context, input.used);
        break;
      case 'unregister':
        unregister(context);
    }
  }

  private tell(message: AgentMessage): void {
    if (this.state.link !== null)
      this.effects.push({ kind: 'master-message', link: this.state.link, message });
  }

  private save(changes: readonly CheckpointChange[], then?: () => void): void {
    this.effects.push({ kind: 'checkpoint', revision: ++this.revision, changes });
    if (then !== undefined) this.whenSaved(then);
  }

  private whenSaved(then: () => void): void {
    if (this.durable === this.revision) then();
    else this.waiting.push({ revision: this.revision, then });
  }

  private checkpointed(revision: number): void {
    this.durable = Math.max(this.durable, revision);
    let done = 0;
    while (done < this.waiting.length && this.waiting[done].revision <= this.durable) done++;
    for (const { then } of this.waiting.splice(0, done)) then();
  }
}
