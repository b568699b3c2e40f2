/**
 * Which task is the present attempt at which piece of work, kept so that a restarted scheduler knows. Task ids are
 * `item.start.number`: unique, since every start of the scheduler counts.
 */
import { isTerminal } from '../protocol/task-states.ts';
import type { TaskState, TaskStatus } from '../protocol/v1/mesos.ts';
import type { SavedChange } from './application.ts';

const STARTS_KEY = 'starts';
const ITEM_PREFIX = 'item/';
const ENDED = '';

export class Attempts {
  private readonly taskOfItem = new Map<number, string>();
  private readonly ended = new Set<number>();
  private readonly unreachable = new Map<string, number>();
  private readonly replaceAfterUs: number;
  private saved: SavedChange[] = [];
  private starts = 0;
  private count = 0;

  /** @param replaceAfterUs a task on an agent that is unreachable for so long is given up for another attempt */
  constructor(replaceAfterUs: number) {
    this.replaceAfterUs = replaceAfterUs;
  }

  /** @param entries what `changes` asked to keep */
  start(entries: Readonly<Record<string, unknown>>): void {
    this.starts = Number(entries[STARTS_KEY] ?? 0) + 1;
    this.saved.push({ key: STARTS_KEY, value: this.starts });
    for (const [key, value] of Object.entries(entries)) {
      if (!key.startsWith(ITEM_PREFIX)) continue;
      const item = Number(key.slice(ITEM_PREFIX.length));
      if (value === ENDED) this.ended.add(item);
      else this.taskOfItem.set(item, String(value));
    }
  }

  get openCount(): number {
    return this.taskOfItem.size;
  }

  get endedCount(): number {
    return this.ended.size;
  }

  isOpen(item: number): boolean {
    return this.taskOfItem.has(item);
  }

  hasEnded(item: number): boolean {
    return this.ended.has(item);
  }

  /** The id of a new task for the item. */
  begin(item: number): string {
    const taskId = `${item}.${this.starts}.${this.count++}`;
    this.taskOfItem.set(item, taskId);
    this.saved.push({ key: ITEM_PREFIX + item, value: taskId });
    return taskId;
  }

  /** No further attempt is made. */
  end(item: number): void {
    this.taskOfItem.delete(item);
    this.ended.add(item);
    this.saved.push({ key: ITEM_PREFIX + item, value: ENDED });
  }

  /** The item is to be begun again. */
  giveUp(item: number): void {
    this.taskOfItem.delete(item);
    this.saved.push({ key: ITEM_PREFIX + item, value: null });
  }

  isPresent(taskId: string): boolean {
    return this.taskOfItem.get(itemOf(taskId)) === taskId;
  }

  /** To be told of every state, so that `overdue` knows what stays unreachable. */
  changed(taskId: string, state: TaskState, nowUs: number): void {
    if (state === 'TASK_UNREACHABLE') this.unreachable.set(taskId, nowUs + this.replaceAfterUs);
    else this.unreachable.delete(taskId);
  }

  get nextOverdueUs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const dueUs of this.unreachable.values()) next = Math.min(next, dueUs);
    return next;
  }

  /** Items whose task was unreachable for too long; each is told once. */
  overdue(nowUs: number): number[] {
    const items: number[] = [];
    for (const [taskId, dueUs] of this.unreachable) {
      if (dueUs > nowUs) continue;
      this.unreachable.delete(taskId);
      if (this.isPresent(taskId)) items.push(itemOf(taskId));
    }
    return items;
  }

  changes(): readonly SavedChange[] {
    const changes = this.saved;
    if (changes.length > 0) this.saved = [];
    return changes;
  }
}

/** The piece of work that a task is an attempt at. */
export function itemOf(taskId: string): number {
  return Number.parseInt(taskId, 10);
}

/** What the state of an attempt means for its item; `null`: it goes on. */
export function verdictOf(state: TaskState): 'done' | 'failed' | 'lost' | null {
  if (state === 'TASK_FINISHED') return 'done';
  if (state === 'TASK_FAILED' || state === 'TASK_ERROR' || state === 'TASK_KILLED') return 'failed';
  return isTerminal(state) || state === 'TASK_UNKNOWN' ? 'lost' : null;
}

/** Of a task of a trace: where its executor ended under it, it is to be played again. */
export function traceVerdictOf({ state, reason }: TaskStatus): ReturnType<typeof verdictOf> {
  return state === 'TASK_FAILED' && reason === 'REASON_EXECUTOR_TERMINATED' ? 'lost' : verdictOf(state);
}
