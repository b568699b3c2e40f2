/** The master as a state machine: gives each input to the module that knows it. */

import type { HierarchicalAllocator } from '../allocator/hierarchical/hierarchical-allocator.ts';
import type { WhyNot } from '../allocator/hierarchical/why-not.ts';
import type { RandomStream } from '../cluster/streams.ts';
import type { Machine, Tick } from '../protocol/machine.ts';
import { Timers } from '../protocol/timers.ts';
import type { OperatorCallType, OperatorResponse } from '../protocol/v1/master.ts';
import type { MasterInfo } from '../protocol/v1/mesos.ts';
import { agentMessage, linkBroken } from './agent-endpoint.ts';
import type { MasterContext } from './context.ts';
import { Counters } from './counters.ts';
import { finishDrains } from './draining.ts';
import { elected } from './election.ts';
import { DEFAULT_FLAGS, type MasterFlags } from './flags.ts';
import type { MasterEffect, MasterInput } from './io.ts';
import { killForOperator } from './kill-for-operator.ts';
import { sendOffers } from './offers.ts';
import { operatorCall } from './operator-endpoint.ts';
import { readForOperator } from './operator-reads.ts';
import { RegistryWriter } from './registrar.ts';
import { schedulerCall } from './scheduler-endpoint.ts';
import { MasterState } from './state.ts';
import { streamClosed } from './stream-closed.ts';

export interface MasterOptions {
  /** Its `id` is new with each master process. */
  readonly info: MasterInfo;
  readonly flags?: Partial<MasterFlags>;
  readonly allocator: HierarchicalAllocator;
  /** For stream ids and uuids. */
  readonly random: RandomStream;
}

export class Master implements Machine<MasterInput, MasterEffect> {
  /** For operators' views and for checks of invariants; changed by steps only. */
  readonly state: MasterState;
  readonly counters = new Counters();
  private readonly context: MasterContext & { nowUs: number };
  private readonly allocator: HierarchicalAllocator;
  private readonly registrar: RegistryWriter;
  private readonly timers = new Timers();
  private effects: MasterEffect[] = [];

  constructor(options: MasterOptions) {
    const flags = { ...DEFAULT_FLAGS, ...options.flags };
    const emit = (effect: MasterEffect) => void this.effects.push(effect);
    this.state = new MasterState(flags);
    this.allocator = options.allocator;
    this.registrar = new RegistryWriter(() => this.context);
    this.context = {
      info: options.info,
      flags,
      state: this.state,
      allocator: this.allocator,
      registrar: this.registrar,
      timers: this.timers,
      random: options.random,
      counters: this.counters,
      nowUs: 0,
      emit,
    };
  }

  /** What an operator reads; changes nothing, so that it is no step. `null`: the call is no read. */
  read(type: OperatorCallType): OperatorResponse | null {
    return readForOperator(this.context, type);
  }

  get nextTimerUs(): number {
    return this.state.phase === 'leading'
      ? Math.min(this.timers.nextUs, this.allocator.nextRunUs)
      : this.timers.nextUs;
  }

  /** For each role of a framework, why it is offered no more. A read: nothing changes by it. */
  whyNot(frameworkId: string): readonly WhyNot[] {
    return this.allocator.whyNot(frameworkId);
  }

  step(input: MasterInput | Tick, nowUs: number): readonly MasterEffect[] {
    this.context.nowUs = nowUs;
    this.handle(input);
    if (this.state.draining.size > 0) finishDrains(this.context);
    this.registrar.flush();
    const { effects } = this;
    this.effects = [];
    return effects;
  }

  private handle(input: MasterInput | Tick): void {
    const { context } = this;
    switch (input.kind) {
      case 'tick':
        this.timers.fireDue(context.nowUs);
        if (this.state.phase === 'leading' && this.allocator.nextRunUs <= context.nowUs)
          sendOffers(context, this.allocator.run(context.nowUs));
        return;
      case 'elected':
        elected(context, input.entries);
        break;
      case 'leader':
        this.state.leader = input.master;
        return;
      case 'stored':
        this.registrar.stored(input.revision);
        break;
      case 'call':
        schedulerCall(context, input);
        break;
      case 'kill-task':
        killForOperator(context, input);
        break;
      case 'operator-call':
        operatorCall(context, input);
        break;
      case 'stream-closed':
        streamClosed(context, input.stream);
        break;
      case 'agent-message':
        agentMessage(context, input.link, input.message);
        break;
      case 'link-broken':
        linkBroken(context, input.link);
    }
  }
}
