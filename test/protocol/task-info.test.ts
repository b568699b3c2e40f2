import { describe, expect, it } from 'vitest';
import { groupExecutorProblem, taskExecutorProblem } from '../../src/protocol/executor-info.ts';
import { groupTaskProblem, taskInfoProblem } from '../../src/protocol/task-info.ts';
import type {
  AgentInfoCapabilityType,
  ExecutorInfo,
  Resource,
  TaskInfo,
} from '../../src/protocol/v1/mesos.ts';
import { Resources } from '../../src/resources/resources.ts';
import { parseResourcesText } from '../../src/resources/text.ts';

const LIMITS: ReadonlySet<AgentInfoCapabilityType> = new Set(['TASK_RESOURCE_LIMITS']);
const used = (text: string) => parseResourcesText(text).allocatedTo('ads');
const resources = used('cpus:1;mem:128');

const good: TaskInfo = {
  name: 'task',
  task_id: { value: 't' },
  agent_id: { value: 'a' },
  command: { value: 'sleep 1' },
};
const executor: ExecutorInfo = { executor_id: { value: 'e' }, command: { value: 'run' } };

describe('§4.3 tasks of a LAUNCH', () => {
  it.each<[string, Partial<TaskInfo>]>([
    ['a command', {}],
    ['an executor in its place', { command: undefined, executor }],
    ['a limit above the request', { limits: { cpus: { value: 2 } } }],
    ['an infinite limit', { limits: { mem: { value: Number.POSITIVE_INFINITY } } }],
    ['a check without times', { check: { type: 'TCP', tcp: { port: 80 } } }],
    ['a health check over https', { health_check: { type: 'HTTP', http: { port: 80, scheme: 'https' } } }],
  ])('may have %s', (_, change) => {
    expect(taskInfoProblem({ ...good, ...change }, resources, LIMITS)).toBeNull();
  });

  const environment = (variable: object) => ({
    command: { value: 'x', environment: { variables: [{ name: 'A', ...variable }] } },
  });
  const container = (change: object) => ({ container: { type: 'MESOS', ...change } as const });
  it.each<[string, Partial<TaskInfo>]>([
    ['an invalid id', { task_id: { value: 'a/b' } }],
    ['neither command nor executor', { command: undefined }],
    ['both', { executor }],
    ['a negative grace period', { kill_policy: { grace_period: { nanoseconds: -1 } } }],
    ['a negative completion time', { max_completion_time: { nanoseconds: -1 } }],
    ['a check without a type', { check: { tcp: { port: 80 } } }],
    ['a check without its body', { check: { type: 'HTTP', tcp: { port: 80 } } }],
    ['a path that is not one', { check: { type: 'HTTP', http: { port: 80, path: 'x' } } }],
    ['a negative delay', { check: { type: 'TCP', tcp: { port: 80 }, delay_seconds: -1 } }],
    ['a health check of a command that is none', { health_check: { type: 'COMMAND', command: {} } }],
    ['another scheme', { health_check: { type: 'HTTP', http: { port: 80, scheme: 'ftp' } } }],
    ['a negative grace', { health_check: { type: 'TCP', tcp: { port: 80 }, grace_period_seconds: -1 } }],
    ['limits of disk', { limits: { disk: { value: 1 } } }],
    ['a limit below its request', { limits: { cpus: { value: 0.5 } } }],
    ['its own cgroups', container({ linux_info: { share_cgroups: false } })],
    ['a variable without a value', environment({})],
    ['a secret variable with a value', environment({ type: 'SECRET', value: 'x' })],
    ['a secret that is none', environment({ type: 'SECRET', secret: { type: 'REFERENCE' } })],
    [
      'a volume from two places',
      container({ volumes: [{ mode: 'RW', container_path: 'a', host_path: '/a', source: {} }] }),
    ],
    [
      'a name for Docker',
      {
        container: {
          type: 'DOCKER',
          docker: { image: 'x', parameters: [{ key: 'name', value: 'y' }] },
        },
      },
    ],
  ])('must not have %s', (_, change) => {
    expect(taskInfoProblem({ ...good, ...change }, resources, LIMITS)).not.toBeNull();
  });

  it('limits need an agent that has them, and a request', () => {
    const limited = { ...good, limits: { cpus: { value: 2 } } };
    expect(taskInfoProblem(limited, resources, new Set())).toContain('not supported');
    expect(taskInfoProblem(limited, used('mem:32'), LIMITS)).toContain('no request');
  });

  const cpus = (rest: Partial<Resource>): Resource => ({
    name: 'cpus',
    type: 'SCALAR',
    scalar: { value: 1 },
    allocation_info: { role: 'ads' },
    ...rest,
  });
  it.each([
    ['none', Resources.empty],
    ['such as are not allocated', parseResourcesText('cpus:1')],
    ['of two roles', used('cpus:1').plus(parseResourcesText('mem:1').allocatedTo('web'))],
    ['revocable and others of one name', Resources.of([cpus({}), cpus({ revocable: {} })])],
    ['of two providers', Resources.of([cpus({}), cpus({ provider_id: { value: 'p' } })])],
  ])('must not use resources: %s', (_, bad) => {
    expect(taskInfoProblem(good, bad, LIMITS)).not.toBeNull();
  });
});

describe('§4.3 executors of tasks', () => {
  it.each<[string, Partial<ExecutorInfo>]>([
    ['the default one', { type: 'DEFAULT' }],
    ['one without a command', { command: undefined }],
    ['one with an invalid id', { executor_id: { value: '' } }],
    ['one with a negative grace period', { shutdown_grace_period: { nanoseconds: -1 } }],
  ])('refuses %s', (_, change) => {
    expect(taskExecutorProblem(executor, Resources.empty)).toBeNull();
    expect(taskExecutorProblem({ ...executor, ...change }, Resources.empty)).not.toBeNull();
  });
});

describe('§4.3 task groups', () => {
  const pod: ExecutorInfo = { type: 'DEFAULT', executor_id: { value: 'pod' } };
  const enough = used('cpus:0.01;mem:32;disk:1');

  it.each<[string, Partial<ExecutorInfo>, Resources]>([
    ['without a type', { type: undefined }, enough],
    ['a default one with a command', { command: { value: 'x' } }, enough],
    ['a default one in Docker', { container: { type: 'DOCKER', docker: { image: 'x' } } }, enough],
    [
      'a default one with an image',
      { container: { type: 'MESOS', mesos: { image: { type: 'DOCKER' } } } },
      enough,
    ],
    ['a custom one without a command', { type: 'CUSTOM' }, enough],
    ['without enough CPUs', {}, used('cpus:0.009;mem:32;disk:1')],
    ['without enough memory', {}, used('cpus:0.01;mem:31;disk:1')],
    ['without disk', {}, used('cpus:0.01;mem:32')],
  ])('refuse an executor %s', (_, change, own) => {
    expect(groupExecutorProblem(pod, enough)).toBeNull();
    expect(groupExecutorProblem({ ...pod, ...change }, own)).not.toBeNull();
  });

  it.each<[string, Partial<TaskInfo>]>([
    ['with another executor', { executor }],
    ['in Docker', { container: { type: 'DOCKER', docker: { image: 'x' } } }],
    ['with limits and shared cgroups', { limits: { cpus: { value: 2 } } }],
    [
      'with HTTP checks and a network of its own',
      {
        check: { type: 'HTTP', http: { port: 80 } },
        container: { type: 'MESOS', network_infos: [{ name: 'net' }] },
      },
    ],
  ])('refuse a task %s', (_, change) => {
    expect(groupTaskProblem({ ...good, executor: pod }, resources, pod, LIMITS)).toBeNull();
    expect(groupTaskProblem({ ...good, ...change }, resources, pod, LIMITS)).not.toBeNull();
  });

  it('allow limits where cgroups are not shared', () => {
    const task: TaskInfo = {
      ...good,
      limits: { cpus: { value: 2 } },
      container: { type: 'MESOS', linux_info: { share_cgroups: false } },
    };
    expect(groupTaskProblem(task, resources, pod, LIMITS)).toBeNull();
  });
});
