/** What a service keeps alive: instances, spread, rolling change. */
import { expect, it } from 'vitest';
import { OpenOffer } from '../../src/frameworks/open-offer.ts';
import { Service, type ServiceDefinition } from '../../src/frameworks/service.ts';
import type { TaskState } from '../../src/protocol/v1/mesos.ts';

const SECOND = 1_000_000;
const web: ServiceDefinition = {
  name: 'web',
  instances: 2,
  demand: [{ name: 'cpus', milli: 1000 }],
  constraints: [],
  info: { name: 'web', command: { value: 'serve' } },
  spreadBy: 'hostname',
};

let count = 0;
function offer(host: string, cpus = 4): OpenOffer {
  return new OpenOffer({
    id: { value: `O${count++}` },
    framework_id: { value: 'F' },
    agent_id: { value: host },
    hostname: host,
    resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: cpus } }],
  });
}

function started(definition = web): Service {
  const service = new Service(definition);
  service.start({}, 0);
  return service;
}

function place(service: Service, hosts: string[], nowUs = 0): string[][] {
  const uses = service.place(
    hosts.map((host) => offer(host)),
    nowUs,
  );
  return uses.map(({ tasks }) => tasks.map(({ task_id }) => task_id.value));
}

function tell(service: Service, taskId: string, state: TaskState, nowUs = 0): void {
  service.taskChanged(taskId, '', { task_id: { value: taskId }, state }, nowUs);
}

it('spreads its instances over agents, and wants no offers when all are there', () => {
  const service = started();
  expect(place(service, ['a', 'b'])).toEqual([['web.0.0'], ['web.0.1']]);
  expect(service.wantsOffers).toBe(false);
});

it('replaces an instance that ended, after a wait that grows with ends in a row', () => {
  const service = started();
  place(service, ['a', 'b']);
  tell(service, 'web.0.0', 'TASK_FAILED');
  expect(service.wantsOffers).toBe(true);
  expect(place(service, ['a'], 0)).toEqual([[]]);
  expect(service.nextTimerUs).toBe(SECOND);
  expect(place(service, ['a'], SECOND)).toEqual([['web.0.2']]);
  tell(service, 'web.0.2', 'TASK_FAILED', SECOND);
  expect(place(service, ['a'], 2 * SECOND)).toEqual([[]]);
  expect(place(service, ['a'], 3 * SECOND)).toEqual([['web.0.3']]);
});

it('replaces an instance on an unreachable agent, and kills the old one when it comes back', () => {
  const service = started();
  place(service, ['a', 'b']);
  tell(service, 'web.0.0', 'TASK_UNREACHABLE');
  expect(service.wantsOffers).toBe(false);
  service.tick(30 * SECOND);
  expect(place(service, ['c'], 30 * SECOND)).toEqual([['web.0.2']]);
  service.kills();
  tell(service, 'web.0.0', 'TASK_RUNNING', 40 * SECOND);
  expect(service.kills()).toEqual(['web.0.0']);
});

it('changes its version one at a time, each new instance running before an old one goes', () => {
  const service = started();
  place(service, ['a', 'b']);
  tell(service, 'web.0.0', 'TASK_RUNNING');
  tell(service, 'web.0.1', 'TASK_RUNNING');
  service.apply({ ...web, info: { name: 'web', command: { value: 'serve --better' } } });
  expect(service.kills()).toEqual([]);
  expect(place(service, ['a', 'b']).flat()).toEqual(['web.1.2']);
  expect(service.wantsOffers).toBe(false);
  tell(service, 'web.1.2', 'TASK_RUNNING');
  expect(service.kills()).toEqual(['web.0.0']);
  tell(service, 'web.0.0', 'TASK_KILLED');
  expect(place(service, ['a', 'b']).flat()).toEqual(['web.1.3']);
  tell(service, 'web.1.3', 'TASK_RUNNING');
  expect(service.kills()).toEqual(['web.0.1']);
  expect(service.running).toBe(2);
});

it('§6.4 an instance with a health check serves when that has said so, and no longer', () => {
  const checked = (value: string) => ({
    ...web,
    info: { name: 'web', command: { value }, health_check: { type: 'COMMAND' as const, command: { value } } },
  });
  const service = started(checked('one'));
  const say = (taskId: string, healthy?: boolean) =>
    service.taskChanged(taskId, '', { task_id: { value: taskId }, state: 'TASK_RUNNING', healthy }, 0);
  place(service, ['a', 'b']);
  for (const taskId of ['web.0.0', 'web.0.1']) say(taskId, true);
  service.apply(checked('two'));
  expect(place(service, ['a', 'b']).flat()).toEqual(['web.1.2']);
  say('web.1.2');
  expect(service.kills()).toEqual([]);
  say('web.1.2', false);
  expect(service.kills()).toEqual([]);
  say('web.1.2', true);
  expect(service.kills()).toEqual(['web.0.0']);
  say('web.1.2', false);
  expect(service.running).toBe(0);
});

it('gives instances ports of their agent, tells them which, and points their health check at them', () => {
  const health_check = { type: 'HTTP' as const, http: { port: 0, path: '/' } };
  const service = started({ ...web, instances: 1, ports: 2, info: { ...web.info, health_check } });
  const ports = {
    name: 'ports',
    type: 'RANGES' as const,
    ranges: {
      range: [
        { begin: 31000, end: 31000 },
        { begin: 31005, end: 31009 },
      ],
    },
  };
  const { offer: plain } = offer('a');
  const [use] = service.place([new OpenOffer({ ...plain, resources: [...plain.resources!, ports] })], 0);
  const [task] = use.tasks;
  expect(task.command!.environment!.variables).toEqual([
    { name: 'PORT0', value: '31000' },
    { name: 'PORT1', value: '31005' },
  ]);
  expect(task.health_check!.http!.port).toBe(31000);
  expect(task.resources!.at(-1)!.ranges!.range).toEqual([
    { begin: 31000, end: 31000 },
    { begin: 31005, end: 31005 },
  ]);
});

it('kills the youngest where fewer are wanted', () => {
  const service = started();
  place(service, ['a', 'b']);
  service.apply({ ...web, instances: 1 });
  expect(service.kills()).toEqual(['web.0.1']);
});

it('goes on where it was after a restart', () => {
  const disk: Record<string, unknown> = {};
  const service = started();
  place(service, ['a', 'b']);
  for (const { key, value } of service.changes()) disk[key] = value;
  const again = new Service(web);
  again.start(disk, 0);
  expect(again.wantsOffers).toBe(false);
  tell(again, 'web.0.0', 'TASK_LOST');
  expect(place(again, ['a']).flat()).toEqual(['web.0.2']);
});
