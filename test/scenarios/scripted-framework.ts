/** A framework's scheduler that does what the scenario says; all by itself it only acknowledges updates. */
import type { SchedulerEffect, SchedulerInput } from '../../src/frameworks/io.ts';
import type { Machine, Tick } from '../../src/protocol/machine.ts';
import type { FrameworkInfo, InverseOffer, Offer, TaskStatus } from '../../src/protocol/v1/mesos.ts';
import type { SchedulerCall, SchedulerEvent } from '../../src/protocol/v1/scheduler.ts';

/** What a framework knows; it outlives the scheduler's process. */
export class ScriptedFramework {
  readonly name: string;
  info: FrameworkInfo;
  id: string | null = null;
  isAcknowledging = true;
  /** Outstanding ones, by id, oldest first. */
  readonly offers = new Map<string, Offer>();
  /** By id of each offer that there ever was. */
  readonly agentOfOffer = new Map<string, string>();
  readonly inverseOffers = new Map<string, InverseOffer>();
  /** The last update of each task that wants to be acknowledged. */
  readonly updates = new Map<string, TaskStatus>();
  /** Calls without an answer, by number. */
  readonly calls = new Map<number, SchedulerCall>();
  private callCount = 0;
  private effects: SchedulerEffect[] = [];

  constructor(name: string, info: FrameworkInfo) {
    this.name = name;
    this.info = info;
  }

  /** Carried out when the machine is stepped next. */
  subscribe(call: SchedulerCall): void {
    this.effects.push({ kind: 'subscribe', call });
  }

  /** Carried out when the machine is stepped next. */
  call(call: SchedulerCall): SchedulerCall {
    const number = ++this.callCount;
    const whole = { framework_id: this.id === null ? undefined : { value: this.id }, ...call };
    this.calls.set(number, whole);
    this.effects.push({ kind: 'call', number, call: whole });
    return whole;
  }

  acknowledge({ task_id, agent_id, uuid }: TaskStatus): SchedulerCall {
    this.updates.delete(task_id.value);
    return this.call({ type: 'ACKNOWLEDGE', acknowledge: { task_id, agent_id: agent_id!, uuid: uuid! } });
  }

  takeEffects(): readonly SchedulerEffect[] {
    return this.effects.splice(0);
  }

  hear(event: SchedulerEvent): void {
    switch (event.type) {
      case 'SUBSCRIBED':
        this.id = event.subscribed!.framework_id.value;
        return;
      case 'OFFERS':
        for (const offer of event.offers?.offers ?? []) {
          this.offers.set(offer.id.value, offer);
          this.agentOfOffer.set(offer.id.value, offer.agent_id.value);
        }
        return;
      case 'INVERSE_OFFERS':
        for (const offer of event.inverse_offers?.inverse_offers ?? [])
          this.inverseOffers.set(offer.id.value, offer);
        return;
      case 'RESCIND':
        this.offers.delete(event.rescind!.offer_id.value);
        return;
      case 'RESCIND_INVERSE_OFFER':
        this.inverseOffers.delete(event.rescind_inverse_offer!.inverse_offer_id.value);
        return;
      case 'UPDATE': {
        const { status } = event.update!;
        if (status.uuid === undefined) return;
        this.updates.set(status.task_id.value, status);
        if (this.isAcknowledging) this.acknowledge(status);
        return;
      }
      case 'UPDATE_OPERATION_STATUS': {
        const { operation_id, agent_id, uuid } = event.update_operation_status!.status;
        if (uuid === undefined || !this.isAcknowledging) return;
        this.call({
          type: 'ACKNOWLEDGE_OPERATION_STATUS',
          acknowledge_operation_status: { operation_id: operation_id!, agent_id, uuid: uuid.value },
        });
      }
    }
  }

  forgetOffers(): void {
    this.offers.clear();
    this.inverseOffers.clear();
  }
}

export class ScriptedScheduler implements Machine<SchedulerInput, SchedulerEffect> {
  readonly nextTimerUs = Number.POSITIVE_INFINITY;
  private readonly framework: ScriptedFramework;
  private readonly say: (text: string) => void;

  /** @param say what becomes of calls and of the subscription */
  constructor(framework: ScriptedFramework, say: (text: string) => void) {
    this.framework = framework;
    this.say = say;
  }

  step(input: SchedulerInput | Tick): readonly SchedulerEffect[] {
    const { framework } = this;
    if (input.kind === 'start' || input.kind === 'disconnected') framework.forgetOffers();
    if (input.kind === 'disconnected') this.say('is disconnected');
    if (input.kind === 'event') framework.hear(input.event);
    if (input.kind === 'answer') {
      if (input.status === 0) this.say(`has no answer to ${framework.calls.get(input.call)?.type}`);
      framework.calls.delete(input.call);
    }
    return framework.takeEffects();
  }
}
