/** Commands that are calls of a framework. */
import type {
  FrameworkInfo,
  FrameworkInfoCapabilityType,
  Offer,
  OfferID,
} from '../../src/protocol/v1/mesos.ts';
import type { OfferConstraints, SchedulerCall } from '../../src/protocol/v1/scheduler.ts';
import { readLines } from './script.ts';
import type { ScriptedFramework } from './scripted-framework.ts';
import { operation } from './shorthand.ts';
import type { Stage } from './stage.ts';
import { parsedValue, type Words } from './words.ts';

export type StageCommand = (stage: Stage, words: Words, input: readonly string[]) => void;

const INFO_KEYS = [
  'user',
  'name',
  'id',
  'role',
  'roles',
  'checkpoint',
  'failover_timeout',
  'principal',
  'hostname',
  'webui_url',
  'capabilities',
  'offer_filters',
] as const;

export const FRAMEWORK_COMMANDS: Readonly<Record<string, StageCommand>> = {
  subscribe(stage, words) {
    const framework = named(stage, words);
    const as = words.takeNamed('as');
    const terms = takeTerms(words);
    framework.info = changedInfo(framework.info, words);
    const id = as === undefined ? framework.id : stage.framework(as).id;
    const wireId = framework.info.id ?? (id === null ? undefined : { value: id });
    const call: SchedulerCall = {
      type: 'SUBSCRIBE',
      framework_id: wireId,
      subscribe: { framework_info: { ...framework.info, id: wireId }, ...terms },
    };
    framework.subscribe(call);
    stage.act(framework, call);
  },

  'update-framework'(stage, words) {
    const framework = named(stage, words);
    const terms = takeTerms(words);
    const info = changedInfo(framework.info, words);
    const id = framework.id === null ? undefined : { value: framework.id };
    call(stage, framework, {
      type: 'UPDATE_FRAMEWORK',
      update_framework: { framework_info: { ...info, id }, ...terms },
    });
  },

  teardown: (stage, words) => call(stage, named(stage, words), { type: 'TEARDOWN' }),

  accept(stage, words, input) {
    const framework = named(stage, words);
    const filters = takeFilters(words);
    const offer_ids = takeOffers(stage, framework, words);
    const agentId = agentOfOffers(stage, offer_ids);
    const operations = readLines(input, (line) => operation(line, agentId));
    for (const { value } of offer_ids) framework.offers.delete(value);
    call(stage, framework, { type: 'ACCEPT', accept: { offer_ids, operations, ...filters } });
  },

  decline(stage, words) {
    const framework = named(stage, words);
    const filters = takeFilters(words);
    const offer_ids = takeOffers(stage, framework, words);
    for (const { value } of offer_ids) framework.offers.delete(value);
    call(stage, framework, { type: 'DECLINE', decline: { offer_ids, ...filters } });
  },

  'accept-inverse'(stage, words) {
    const framework = named(stage, words);
    const accept_inverse_offers = takeInverseOffers(framework, words);
    call(stage, framework, { type: 'ACCEPT_INVERSE_OFFERS', accept_inverse_offers });
  },

  'decline-inverse'(stage, words) {
    const framework = named(stage, words);
    const decline_inverse_offers = takeInverseOffers(framework, words);
    call(stage, framework, { type: 'DECLINE_INVERSE_OFFERS', decline_inverse_offers });
  },

  suppress: (stage, words) =>
    call(stage, named(stage, words), { type: 'SUPPRESS', suppress: { roles: words.rest() } }),

  revive: (stage, words) =>
    call(stage, named(stage, words), { type: 'REVIVE', revive: { roles: words.rest() } }),

  kill(stage, words) {
    const framework = named(stage, words);
    const task_id = { value: words.take('the task') };
    const agent = words.takeNamed('agent');
    const grace = words.takeDuration('grace');
    call(stage, framework, {
      type: 'KILL',
      kill: {
        task_id,
        ...(agent !== undefined && { agent_id: stage.agentId(agent) }),
        ...(grace !== undefined && { kill_policy: { grace_period: { nanoseconds: grace * 1000 } } }),
      },
    });
  },

  shutdown(stage, words) {
    const framework = named(stage, words);
    const executor_id = { value: words.take('the executor') };
    const agent_id = stage.agentId(words.take('the agent'));
    call(stage, framework, { type: 'SHUTDOWN', shutdown: { executor_id, agent_id } });
  },

  message(stage, words) {
    const framework = named(stage, words);
    const executor_id = { value: words.take('the executor') };
    const agent_id = stage.agentId(words.take('the agent'));
    const data = Buffer.from(words.rest().join(' ')).toString('base64');
    call(stage, framework, { type: 'MESSAGE', message: { executor_id, agent_id, data } });
  },

  acknowledge(stage, words) {
    const framework = named(stage, words);
    const task = words.take('the task');
    const status = framework.updates.get(task);
    if (status === undefined) throw new Error(`no update of "${task}" waits to be acknowledged`);
    const uuid = words.takeNamed('uuid');
    const made = framework.acknowledge(
      uuid === undefined ? status : { ...status, uuid: stage.names.uuidOf(uuid) },
    );
    stage.act(framework, made);
  },

  'acknowledge-operation'(stage, words) {
    const framework = named(stage, words);
    const operation_id = { value: words.take('the operation') };
    const agent_id = stage.agentId(words.take('the agent'));
    const uuid = stage.names.uuidOf(words.take('the uuid'));
    call(stage, framework, {
      type: 'ACKNOWLEDGE_OPERATION_STATUS',
      acknowledge_operation_status: { operation_id, agent_id, uuid },
    });
  },

  acknowledging(stage, words) {
    const framework = named(stage, words);
    const wish = words.take('on or off');
    if (wish !== 'on' && wish !== 'off') throw new Error(`"${wish}" is neither on nor off`);
    framework.isAcknowledging = wish === 'on';
  },

  reconcile(stage, words) {
    const framework = named(stage, words);
    const tasks = words.rest().map((word) => {
      const [task, agent] = word.split('@');
      return { task_id: { value: task }, ...(agent && { agent_id: agentOf(stage, agent) }) };
    });
    call(stage, framework, { type: 'RECONCILE', reconcile: { tasks } });
  },

  'reconcile-operations'(stage, words) {
    const framework = named(stage, words);
    const operations = words.rest().map((word) => {
      const [id, agent] = word.split('@');
      return { operation_id: { value: id }, ...(agent && { agent_id: agentOf(stage, agent) }) };
    });
    call(stage, framework, { type: 'RECONCILE_OPERATIONS', reconcile_operations: { operations } });
  },

  call(stage, words, input) {
    call(stage, named(stage, words), stage.json(input));
  },

  /** A POST as anybody could make it, on no connection of a framework. */
  post(stage, words, input) {
    const principal = words.takeNamed('principal') ?? null;
    const framework = words.takeNamed('framework');
    const stream = words.takeNamed('stream') ?? null;
    const own = framework === undefined ? null : stage.framework(framework);
    const id = own?.id ? { framework_id: { value: own.id } } : {};
    const to = words.takeNamed('to');
    stage.post({ call: { ...id, ...stage.json(input) }, stream, principal }, to);
  },
};

/** @throws Error for what FrameworkInfo does not have */
export function changedInfo(info: FrameworkInfo, words: Words): FrameworkInfo {
  const changes: Record<string, unknown> = {};
  for (const [key, text] of words.restNamed()) {
    if (!INFO_KEYS.some((known) => known === key)) throw new Error(`"${key}" is not understood here`);
    if (key === 'roles')
      changes.roles = text.startsWith('[') ? JSON.parse(text) : text.split(',').filter((role) => role !== '');
    else if (key === 'capabilities')
      changes.capabilities = text
        .split(',')
        .filter((type) => type !== '')
        .map((type) => ({ type: type as FrameworkInfoCapabilityType }));
    else if (key === 'id') changes.id = text === '' ? undefined : { value: text };
    else changes[key] = parsedValue(text);
  }
  return { ...info, ...changes };
}

function takeTerms(words: Words) {
  const suppressed_roles = words.takeList('suppressed');
  const constraints = words.takeNamed('constraints');
  return {
    suppressed_roles,
    ...(constraints !== undefined && {
      offer_constraints: { role_constraints: JSON.parse(constraints) } as OfferConstraints,
    }),
  };
}

function takeFilters(words: Words) {
  const refuse = words.takeNamed('refuse');
  return refuse === undefined ? {} : { filters: { refuse_seconds: Number(refuse) } };
}

/** `all`, ids, or names of agents: all offers of those. */
function takeOffers(stage: Stage, framework: ScriptedFramework, words: Words): OfferID[] {
  const offers = [...framework.offers.values()];
  return words.rest().flatMap((word) => {
    const found = offers.filter((offer) => matches(stage, offer, word));
    if (found.length > 0) return found.map(({ id }) => id);
    if (!/^M\d+-O\d+$/.test(word)) throw new Error(`${framework.name} has no offers of "${word}"`);
    return [{ value: stage.names.idOf(word) }];
  });
}

function matches(stage: Stage, { id, agent_id }: Offer, word: string): boolean {
  return word === 'all' || id.value === stage.names.idOf(word) || stage.names.agent(agent_id.value) === word;
}

/** Where tasks of an ACCEPT are to run: the agent of the first offer, whoever it is of. */
function agentOfOffers({ frameworks }: Stage, [first]: readonly OfferID[]): string {
  for (const { agentOfOffer } of frameworks.values()) {
    const agent = agentOfOffer.get(first?.value);
    if (agent !== undefined) return agent;
  }
  return 'unknown';
}

function takeInverseOffers(framework: ScriptedFramework, words: Words) {
  const filters = takeFilters(words);
  const inverse_offer_ids = Array.from(framework.inverseOffers.values(), ({ id }) => id);
  framework.inverseOffers.clear();
  return { inverse_offer_ids, ...filters };
}

/** An agent's name, or an id that no agent has. */
function agentOf(stage: Stage, name: string): { value: string } {
  return name.startsWith('M') ? { value: stage.names.idOf(name) } : stage.agentId(name);
}

function named(stage: Stage, words: Words): ScriptedFramework {
  return stage.framework(words.take('the framework'));
}

function call(stage: Stage, framework: ScriptedFramework, wanted: SchedulerCall): void {
  stage.act(framework, framework.call(wanted));
}
