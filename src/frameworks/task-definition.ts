/** The part of jobs' and services' definitions that describes a task: what to run, what it needs, where it may be. */
import type { Constraint } from '../cluster/constraints.ts';
import { toMilli } from '../cluster/resources.ts';
import type { CommandInfo } from '../protocol/v1/mesos.ts';
import { parseConstraintText } from '../workload/format/constraint-text.ts';
import type { TaskDescription } from './described-task.ts';
import type { Needs } from './open-offer.ts';

export interface TaskDefinition {
  readonly name: string;
  /** A text is run by a shell, a list is a program and its arguments. */
  readonly command: string | readonly string[];
  readonly cpus: number;
  /** MiB. */
  readonly mem: number;
  readonly disk?: number;
  readonly gpus?: number;
  readonly ports?: number;
  readonly env?: Readonly<Record<string, string | number | boolean>>;
  readonly uris?: readonly string[];
  readonly user?: string;
  readonly image?: string;
  readonly constraints?: readonly string[];
  readonly max_seconds?: number;
  readonly kill_grace_seconds?: number;
}

const AMOUNT = { type: 'number', minimum: 0 } as const;

/** Of a JSON schema. */
export const TASK_PROPERTIES = {
  name: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$' },
  command: { type: ['string', 'array'], items: { type: 'string' }, minLength: 1, minItems: 1 },
  cpus: { ...AMOUNT, default: 0.1 },
  mem: { ...AMOUNT, default: 32 },
  disk: AMOUNT,
  gpus: { type: 'integer', minimum: 0 },
  ports: { type: 'integer', minimum: 0 },
  env: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
  uris: { type: 'array', items: { type: 'string' } },
  user: { type: 'string' },
  image: { type: 'string' },
  constraints: { type: 'array', items: { type: 'string' } },
  max_seconds: { type: 'number', exclusiveMinimum: 0 },
  kill_grace_seconds: AMOUNT,
} as const;

/** Makes an error about what stands at a place of the definition, such as `['tasks', 0]`. */
export type Problem = (at: readonly (string | number)[], message: string) => Error;

/** @param at where the task stands; @throws what `problem` makes, for constraints that cannot be read */
export function describeTask(
  task: TaskDefinition,
  problem: Problem,
  at: readonly (string | number)[],
): { readonly info: TaskDescription } & Needs {
  const { name, cpus, mem, disk = 0, gpus = 0, ports = 0, image, max_seconds, kill_grace_seconds } = task;
  const amounts = Object.entries({ cpus, mem, disk, gpus }).filter(([, amount]) => amount > 0);
  return {
    info: {
      name,
      command: commandOf(task),
      ...(image !== undefined && { container: { type: 'DOCKER', docker: { image, network: 'HOST' } } }),
      ...(max_seconds !== undefined && { max_completion_time: { nanoseconds: max_seconds * 1e9 } }),
      ...(kill_grace_seconds !== undefined && {
        kill_policy: { grace_period: { nanoseconds: kill_grace_seconds * 1e9 } },
      }),
    },
    demand: amounts.map(([resource, amount]) => ({ name: resource, milli: toMilli(amount) })),
    constraints: constraintsOf(task, problem, at),
    ports,
  };
}

function commandOf({ command, env = {}, uris = [], user }: TaskDefinition): CommandInfo {
  const variables = Object.entries(env).map(([name, value]) => ({ name, value: String(value) }));
  return {
    ...(typeof command === 'string'
      ? { shell: true, value: command }
      : { shell: false, value: command[0], arguments: command }),
    ...(variables.length > 0 && { environment: { variables } }),
    ...(uris.length > 0 && { uris: uris.map((value) => ({ value })) }),
    ...(user !== undefined && { user }),
  };
}

function constraintsOf(
  { constraints = [] }: TaskDefinition,
  problem: Problem,
  at: readonly (string | number)[],
): Constraint[] {
  return constraints.flatMap((text, index) => {
    const parsed = parseConstraintText(text);
    if (parsed !== null) return parsed;
    throw problem(
      [...at, 'constraints', index],
      `"${text}" is not a constraint; expected such as rack=r1|r2, hostname!=agent-3 or kernel>4`,
    );
  });
}
