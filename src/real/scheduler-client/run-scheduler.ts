/** Runs a scheduler against a real master: its machine by the wall clock, its subscription by HTTP, its state on disk. */
import type { SchedulerEffect, SchedulerInput } from '../../frameworks/io.ts';
import type { Machine } from '../../protocol/machine.ts';
import type { SchedulerCall, SchedulerEvent } from '../../protocol/v1/scheduler.ts';
import { RunningMachine } from '../running-machine.ts';
import { type MasterAddresses, MasterConnection } from './master-connection.ts';
import type { SavedState } from './saved-state.ts';

export interface SchedulerObserver {
  /** After the scheduler has seen it. */
  event?(event: SchedulerEvent): void;
  /** When it is sent. */
  called?(call: SchedulerCall): void;
  /** The subscription is gone; the scheduler tries again. */
  disconnected?(problem: string): void;
}

export interface RunningScheduler {
  /** Settles when the scheduler ends by itself; `null`: all its work is done, else why it was refused. */
  readonly ended: Promise<string | null>;
  /** Lets it act on what its application was told meanwhile. */
  wake(): void;
  /** Breaks off: the master keeps the framework for its failover timeout. */
  stop(): void;
}

export function runScheduler(
  machine: Machine<SchedulerInput, SchedulerEffect>,
  addresses: MasterAddresses,
  state: SavedState,
  observer: SchedulerObserver = {},
): RunningScheduler {
  const { promise: ended, resolve } = Promise.withResolvers<string | null>();
  const connection = new MasterConnection(addresses, {
    event(event) {
      running.step({ kind: 'event', event });
      observer.event?.(event);
    },
    closed(problem) {
      observer.disconnected?.(problem);
      running.step({ kind: 'disconnected' });
    },
  });
  const stop = () => {
    running.stop();
    connection.close();
  };
  const carryOut = (effect: SchedulerEffect) => {
    switch (effect.kind) {
      case 'save':
        state.write(effect.changes);
        return;
      case 'subscribe':
        connection.subscribe(effect.call);
        return;
      case 'call':
        observer.called?.(effect.call);
        connection
          .call(effect.call)
          .then((status) => running.step({ kind: 'answer', call: effect.number, status }));
        return;
      case 'end':
        stop();
        resolve(effect.problem);
    }
  };
  const running = new RunningMachine(machine, carryOut);
  running.step({ kind: 'start', entries: state.entries() });
  return { ended, wake: () => running.step({ kind: 'tick' }), stop };
}
