import { describe, expect, it } from 'vitest';
import { pools, roleShares } from '../../src/console/amounts.ts';
import {
  type Agent,
  applyEvent,
  emptyModel,
  type Framework,
  MOST_ENDED,
  modelOf,
  type Task,
  taskKey,
} from '../../src/console/cluster-model.ts';
import { Records } from '../../src/console/records.ts';

const scalar = (name: string, value: number) => ({ name, type: 'SCALAR' as const, scalar: { value } });
const agent = (id: string, part: Partial<Agent> = {}): Agent => ({
  agent_info: { id: { value: id }, hostname: id },
  active: true,
  version: '1.11.0',
  ...part,
});
const task = (id: string): Task => ({
  name: id,
  task_id: { value: id },
  framework_id: { value: 'F' },
  agent_id: { value: 'A' },
  state: 'TASK_STAGING',
  resources: [],
});
const framework: Framework = {
  framework_info: { id: { value: 'F' }, name: 'f', user: 'u' },
  active: true,
  connected: true,
  recovered: false,
};

describe('the model of the cluster', () => {
  it('forgets the tasks that ended longest ago, and none that runs', () => {
    const model = emptyModel();
    const added = (one: Task) => applyEvent(model, { type: 'TASK_ADDED', task_added: { task: one } });
    added(task('runs'));
    for (let n = 0; n <= MOST_ENDED; n++) added({ ...task(String(n)), state: 'TASK_FINISHED' });
    expect(model.tasks.size).toBe(MOST_ENDED + 1);
    expect(model.tasks.has(taskKey('F', 'runs'))).toBe(true);
    expect([model.tasks.has(taskKey('F', '0')), model.tasks.has(taskKey('F', '1'))]).toEqual([false, true]);
  });

  it('starts from the state of a subscription and follows its events', () => {
    const model = modelOf({
      get_agents: { agents: [agent('A')] },
      get_tasks: { completed_tasks: [task('old')] },
    });
    applyEvent(model, { type: 'FRAMEWORK_ADDED', framework_added: { framework } });
    applyEvent(model, { type: 'TASK_ADDED', task_added: { task: task('t') } });
    applyEvent(model, {
      type: 'TASK_UPDATED',
      task_updated: {
        framework_id: { value: 'F' },
        state: 'TASK_RUNNING',
        status: { task_id: { value: 't' }, state: 'TASK_RUNNING' },
      },
    });
    expect([...model.tasks.keys()]).toEqual([taskKey('F', 'old'), taskKey('F', 't')]);
    expect(model.tasks.get(taskKey('F', 't'))).toMatchObject({
      state: 'TASK_RUNNING',
      statuses: [{ state: 'TASK_RUNNING' }],
    });
    applyEvent(model, { type: 'AGENT_ADDED', agent_added: { agent: agent('B') } });
    applyEvent(model, { type: 'AGENT_REMOVED', agent_removed: { agent_id: { value: 'A' } } });
    expect([...model.agents.keys()]).toEqual(['B']);
    applyEvent(model, { type: 'FRAMEWORK_REMOVED', framework_removed: framework });
    expect(model.frameworks.size).toBe(0);
  });

  it('leaves out updates of tasks that it does not know', () => {
    const model = emptyModel();
    applyEvent(model, {
      type: 'TASK_UPDATED',
      task_updated: {
        framework_id: { value: 'F' },
        state: 'TASK_LOST',
        status: { task_id: { value: 't' }, state: 'TASK_LOST' },
      },
    });
    expect(model.tasks.size).toBe(0);
  });
});

describe('amounts', () => {
  it('pools what agents have, and what of it is used, offered and reserved', () => {
    const one = agent('A', {
      total_resources: [
        scalar('cpus', 3),
        { ...scalar('cpus', 1), reservations: [{ type: 'STATIC', role: 'r' }] },
      ],
      allocated_resources: [scalar('cpus', 1.5)],
      offered_resources: [scalar('cpus', 0.5)],
    });
    expect(pools([one, one])).toEqual([{ name: 'cpus', total: 8, used: 3, offered: 1, reserved: 2 }]);
  });

  it('divides the cluster by weight among siblings that have frameworks', () => {
    const role = (name: string, weight: number, frameworks: string[], cpus = 0) => ({
      name,
      weight,
      frameworks: frameworks.map((value) => ({ value })),
      resources: [scalar('cpus', cpus)],
    });
    const shares = roleShares(
      [
        role('a', 1, []),
        role('a/x', 1, ['F'], 2),
        role('a/y', 3, ['G']),
        role('b', 3, ['H']),
        role('idle', 5, []),
      ],
      new Map([['cpus', 8]]),
    );
    expect(shares.map(({ role, entitlement }) => [role, entitlement])).toEqual([
      ['a', 0.25],
      ['a/x', 0.0625],
      ['a/y', 0.1875],
      ['b', 0.75],
      ['idle', null],
    ]);
    expect(shares[1]).toMatchObject({ share: 0.25, dominant: 'cpus' });
  });
});

describe('records', () => {
  it('are read whole however they are cut, also within a character', () => {
    const bytes = new TextEncoder().encode('4\n"é"2\n{}');
    for (let size = 1; size <= bytes.length; size++) {
      const records = new Records();
      const read: string[] = [];
      for (let at = 0; at < bytes.length; at += size)
        read.push(...records.push(bytes.subarray(at, at + size)));
      expect(read).toEqual(['"é"', '{}']);
    }
  });

  it('are refused without a length', () => {
    expect(() => new Records().push(new TextEncoder().encode('<html>\n'))).toThrow('no length');
  });
});
