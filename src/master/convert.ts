/** Operations that make resources into others (reference §3.3): applied in the books at once, and sent to the agent. */
import { operationProblem } from '../protocol/operation.ts';
import type { OfferOperation } from '../protocol/v1/mesos.ts';
import { type Conversion, conversionsOf } from '../resources/operations.ts';
import { ResourceError } from '../resources/resource-error.ts';
import type { Resources } from '../resources/resources.ts';
import type { Acceptance } from './acceptance.ts';
import { mayOperate } from './authorization.ts';
import { completeOperation } from './complete-operation.ts';
import type { MasterContext } from './context.ts';
import { rescindOffer } from './offers.ts';
import { dropOperation, startOperation } from './operations.ts';
import type { AgentRecord } from './state.ts';

/** Refused ones leave everything as it is. */
export function convert(master: MasterContext, acceptance: Acceptance, given: OfferOperation): void {
  const { framework, agent, role } = acceptance;
  const operation = completeOperation(given, role);
  const refusal = mayOperate(master, framework.info.principal ?? null, operation);
  if (refusal !== null) {
    dropOperation(master, framework, operation, refusal);
    return;
  }
  const conversions = checkedConversions(acceptance, operation);
  if (typeof conversions === 'string') {
    dropOperation(master, framework, operation, `Invalid ${operation.type} operation: ${conversions}`);
    return;
  }
  if (operation.type === 'DESTROY') rescindSharersOf(master, agent, conversions);
  master.allocator.updateAllocation(framework.id, agent.id, acceptance.remaining, conversions);
  convertTotal(agent, conversions);
  const isResize = operation.type === 'GROW_VOLUME' || operation.type === 'SHRINK_VOLUME';
  for (const { consumed, converted } of conversions) {
    acceptance.remaining = acceptance.remaining.minus(consumed);
    if (isResize) acceptance.resized = acceptance.resized.plus(converted);
    else acceptance.remaining = acceptance.remaining.plus(converted);
  }
  acceptance.isConverted = true;
  startOperation(master, framework, agent, operation);
}

/** What the agent has after the conversions. */
export function convertTotal(agent: AgentRecord, conversions: readonly Conversion[]): void {
  for (const { consumed, converted } of conversions)
    agent.total = agent.total.minus(consumed.unallocated()).plus(converted.unallocated());
}

/** Or why the operation is refused. */
function checkedConversions(
  { framework, agent, remaining }: Acceptance,
  operation: OfferOperation,
): readonly Conversion[] | string {
  if (operation.id !== undefined) {
    if (framework.operationsById.has(operation.id.value))
      return `operation id '${operation.id.value}' is in use`;
    if (!agent.capabilities.has('RESOURCE_PROVIDER') || !agent.capabilities.has('AGENT_OPERATION_FEEDBACK'))
      return 'the agent does not support operation feedback; leave the id out';
  }
  const problem = operationProblem(operation, {
    principal: framework.info.principal ?? null,
    agent: agent.capabilities,
    framework,
  });
  if (problem !== null) return problem;
  try {
    const conversions = conversionsOf(operation);
    const consumed = conversions.map((conversion) => conversion.consumed).reduce((a, b) => a.plus(b));
    if (!remaining.contains(consumed)) return `${remaining} does not contain ${consumed}`;
    return volumeProblem(agent, operation, conversions) ?? conversions;
  } catch (error) {
    if (error instanceof ResourceError) return error.message;
    throw error;
  }
}

function volumeProblem(
  agent: AgentRecord,
  { type }: OfferOperation,
  conversions: readonly Conversion[],
): string | null {
  for (const { consumed, converted } of conversions) {
    if (type === 'CREATE')
      for (const kind of agent.total.persistentVolumes().kinds)
        for (const { role, disk } of converted.kinds)
          if (kind.role === role && kind.disk?.persistence?.id === disk?.persistence?.id)
            return `persistence id '${disk?.persistence?.id}' is in use for role ${role} on the agent`;
    if (type === 'DESTROY')
      for (const task of agent.tasks)
        if (holdsOneOf(task.resources, consumed.shared())) return `task '${task.id}' uses the volume`;
  }
  return null;
}

function rescindSharersOf(
  master: MasterContext,
  agent: AgentRecord,
  conversions: readonly Conversion[],
): void {
  for (const { consumed } of conversions) {
    const shared = consumed.shared();
    if (shared.isEmpty) continue;
    for (const offer of agent.offers) if (holdsOneOf(offer.resources, shared)) rescindOffer(master, offer);
  }
}

/** Whatever role they are allocated to. */
function holdsOneOf(resources: Resources, volumes: Resources): boolean {
  if (volumes.isEmpty) return false;
  const kinds = new Set(volumes.unallocated().kinds);
  return resources.unallocated().kinds.some((kind) => kinds.has(kind));
}
