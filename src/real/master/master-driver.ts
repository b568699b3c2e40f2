/** Drives a master: what it answers, streams and stores is carried out, and what comes of that is stepped in again. */
import type { ElectedMaster, ElectedMasterEffect, ElectedMasterInput } from '../../master/elected-master.ts';
import type { MasterEffect } from '../../master/io.ts';
import type { MasterMessage } from '../../protocol/internal.ts';
import type { OperatorEvent } from '../../protocol/v1/master.ts';
import type { SchedulerEvent } from '../../protocol/v1/scheduler.ts';
import { RunningMachine } from '../running-machine.ts';
import type { MasterStore } from '../store/master-store.ts';

export type MasterAnswer = Extract<MasterEffect, { readonly kind: 'answer' }>;

/** One request that waits for the master's answer. */
export interface Waiting {
  answer(answer: MasterAnswer): void;
  /** @returns where events go from now on */
  open(stream: string): EventSink;
}

export interface EventSink {
  event(event: SchedulerEvent | OperatorEvent): void;
  close(): void;
}

export interface LinkSink {
  send(message: MasterMessage): void;
}

export class MasterDriver {
  readonly running: RunningMachine<ElectedMasterInput, ElectedMasterEffect>;
  private readonly store: MasterStore;
  private readonly aborted: (reason: string) => void;
  private readonly waiting = new Map<string, Waiting>();
  private readonly streams = new Map<string, EventSink>();
  private readonly links = new Map<string, LinkSink>();
  private exchanges = 0;
  private linkCount = 0;

  /** @param aborted the process must end */
  constructor(machine: ElectedMaster, store: MasterStore, aborted: (reason: string) => void) {
    this.store = store;
    this.aborted = aborted;
    this.running = new RunningMachine(machine, (effect) => this.carryOut(effect));
  }

  /** @param input of the exchange's name */
  ask(waiting: Waiting, input: (exchange: string) => ElectedMasterInput): void {
    const exchange = `x${++this.exchanges}`;
    this.waiting.set(exchange, waiting);
    this.running.step(input(exchange));
  }

  streamClosed(stream: string): void {
    if (this.streams.delete(stream)) this.running.step({ kind: 'stream-closed', stream });
  }

  /** @returns the link's name */
  openLink(sink: LinkSink): string {
    const link = `link-${++this.linkCount}`;
    this.links.set(link, sink);
    return link;
  }

  linkBroken(link: string): void {
    if (this.links.delete(link)) this.running.step({ kind: 'link-broken', link });
  }

  private carryOut(effect: ElectedMasterEffect): void {
    switch (effect.kind) {
      case 'answer':
        this.waiting.get(effect.exchange)?.answer(effect);
        this.waiting.delete(effect.exchange);
        return;
      case 'open-stream': {
        const { exchange, stream } = effect;
        this.streams.set(stream, this.waiting.get(exchange)!.open(stream));
        this.waiting.delete(exchange);
        return;
      }
      case 'event':
      case 'operator-event':
        this.streams.get(effect.stream)?.event(effect.event);
        return;
      case 'close-stream':
        this.streams.get(effect.stream)?.close();
        this.streams.delete(effect.stream);
        return;
      case 'agent-message':
        this.links.get(effect.link)?.send(effect.message);
        return;
      case 'store-request': {
        const { number, request } = effect;
        this.store.serve(request, (answer) =>
          this.running.step({ kind: 'store-answer', request: number, answer }),
        );
        return;
      }
      case 'watch':
        this.store.watch(effect.key, (entry, revision) =>
          this.running.step({ kind: 'watched', entry, revision }),
        );
        return;
      case 'abort':
        this.aborted(effect.reason);
    }
  }
}
