/** The scheduler API's calls (reference §2.1, 2.2), checked in the order of §1.5. */
import { schedulerCallProblem } from '../protocol/scheduler-call.ts';
import type { SchedulerCall } from '../protocol/v1/scheduler.ts';
import { accept, decline } from './accept.ts';
import { acknowledge, acknowledgeOperation } from './acknowledgements.ts';
import type { MasterContext } from './context.ts';
import { updateFramework } from './framework-update.ts';
import { removeFramework } from './frameworks.ts';
import { answerInverseOffers } from './inverse-offers.ts';
import type { MasterInput } from './io.ts';
import { kill, messageExecutor, shutdownExecutor } from './kill.ts';
import { isRefusedHere } from './leadership.ts';
import { reconcileOperations, reconcileTasks } from './reconcile.ts';
import { answer } from './send.ts';
import type { FrameworkRecord } from './state.ts';
import { subscribe } from './subscribe.ts';
import { revive, suppress } from './suppress.ts';

export function schedulerCall(
  master: MasterContext,
  { exchange, call, stream, principal }: MasterInput & { readonly kind: 'call' },
): void {
  if (isRefusedHere(master, exchange)) return;
  const problem = schedulerCallProblem(call, principal);
  if (problem !== null) {
    answer(master, exchange, 400, problem);
    return;
  }
  if (call.type === 'SUBSCRIBE') {
    if (stream !== null) {
      answer(master, exchange, 400, "Subscribe calls should not include the 'Mesos-Stream-Id' header");
      return;
    }
    subscribe(master, exchange, call.subscribe!, principal);
    return;
  }
  const framework = master.state.frameworks.get(call.framework_id!.value);
  if (framework === undefined) {
    answer(master, exchange, 400, 'Framework cannot be found');
    return;
  }
  if (principal !== null && principal !== framework.info.principal) {
    answer(
      master,
      exchange,
      400,
      `Authenticated principal '${principal}' does not match principal '${framework.info.principal ?? ''}' set in FrameworkInfo`,
    );
    return;
  }
  if (framework.stream === null) {
    answer(master, exchange, 403, 'Framework is not subscribed');
    return;
  }
  if (stream === null) {
    answer(master, exchange, 400, "All non-subscribe calls should include the 'Mesos-Stream-Id' header");
    return;
  }
  if (stream !== framework.stream) {
    answer(
      master,
      exchange,
      400,
      `The stream ID '${stream}' included in this request didn't match the stream ID currently associated with framework ID ${framework.id}`,
    );
    return;
  }
  framework.calls.add(call.type!);
  if (call.type === 'UPDATE_FRAMEWORK') {
    updateFramework(master, exchange, framework, call.update_framework!);
    return;
  }
  answer(master, exchange, 202);
  dispatch(master, framework, call);
}

function dispatch(master: MasterContext, framework: FrameworkRecord, call: SchedulerCall): void {
  const { counters } = master;
  switch (call.type) {
    case 'TEARDOWN':
      counters.add('messages_unregister_framework');
      removeFramework(master, framework);
      break;
    case 'ACCEPT':
      accept(master, framework, call.accept!);
      break;
    case 'DECLINE':
      counters.add('messages_decline_offers');
      decline(master, framework, call.decline!);
      break;
    case 'ACCEPT_INVERSE_OFFERS': {
      const { inverse_offer_ids, filters } = call.accept_inverse_offers!;
      answerInverseOffers(master, framework, inverse_offer_ids ?? [], 'ACCEPT', filters);
      return;
    }
    case 'DECLINE_INVERSE_OFFERS': {
      const { inverse_offer_ids, filters } = call.decline_inverse_offers!;
      answerInverseOffers(master, framework, inverse_offer_ids ?? [], 'DECLINE', filters);
      return;
    }
    case 'REVIVE':
      counters.add('messages_revive_offers');
      revive(master, framework, call.revive?.roles ?? []);
      break;
    case 'SUPPRESS':
      counters.add('messages_suppress_offers');
      suppress(master, framework, call.suppress?.roles ?? []);
      break;
    case 'KILL':
      counters.add('messages_kill_task');
      kill(master, framework, call.kill!);
      break;
    case 'SHUTDOWN':
      shutdownExecutor(master, framework, call.shutdown!);
      break;
    case 'ACKNOWLEDGE':
      counters.add('messages_status_update_acknowledgement');
      acknowledge(master, framework, call.acknowledge!);
      break;
    case 'ACKNOWLEDGE_OPERATION_STATUS':
      counters.add('messages_operation_status_update_acknowledgement');
      acknowledgeOperation(master, framework, call.acknowledge_operation_status!);
      break;
    case 'RECONCILE':
      counters.add('messages_reconcile_tasks');
      reconcileTasks(master, framework, call.reconcile!.tasks ?? []);
      break;
    case 'RECONCILE_OPERATIONS':
      counters.add('messages_reconcile_operations');
      reconcileOperations(master, framework, call.reconcile_operations!.operations ?? []);
      break;
    case 'MESSAGE':
      counters.add('messages_framework_to_executor');
      messageExecutor(master, framework, call.message!);
      break;
    case 'REQUEST':
      counters.add('messages_resource_request');
      return;
  }
}
