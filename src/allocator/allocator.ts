/** Puts a policy's parts together into the allocator of a replay. */

import type { Cluster } from '../cluster/cluster.ts';
import { ClusterState } from '../cluster/cluster-state.ts';
import { InputError } from '../cluster/errors.ts';
import type { RandomStream } from '../cluster/streams.ts';
import type { TypicalTask } from '../policies/fits/fgd.ts';
import type { Policy, RoleOrder } from '../policies/policy.ts';
import type { Board, BoardSettings } from './board.ts';
import { ConservativeBackfilling } from './conservative.ts';
import { FitSearch } from './fit-search.ts';
import { type Batch, Offers, type OfferTimes } from './offers.ts';
import { Packing } from './packing.ts';
import { Placement } from './placement.ts';
import { Preemption } from './preemption.ts';
import { KeyedQueueSelector, type QueueSelector, SingleQueueSelector } from './queue-selector.ts';
import { Reservation } from './reservation.ts';
import { RolePlacement } from './role-placement.ts';
import { SharedState, type SharedStateOptions, type TransactionCounts } from './shared-state.ts';
import { Starts } from './starts.ts';
import { TreeSelector } from './tree-selector.ts';

export interface Allocator {
  /** Starts everything that may start at the board's present instant. */
  cycle(): void;
  /** When `cycle` wants to be called although nothing happened, µs; absent or Infinity: never. */
  readonly nextTimerUs?: number;
  /** Offers so far; absent in models without offers. */
  readonly counts?: { made: number; accepted: number; declined: number; rescinded: number };
  /** Offers that frameworks hold; absent in models without offers. */
  readonly held?: readonly Batch[];
  /** Absent in other models than `shared-state`. */
  readonly transactions?: TransactionCounts;
}

/** How decisions come about: by one scheduler that sees all and takes no time, by offers, or by several on a shared state. */
export type AllocationRules =
  | { readonly kind: 'placement' }
  | ({ readonly kind: 'offers' } & OfferTimes)
  | ({ readonly kind: 'shared-state' } & SharedStateOptions);

/**
 * What the board must keep for a policy.
 * @param agentsChange whether agents may leave or shrink, so that their tasks must be found
 */
export function boardSettings(
  policy: Policy,
  kind: AllocationRules['kind'],
  agentsChange: boolean,
): BoardSettings {
  const hasBackfill = (policy.backfill ?? 'none') !== 'none';
  return {
    gang: policy.gang ?? 'trace',
    hasSingleQueue: policy.order.kind !== 'roles' && kind === 'placement',
    hasStageKeys: policy.order.kind === 'jobs' && policy.order.key !== undefined,
    tracksEnds: hasBackfill,
    tracksPriorities: policy.preemption === 'priority',
    tracksAgents: agentsChange || policy.preemption === 'priority',
  };
}

/**
 * @param typical the workload's most common tasks, for fits that look ahead
 * @throws InputError OPTION_CONFLICT where parts of the policy do not go together
 */
export function createAllocator(
  board: Board,
  cluster: Cluster,
  policy: Policy,
  rules: AllocationRules,
  typical: readonly TypicalTask[],
  random: RandomStream,
): Allocator {
  checkCombination(policy, rules.kind);
  const fit = policy.fit ?? 'first';
  const search = new FitSearch(board.cluster, fit, typical, random);
  const { order } = policy;
  if (rules.kind !== 'placement' && order.kind !== 'tasks')
    return rules.kind === 'offers'
      ? new Offers(board, order, search, rules, random)
      : new SharedState(board, order, search, rules, random);
  if (order.kind === 'tasks') return new Packing(board, order, search);
  if (policy.backfill === 'conservative') return new ConservativeBackfilling(board, search);

  const scratch = () => new ClusterState(cluster, board.cluster.resources, board.cluster.requests);
  let reservation: Reservation | null = null;
  if (policy.backfill === 'easy') {
    const future = scratch();
    reservation = new Reservation(board, future, new FitSearch(future, 'first', [], random));
  }
  let preemption: Preemption | null = null;
  if (policy.preemption === 'priority') {
    const without = scratch();
    preemption = new Preemption(board, without, new FitSearch(without, fit, typical, random));
  }
  const starts = new Starts(board, search);
  if (
    order.kind === 'roles' &&
    reservation === null &&
    preemption === null &&
    hasKeysOfTheirOwn(board, order)
  )
    return new RolePlacement(board, order, starts, random);
  let selector: QueueSelector;
  if (order.kind === 'jobs') selector = new SingleQueueSelector();
  else if (order.tree) selector = new TreeSelector(board, order, random);
  else selector = new KeyedQueueSelector(board, order, random);
  const prepare = order.kind === 'roles' && order.prepare ? prepareOnChange(board, order.prepare) : null;
  return new Placement(board, selector, starts, reservation, preemption, prepare);
}

/** Whether each role's key changes only with the role itself, so that it need not be computed anew in every cycle. */
function hasKeysOfTheirOwn({ roles }: Board, { tree, prepare, key }: RoleOrder): boolean {
  const drawsNothing = key.length < 2;
  return tree === undefined && prepare === undefined && drawsNothing && !roles.hasInnerGuarantees;
}

/** Calls `prepare` with the backlogged roles whenever these, the tasks at their heads, or the capacity changed. */
function prepareOnChange(board: Board, prepare: NonNullable<RoleOrder['prepare']>): () => void {
  let before = '';
  return () => {
    const roles = Array.from({ length: board.roles.roleCount }, (_, role) => role).filter(
      (role) => board.waitingOfRole[role] > 0,
    );
    const heads = roles.map(
      (role) => board.workload.tasks.request[board.firstWaiting(board.queues[role].at(0))],
    );
    const now = `${roles} ${heads} ${board.cluster.totalPresent}`;
    if (now === before) return;
    before = now;
    prepare(roles.map((role) => board.viewOfHead(role)));
  };
}

function checkCombination(
  { name, order, backfill, preemption }: Policy,
  kind: AllocationRules['kind'],
): void {
  const refuse = (what: string, why: string) => {
    throw new InputError('OPTION_CONFLICT', `policy ${name} cannot be used with ${what}: ${why}`);
  };
  const isBackfilled = (backfill ?? 'none') !== 'none';
  if (kind !== 'placement') {
    const model = `--model ${kind}`;
    if (order.kind === 'tasks')
      refuse(model, 'it chooses among the tasks of all frameworks at once; use --model placement');
    if (order.kind === 'roles' && order.tree) refuse(model, 'its order is a tree; use --model placement');
    if (isBackfilled)
      refuse(
        model,
        `backfilling (${backfill}) needs a scheduler that sees all queues; use --model placement`,
      );
    if (preemption === 'priority')
      refuse(model, 'frameworks do not preempt each other; use --model placement');
  }
  if (backfill === 'conservative' && order.kind !== 'jobs')
    refuse(
      'conservative backfilling',
      'only one queue of all jobs has reservations in order; use backfill=easy',
    );
  if (order.kind === 'tasks' && (isBackfilled || preemption === 'priority'))
    refuse('backfilling or preemption', 'it has no queue order to keep');
  if (preemption === 'priority' && isBackfilled)
    refuse('backfilling and preemption together', 'a preempted job would break reservations; choose one');
}
