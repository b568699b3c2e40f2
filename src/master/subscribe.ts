/** SUBSCRIBE (reference §2.3): new frameworks, and known ones that come back, on this master or after another's end. */
import { frameworkInfoProblem } from '../protocol/framework-info.ts';
import { cancelTimer } from '../protocol/timers.ts';
import type { FrameworkInfo } from '../protocol/v1/mesos.ts';
import type { SchedulerCallSubscribe } from '../protocol/v1/scheduler.ts';
import { mayRegister } from './authorization.ts';
import type { MasterContext } from './context.ts';
import { HEARTBEAT_US } from './flags.ts';
import { changeFramework, frameworkChangeProblem } from './framework-update.ts';
import { addFramework } from './frameworks.ts';
import { newFrameworkId } from './ids.ts';
import { discardInverseOffer } from './inverse-offers.ts';
import { returnOffer } from './offers.ts';
import { sendEvent } from './send.ts';
import type { FrameworkRecord } from './state.ts';
import { attachStream, beginHeartbeats, failStream, openStream } from './streams.ts';

export function subscribe(
  master: MasterContext,
  exchange: string,
  call: SchedulerCallSubscribe,
  principal: string | null,
): void {
  const stream = openStream(master, exchange);
  const given = call.framework_info;
  const info: FrameworkInfo =
    given.principal === undefined && principal !== null ? { ...given, principal } : given;
  const id = info.id?.value ?? '';
  const problem =
    (master.state.completedFrameworks.has(id) ? 'Framework has been removed' : null) ??
    frameworkInfoProblem(info, call.suppressed_roles ?? [], call.offer_constraints, master.flags) ??
    mayRegister(master, info, principal);
  if (problem !== null) {
    failStream(master, stream, problem);
    return;
  }
  const known = master.state.frameworks.get(id);
  if (known === undefined) {
    master.counters.add(id === '' ? 'messages_register_framework' : 'messages_reregister_framework');
    const framework = addFramework(
      master,
      id === '' ? { ...info, id: { value: newFrameworkId(master) } } : info,
      {
        connection: 'active',
        suppressedRoles: new Set(call.suppressed_roles),
        offerConstraints: call.offer_constraints ?? null,
      },
    );
    welcome(master, framework, stream);
    return;
  }
  master.counters.add('messages_reregister_framework');
  const change = frameworkChangeProblem(known, info);
  if (change !== null) {
    failStream(master, stream, change);
    return;
  }
  resubscribe(master, known, stream, call, info);
}

/** User and checkpointing stay as they were first said. */
function resubscribe(
  master: MasterContext,
  framework: FrameworkRecord,
  stream: string,
  call: SchedulerCallSubscribe,
  info: FrameworkInfo,
): void {
  framework.failoverTimer = cancelTimer(framework.failoverTimer);
  if (framework.stream !== null) {
    master.state.frameworkOfStream.delete(framework.stream);
    failStream(master, framework.stream, 'Framework failed over');
    framework.stream = null;
  }
  for (const offer of framework.offers) returnOffer(master, offer, null);
  for (const inverseOffer of framework.inverseOffers) discardInverseOffer(master, inverseOffer);
  const wasActive = framework.connection === 'active';
  framework.connection = 'active';
  framework.reregisteredUs = master.nowUs;
  changeFramework(
    master,
    framework,
    { ...info, user: framework.info.user, checkpoint: framework.info.checkpoint },
    call,
  );
  if (!wasActive) master.allocator.activateFramework(framework.id);
  welcome(master, framework, stream);
}

function welcome(master: MasterContext, framework: FrameworkRecord, stream: string): void {
  attachStream(master, framework, stream);
  framework.calls.add('SUBSCRIBE');
  sendEvent(master, framework, {
    type: 'SUBSCRIBED',
    subscribed: {
      framework_id: framework.wireId,
      heartbeat_interval_seconds: HEARTBEAT_US / 1e6,
      master_info: master.info,
    },
  });
  beginHeartbeats(master, framework);
}
