/** Resources, tasks and operations as scenarios write them, made into messages. */
import type { ExecutorInfo, OfferOperation, Resource, TaskInfo } from '../../src/protocol/v1/mesos.ts';
import { parseResourcesText } from '../../src/resources/text.ts';
import { durationUs, parsedValue, Words } from './words.ts';

/** Long enough that it ends in no scenario by itself. */
const FOREVER = 'sleep 10000000';

/**
 * `cpus:1;mem(ads):64;disk(eng>eng/dev)[volume-1]:10;ports:[1-2]`: roles in round brackets are reservations on each
 * other, a name in square brackets a persistent volume's.
 * @param type of reservations that are not marked `static:`
 */
export function resources(
  text: string,
  type: 'STATIC' | 'DYNAMIC' = 'DYNAMIC',
  principal?: string,
): readonly Resource[] {
  return text
    .split(';')
    .filter((entry) => entry !== '')
    .flatMap((entry): readonly Resource[] => {
      const match = /^([\w-]+)(?:\(([^)]*)\))?(?:\[([^\]]+)\])?(<shared>)?:(.*)$/.exec(entry);
      if (match === null)
        throw new Error(`"${entry}" is no resource; expected e.g. cpus:1 or disk(ads)[data]:10`);
      const [, name, roles, volume, shared, value] = match;
      const reservations = (roles?.split('>') ?? []).map((role) =>
        role.startsWith('static:')
          ? { type: 'STATIC' as const, role: role.slice('static:'.length) }
          : { type, role, ...(type === 'DYNAMIC' && principal !== undefined && { principal }) },
      );
      const disk = volume && {
        persistence: { id: volume, principal },
        volume: { container_path: volume, mode: 'RW' as const },
      };
      return parseResourcesText(`${name}:${value}`)
        .toWire()
        .map((plain) => ({
          ...plain,
          reservations,
          ...(disk && { disk }),
          ...(shared && { shared: {} }),
        }));
    });
}

/** @param agentId where tasks are to run */
export function operation(line: string, agentId: string): OfferOperation {
  if (line.startsWith('{')) return JSON.parse(line);
  const [first, ...others] = line.split(' & ').map((part) => new Words(part));
  const kind = first.take('the operation');
  const id = first.takeNamed('id');
  const made = { ...body(kind, first, others, agentId), ...(id !== undefined && { id: { value: id } }) };
  for (const words of [first, ...others]) words.finish();
  return made;
}

function body(kind: string, words: Words, others: readonly Words[], agentId: string): OfferOperation {
  switch (kind) {
    case 'launch':
      return {
        type: 'LAUNCH',
        launch: { task_infos: [words, ...others].map((one) => task(one, agentId)) },
      };
    case 'group': {
      const executor = { ...executorInfo(words), type: 'DEFAULT' as const };
      const tasks = others.map((one) => task(one, agentId));
      return { type: 'LAUNCH_GROUP', launch_group: { executor, task_group: { tasks } } };
    }
    case 'reserve':
      return { type: 'RESERVE', reserve: { resources: ofWords(words) } };
    case 'unreserve':
      return { type: 'UNRESERVE', unreserve: { resources: ofWords(words) } };
    case 'create':
      return { type: 'CREATE', create: { volumes: ofWords(words) } };
    case 'destroy':
      return { type: 'DESTROY', destroy: { volumes: ofWords(words) } };
    case 'grow': {
      const [volume, addition] = [ofWords(words)[0], ofWords(words)[0]];
      return { type: 'GROW_VOLUME', grow_volume: { volume, addition } };
    }
    case 'shrink': {
      const [volume] = ofWords(words);
      const subtract = { value: Number(words.take('the amount')) };
      return { type: 'SHRINK_VOLUME', shrink_volume: { volume, subtract } };
    }
    default:
      throw new Error(`"${kind}" is no operation`);
  }
}

function ofWords(words: Words): readonly Resource[] {
  return resources(words.take('resources'), 'DYNAMIC', words.takeNamed('principal'));
}

/** `t1 cpus:1 [command="sleep 5"] [executor=e1] [grace=3s] [agent=ID] [more={…}]`; `null` in `more` takes a field away. */
function task(words: Words, agentId: string): TaskInfo {
  const name = words.take('the task');
  const needs = words.take("the task's resources");
  const executor = words.takeNamed('executor');
  const command = words.takeNamed('command');
  const grace = words.takeDuration('grace');
  const more = words.takeNamed('more');
  const runs =
    executor === undefined
      ? { command: { value: command?.replaceAll('"', '') ?? FOREVER } }
      : {
          executor: executorInfo(new Words(executor.replace(':', ' '))),
          ...(command && { command: { value: command.replaceAll('"', '') } }),
        };
  const info: TaskInfo = {
    name,
    task_id: { value: name },
    agent_id: { value: words.takeNamed('agent') ?? agentId },
    resources: resources(needs),
    ...runs,
    ...(grace !== undefined && { kill_policy: { grace_period: { nanoseconds: grace * 1000 } } }),
    ...(more === undefined ? {} : (parsedValue(more) as object)),
  };
  return Object.fromEntries(
    Object.entries(info).filter(([, value]) => value !== null),
  ) as unknown as TaskInfo;
}

/** `e1 cpus:0.1;mem:32 [runs=command]` */
function executorInfo(words: Words): ExecutorInfo {
  const [id, needs = ''] = words.rest();
  const runs = words.takeNamed('runs');
  return {
    executor_id: { value: id },
    ...(needs !== '' && { resources: resources(needs) }),
    ...(runs !== undefined && { command: { value: runs } }),
  };
}

/** Google's Duration. */
export function protobufDuration(text: string): { readonly seconds: number; readonly nanos: number } {
  const us = durationUs(text);
  return { seconds: Math.floor(us / 1e6), nanos: (us % 1e6) * 1000 };
}
