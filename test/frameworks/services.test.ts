import { expect, it } from 'vitest';
import { OpenOffer } from '../../src/frameworks/open-offer.ts';
import type { ServiceDefinition } from '../../src/frameworks/service.ts';
import { Services } from '../../src/frameworks/services.ts';
import type { TaskState } from '../../src/protocol/v1/mesos.ts';

function definition(name: string, instances: number): ServiceDefinition {
  return {
    name,
    instances,
    demand: [{ name: 'cpus', milli: 1000 }],
    constraints: [],
    info: { name, command: { value: 'serve' } },
    spreadBy: null,
  };
}

let count = 0;
function offer(cpus: number): OpenOffer {
  return new OpenOffer({
    id: { value: `O${count++}` },
    framework_id: { value: 'F' },
    agent_id: { value: 'A' },
    hostname: 'a',
    resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: cpus } }],
  });
}

const launched = (services: Services, cpus: number) =>
  services.place([offer(cpus)], 0).flatMap(({ tasks }) => tasks.map(({ task_id }) => task_id.value));

const tell = (services: Services, value: string, state: TaskState) =>
  services.taskChanged(value, 'A', { task_id: { value }, state }, 0);

it('shares an offer among services, none of which takes what another has', () => {
  const services = new Services();
  services.start({}, 0);
  services.apply(definition('a', 2), 0);
  services.apply(definition('b.c', 2), 0);
  expect(launched(services, 3)).toEqual(['a.0.0', 'a.0.1', 'b.c.0.0']);
  expect(services.wantsOffers).toBe(true);
  expect(launched(services, 3)).toEqual(['b.c.0.1']);
  expect(services.wantsOffers).toBe(false);
});

it('a service that is stopped is gone with its last instance, also from what is kept', () => {
  const disk = new Map<string, unknown>();
  const save = (services: Services) => {
    for (const { key, value } of services.changes()) {
      if (value === null) disk.delete(key);
      else disk.set(key, value);
    }
  };
  const services = new Services();
  services.start({}, 0);
  services.apply(definition('a', 1), 0);
  services.apply(definition('b', 1), 0);
  launched(services, 2);
  save(services);
  expect(services.stop('a')).toBe(true);
  expect(services.stop('z')).toBe(false);
  expect(services.kills()).toEqual(['a.0.0']);
  expect(services.all.has('a')).toBe(true);
  save(services);
  const restarted = new Services();
  restarted.start(Object.fromEntries(disk), 0);
  tell(restarted, 'a.0.0', 'TASK_KILLED');
  restarted.changes();
  expect([...restarted.all.keys()]).toEqual(['b']);
  tell(services, 'a.0.0', 'TASK_KILLED');
  save(services);
  expect([...services.all.keys()]).toEqual(['b']);
  const again = new Services();
  again.start(Object.fromEntries(disk), 0);
  expect([...again.all.keys()]).toEqual(['b']);
  expect(again.all.get('b')!.instances.map(({ taskId }) => taskId)).toEqual(['b.0.0']);
  tell(again, 'b.0.0', 'TASK_LOST');
  expect(launched(again, 2)).toEqual(['b.0.1']);
});
