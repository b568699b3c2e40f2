/** Job files: tasks with their needs, arrays of them, retries, and which wait for which. */
import type { BatchTask } from '../../frameworks/batch.ts';
import { describeTask, TASK_PROPERTIES, type TaskDefinition } from '../../frameworks/task-definition.ts';
import { type ConfigFile, readConfigFile } from '../config-file.ts';

interface TaskEntry extends TaskDefinition {
  /** So many copies, which find their number from 0 in `MESOLAB_ARRAY_INDEX`. */
  readonly array?: number;
  readonly retries: number;
  /** Names of tasks that must finish first: all copies of them. */
  readonly after?: readonly string[];
  /** Agents that suit it best. */
  readonly prefers?: readonly string[];
}

interface JobFile {
  readonly name: string;
  readonly role: string;
  readonly user?: string;
  readonly tasks: readonly TaskEntry[];
}

export interface Job {
  readonly name: string;
  readonly role: string;
  readonly user?: string;
  /** In an order in which each stands after those that it waits for. */
  readonly tasks: readonly BatchTask[];
}

const SCHEMA = {
  type: 'object',
  required: ['name', 'tasks'],
  additionalProperties: false,
  properties: {
    name: { type: 'string', minLength: 1 },
    role: { type: 'string', default: '*' },
    user: { type: 'string' },
    tasks: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['name', 'command'],
        additionalProperties: false,
        properties: {
          ...TASK_PROPERTIES,
          array: { type: 'integer', minimum: 1, maximum: 1_000_000 },
          retries: { type: 'integer', minimum: 0, default: 0 },
          after: { type: 'array', items: { type: 'string' } },
          prefers: { type: 'array', items: { type: 'string' } },
        },
      },
    },
  },
} as const;

/** Pairs of a task and one that it waits for. */
const MAX_WAITS = 10_000_000;

/** @throws InputError with the place in the file */
export function readJob(path: string): Job {
  const file = readConfigFile<JobFile>(path, SCHEMA);
  const { name, role, user, tasks: entries } = file.value;
  const tasks: BatchTask[] = [];
  const numbersOf = new Map<string, number[]>();
  for (const [index, entry] of inOrder(file)) {
    const at = ['tasks', index];
    const { prefers = [], array, retries, after = [] } = entry;
    const described = describeTask(entry, file.problem, at);
    const preferred = describeTask({ ...entry, constraints: prefers }, file.problem, at).constraints;
    const awaited = after.flatMap((other) => numbersOf.get(other)!);
    if (awaited.length * (array ?? 1) > MAX_WAITS)
      throw file.problem(
        [...at, 'after'],
        `makes ${array} copies wait for ${awaited.length} tasks each, which is too much; put one task that does nothing between`,
      );
    const numbers: number[] = [];
    for (let copy = 0; copy < (array ?? 1); copy++) {
      const info = array === undefined ? described.info : copyOf(described.info, copy);
      const rest = { prefers: preferred, after: awaited, maxFailures: retries + 1 };
      numbers.push(tasks.push({ ...described, info, ...rest }) - 1);
    }
    numbersOf.set(entry.name, numbers);
  }
  return { name, role, tasks, ...(user !== undefined && { user }) };

  function* inOrder({ problem }: ConfigFile<JobFile>): Generator<[number, TaskEntry]> {
    const indexOf = new Map<string, number>();
    for (const [index, entry] of entries.entries()) {
      if (indexOf.has(entry.name))
        throw problem(['tasks', index, 'name'], `there are two tasks with the name "${entry.name}"`);
      indexOf.set(entry.name, index);
    }
    const state = new Map<number, 'open' | 'done'>();
    const visit = function* (index: number): Generator<[number, TaskEntry]> {
      state.set(index, 'open');
      for (const [place, other] of (entries[index].after ?? []).entries()) {
        const next = indexOf.get(other);
        const at = ['tasks', index, 'after', place];
        if (next === undefined) throw problem(at, `no task has the name "${other}"`);
        if (state.get(next) === 'open')
          throw problem(at, `"${other}" waits, by others or itself, for this task`);
        if (!state.has(next)) yield* visit(next);
      }
      state.set(index, 'done');
      yield [index, entries[index]];
    };
    for (const index of entries.keys()) if (!state.has(index)) yield* visit(index);
  }
}

function copyOf(info: BatchTask['info'], copy: number): BatchTask['info'] {
  const variables = [
    { name: 'MESOLAB_ARRAY_INDEX', value: String(copy) },
    ...(info.command?.environment?.variables ?? []),
  ];
  return { ...info, name: `${info.name}[${copy}]`, command: { ...info.command, environment: { variables } } };
}
