import { describe, expect, it } from 'vitest';
import type { AgentMessage } from '../../src/protocol/internal.ts';
import type { Resource, Task } from '../../src/protocol/v1/mesos.ts';
import { DrivenMaster, task } from './driven-master.ts';
import { checkInvariants } from './invariants.ts';

const negative: Resource = { name: 'cpus', type: 'SCALAR', scalar: { value: -1 } };
const elsewhere: Resource = {
  name: 'gpus',
  type: 'SCALAR',
  scalar: { value: 8 },
  reservations: [{ type: 'DYNAMIC', role: 'ads' }],
};
const badTask: Task = {
  name: 't',
  task_id: { value: 't' },
  framework_id: { value: 'f' },
  agent_id: { value: 'a' },
  state: 'TASK_RUNNING',
  resources: [negative],
};

describe('§10.2 agents whose reports cannot be', () => {
  it.each<[string, Partial<AgentMessage & { readonly type: 'REREGISTER' }>]>([
    ['resources of its own', { info: { hostname: 'h', resources: [negative] } }],
    ['reservations of what it does not have', { checkpointedResources: [elsewhere] }],
    ['resources of a task', { tasks: [badTask] }],
    ['resources of an executor', { executors: [{ executor_id: { value: 'e' }, resources: [negative] }] }],
  ])('are told to shut down, and change nothing: %s', (_, change) => {
    const driven = DrivenMaster.leading();
    const agent = driven.agent();
    const framework = driven.subscribe({ checkpoint: true });
    driven.settle();
    const [offer] = framework.offers;
    framework.launch(offer, task('t', offer));
    agent.breakLink();
    const id = { value: agent.id };
    const report = {
      type: 'REREGISTER' as const,
      ...agent.description,
      tasks: [],
      executors: [],
      frameworks: [],
      operations: [],
      ...change,
    };
    agent.send({ ...report, info: { ...report.info, id } });
    expect(agent.inbox.at(-1)?.type).toBe('SHUTDOWN');
    expect(driven.master.state.frameworks.get(framework.id)?.tasks.size).toBe(1);
    expect(driven.master.state.agents.get(agent.id)?.link).toBeNull();
    checkInvariants(driven.master.state, driven.allocator);
  });
});
