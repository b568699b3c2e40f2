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
  if (problem !== null) return answer(master, exchange, 400, problem);
  if (call.type === 'SUBSCRIBE') {
    if (stream !== null)
      return answer(
        master,
        exchange,
        400,
        "Subscribe calls should not include the 'Mesos-Stream-Id' header",
      );
    return subscribe(master, exchange, call.subscribe!, principal);
  }
  const framework = master.state.frameworks.get(call.framework_id!.value);
  if (framework === undefined) return answer(master, exchange, 400, 'Framework cannot be found');
  if (principal !== null && principal !== framework.info.principal)
    return answer(
      master,
      exchange,
      400,
      `Authenticated principal '${principal}' does not match principal '${framework.info.principal ?? ''}' set in FrameworkInfo`,
    );
  if (framework.stream === null) return answer(master, exchange, 403, 'Framework is not subscribed');
  if (stream === null)
    return answer(
      master,
      exchange,
      400,
      "All non-subscribe calls should include the 'Mesos-Stream-Id' header",
    );
  if (stream !== framework.stream)
    return answer(
      master,
      exchange,
      400,
      `The stream ID '${stream}' included in this request didn't match the stream ID currently associated with framework ID ${framework.id}`,
    );
  if (call.type === 'UPDATE_FRAMEWORK')
    return updateFramework(master, exchange, framework, call.update_framework!);
  answer(master, exchange, 202);
  dispatch(master, framework, call);
}

function dispatch(master: MasterContext, framework: FrameworkRecord, call: SchedulerCall): void {
  const { counters } = master;
  switch (call.type) {
    case 'TEARDOWN':
      counters.add('messages_unregister_framework');
      return removeFramework(master, framework);
    case 'ACCEPT':
      return accept(master, framework, call.accept!);
    case 'DECLINE':
      counters.add('messages_decline_offers');
      return decline(master, framework, call.decline!);
    case 'ACCEPT_INVERSE_OFFERS': {
      const { inverse_offer_ids, filters } = call.accept_inverse_offers!;
      return answerInverseOffers(master, framework, inverse_offer_ids ?? [], 'ACCEPT', filters);
    }
    case 'DECLINE_INVERSE_OFFERS': {
      const { inverse_offer_ids, filters } = call.decline_inverse_offers!;
      return answerInverseOffers(master, framework, inverse_offer_ids ?? [], 'DECLINE', filters);
    }
    case 'REVIVE':
      counters.add('messages_revive_offers');
      return revive(master, framework, call.revive?.roles ?? []);
    case 'SUPPRESS':
      counters.add('messages_suppress_offers');
      return suppress(master, framework, call.suppress?.roles ?? []);
    case 'KILL':
      counters.add('messages_kill_task');
      return kill(master, framework, call.kill!);
    case 'SHUTDOWN':
      return shutdownExecutor(master, framework, call.shutdown!);
    case 'ACKNOWLEDGE':
      counters.add('messages_status_update_acknowledgement');
      return acknowledge(master, framework, call.acknowledge!);
    case 'ACKNOWLEDGE_OPERATION_STATUS':
      counters.add('messages_operation_status_update_acknowledgement');
      return acknowledgeOperation(master, framework, call.acknowledge_operation_status!);
    case 'RECONCILE':
      counters.add('messages_reconcile_tasks');
      return reconcileTasks(master, framework, call.reconcile!.tasks ?? []);
    case 'RECONCILE_OPERATIONS':
      counters.add('messages_reconcile_operations');
      return reconcileOperations(master, framework, call.reconcile_operations!.operations ?? []);
    case 'MESSAGE':
      counters.add('messages_framework_to_executor');
      return messageExecutor(master, framework, call.message!);
    case 'REQUEST':
      counters.add('messages_resource_request');
      return;
  }
}
