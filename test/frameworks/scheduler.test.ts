/** A scheduler as a master meets it: subscription, offers, updates, reconciliation, crashes. */
import { describe, expect, it } from 'vitest';
import { stream } from '../../src/cluster/streams.ts';
import { BATCH_DEFAULTS, Batch, type BatchTask } from '../../src/frameworks/batch.ts';
import type { SchedulerEffect } from '../../src/frameworks/io.ts';
import { Scheduler } from '../../src/frameworks/scheduler.ts';
import type { Offer, TaskState } from '../../src/protocol/v1/mesos.ts';
import type { SchedulerCall, SchedulerEvent } from '../../src/protocol/v1/scheduler.ts';

const SECOND = 1_000_000;

/** Plays the master by hand: keeps what was called, and what was saved. */
class Stage {
  readonly calls: SchedulerCall[] = [];
  readonly numbers: number[] = [];
  readonly disk: Record<string, unknown> = {};
  ended: string | null | undefined;
  now = 0;
  scheduler: Scheduler;
  private readonly make: () => Scheduler;

  constructor(make: () => Scheduler) {
    this.make = make;
    this.scheduler = make();
    this.take(this.scheduler.step({ kind: 'start', entries: {} }, 0));
  }

  restart(): void {
    this.scheduler = this.make();
    this.take(this.scheduler.step({ kind: 'start', entries: { ...this.disk } }, this.now));
  }

  subscribe(): void {
    this.event({ type: 'SUBSCRIBED', subscribed: { framework_id: { value: 'F' } } });
  }

  event(event: SchedulerEvent): void {
    this.take(this.scheduler.step({ kind: 'event', event }, this.now));
  }

  offers(...offers: Offer[]): void {
    this.event({ type: 'OFFERS', offers: { offers } });
  }

  update(
    taskId: string,
    state: TaskState,
    more: { uuid?: string; reason?: 'REASON_RECONCILIATION' } = {},
  ): void {
    const status = { task_id: { value: taskId }, state, agent_id: { value: 'A1' }, ...more };
    this.event({ type: 'UPDATE', update: { status } });
  }

  answer(call: number, status: number): void {
    this.take(this.scheduler.step({ kind: 'answer', call, status }, this.now));
  }

  /** Lets time pass, with a tick at each timer. */
  wait(seconds: number): void {
    const end = this.now + seconds * SECOND;
    while (this.scheduler.nextTimerUs <= end) {
      this.now = Math.max(this.now, this.scheduler.nextTimerUs);
      this.take(this.scheduler.step({ kind: 'tick' }, this.now));
    }
    this.now = end;
  }

  called(type: string): SchedulerCall[] {
    return this.calls.filter((call) => call.type === type);
  }

  get launched(): string[] {
    return this.called('ACCEPT').flatMap((call) =>
      (call.accept?.operations ?? [])
        .flatMap((one) => one.launch?.task_infos ?? [])
        .map((task) => task.task_id.value),
    );
  }

  private take(effects: readonly SchedulerEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'subscribe') this.calls.push(effect.call);
      else if (effect.kind === 'call') {
        this.calls.push(effect.call);
        this.numbers.push(effect.number);
      } else if (effect.kind === 'end') this.ended = effect.problem;
      else
        for (const { key, value } of effect.changes) {
          if (value === null) delete this.disk[key];
          else this.disk[key] = value;
        }
    }
  }
}

let offerCount = 0;
function offer(cpus: number, rack = 'r1'): Offer {
  const [id, agent] = [`O${offerCount++}`, 'A1'];
  return {
    id: { value: id },
    framework_id: { value: 'F' },
    agent_id: { value: agent },
    hostname: 'host',
    resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: cpus } }],
    attributes: [{ name: 'rack', type: 'TEXT', text: { value: rack } }],
  };
}

function task(more: Partial<BatchTask> = {}): BatchTask {
  const demand = [{ name: 'cpus', milli: 1000 }];
  const info = { name: 't', command: { value: 'sleep 1' } };
  return { info, demand, constraints: [], prefers: [], after: [], maxFailures: 3, ...more };
}

function batch(tasks: readonly BatchTask[], options = BATCH_DEFAULTS): Stage {
  const info = { user: 'root', name: 'batch', roles: ['web'], failover_timeout: 60 };
  const stage = new Stage(() => new Scheduler(info, new Batch(tasks, options), stream('1', 'batch')));
  stage.subscribe();
  return stage;
}

describe('a scheduler', () => {
  it('launches what fits, and takes no more of an offer than that', () => {
    const stage = batch([task(), task(), task()]);
    stage.offers(offer(2.5));
    expect(stage.launched).toHaveLength(2);
    stage.offers(offer(0.5));
    expect(stage.called('DECLINE')).toHaveLength(1);
  });

  it('§2.6 acknowledges updates that carry a uuid, and only those', () => {
    const stage = batch([task()]);
    stage.offers(offer(1));
    stage.update(stage.launched[0], 'TASK_RUNNING', { uuid: 'AA==' });
    stage.update(stage.launched[0], 'TASK_RUNNING', { reason: 'REASON_RECONCILIATION' });
    expect(stage.called('ACKNOWLEDGE')).toHaveLength(1);
  });

  it('suppresses offers while there is nothing to launch, and tears the framework down at the end', () => {
    const stage = batch([task()]);
    stage.offers(offer(1));
    expect(stage.called('SUPPRESS')).toHaveLength(1);
    stage.update(stage.launched[0], 'TASK_FINISHED', { uuid: 'AA==' });
    expect(stage.called('TEARDOWN')).toHaveLength(1);
    stage.answer(stage.numbers.at(-1)!, 202);
    expect(stage.ended).toBeNull();
  });

  it('tries a task again where it failed or was lost, until it has failed too often', () => {
    const stage = batch([task({ maxFailures: 2 })]);
    for (const state of ['TASK_FAILED', 'TASK_LOST', 'TASK_DROPPED', 'TASK_FAILED'] as const) {
      stage.offers(offer(1));
      stage.update(stage.launched.at(-1)!, state, { uuid: 'AA==' });
    }
    expect(new Set(stage.launched).size).toBe(4);
    expect(stage.called('TEARDOWN')).toHaveLength(1);
  });

  it('launches a task when those that it waits for have finished, and skips it where one has failed', () => {
    const tasks = [task(), task({ maxFailures: 1 }), task({ after: [0] }), task({ after: [0, 1] })];
    const stage = batch([...tasks, task({ after: [3] })]);
    stage.offers(offer(4));
    expect(stage.launched).toHaveLength(2);
    stage.update(stage.launched[0], 'TASK_FINISHED', { uuid: 'AA==' });
    stage.offers(offer(4));
    expect(stage.launched).toHaveLength(3);
    stage.update(stage.launched[1], 'TASK_FAILED', { uuid: 'AA==' });
    stage.update(stage.launched[2], 'TASK_FINISHED', { uuid: 'AA==' });
    expect(stage.called('TEARDOWN')).toHaveLength(1);
  });

  it('waits for an agent that a task prefers, then takes any (delay scheduling)', () => {
    const prefers = [{ attribute: 'rack', operator: 'in' as const, values: ['r2'] }];
    const stage = batch([task({ prefers })]);
    stage.offers(offer(1));
    expect(stage.launched).toHaveLength(0);
    stage.wait(5);
    stage.offers(offer(1));
    expect(stage.launched).toHaveLength(1);
  });

  it('gives an offer back, and asks about its tasks, where a launch got no answer', () => {
    const stage = batch([task()]);
    stage.offers(offer(1));
    stage.answer(stage.numbers[0], 0);
    stage.wait(30);
    expect(stage.called('DECLINE')).toHaveLength(1);
    expect(stage.called('RECONCILE').length).toBeGreaterThan(0);
    stage.update(stage.launched[0], 'TASK_GONE', { reason: 'REASON_RECONCILIATION' });
    stage.offers(offer(1));
    expect(stage.launched).toHaveLength(2);
  });

  it('§2.3 subscribes anew with its id when the connection breaks or falls silent', () => {
    const stage = batch([task()]);
    stage.offers(offer(1));
    stage.wait(80);
    const again = stage.called('SUBSCRIBE').at(-1)!;
    expect(again.framework_id?.value).toBe('F');
    expect(again.subscribe?.suppressed_roles).toEqual(['web']);
  });

  it('knows its tasks after a crash: they are reconciled, not launched twice', () => {
    const stage = batch([task(), task()]);
    stage.offers(offer(1));
    stage.restart();
    stage.subscribe();
    stage.wait(3);
    expect(
      stage
        .called('RECONCILE')
        .at(-1)
        ?.reconcile?.tasks?.map(({ task_id }) => task_id.value),
    ).toEqual(stage.launched);
    stage.update(stage.launched[0], 'TASK_RUNNING', { reason: 'REASON_RECONCILIATION' });
    stage.offers(offer(5));
    expect(stage.launched).toHaveLength(2);
    expect(new Set(stage.launched.map((id) => id.split('.')[0]))).toEqual(new Set(['0', '1']));
  });

  it('kills a task that it had given up and that comes back', () => {
    const stage = batch([task()]);
    stage.offers(offer(1));
    const [first] = stage.launched;
    stage.update(first, 'TASK_UNREACHABLE');
    stage.wait(61);
    stage.offers(offer(1));
    expect(stage.launched).toHaveLength(2);
    stage.update(first, 'TASK_RUNNING');
    expect(stage.called('KILL').map((call) => call.kill?.task_id.value)).toEqual([first]);
  });

  it('§2.3.2 ends with the reason when the master refuses it', () => {
    const stage = batch([task()]);
    stage.event({ type: 'ERROR', error: { message: 'Framework has been removed' } });
    expect(stage.ended).toBe('Framework has been removed');
  });
});
