import { describe, expect, it } from 'vitest';
import { Agent } from '../../src/agent/agent.ts';
import type { AgentEffect, AgentInput } from '../../src/agent/io.ts';
import { stream } from '../../src/cluster/streams.ts';
import type { MasterMessage } from '../../src/protocol/internal.ts';
import type { OfferOperation, Resource, TaskInfo } from '../../src/protocol/v1/mesos.ts';
import { parseResourcesText } from '../../src/resources/text.ts';

const agentId = { value: 'S0' };
const frameworkId = { value: 'F0' };
const reserved = { reservations: [{ type: 'DYNAMIC', role: 'ads' }] } as const;
const disk: Resource = { name: 'disk', type: 'SCALAR', scalar: { value: 100 }, ...reserved };

const volume = (container_path: string, shared: Pick<Resource, 'shared'>): Resource => ({
  ...disk,
  ...shared,
  disk: { persistence: { id: 'v' }, volume: { container_path, mode: 'RW' } },
});

/** A registered agent whose checkpoints are durable at once, with a volume. */
function agentWith(created: Resource) {
  const info = { hostname: 'h', resources: parseResourcesText('cpus:4;mem:1024;disk:1000').toWire() };
  const agent = new Agent({ info, random: stream('1', 'agent') });
  const effects: AgentEffect[] = [];
  let nowUs = 0;
  const step = (input: AgentInput | { readonly kind: 'tick' }) => {
    for (const effect of agent.step(input, nowUs)) {
      effects.push(effect);
      if (effect.kind === 'checkpoint') step({ kind: 'checkpointed', revision: effect.revision });
    }
  };
  const tell = (message: MasterMessage) => step({ kind: 'master-message', link: 'l', message });
  const operate = (operationUuid: string, operation: OfferOperation) =>
    tell({ type: 'APPLY_OPERATION', operationUuid, frameworkId, info: operation });
  const run = (id: string, resources: readonly Resource[]) => {
    const task: TaskInfo = {
      name: id,
      task_id: { value: id },
      agent_id: agentId,
      resources,
      command: { value: 'x' },
    };
    const framework = { user: 'u', name: 'n', id: frameworkId };
    tell({ type: 'RUN_TASK', framework, task, launchesExecutor: true });
  };
  step({ kind: 'start', entries: {}, liveContainers: [], sandboxes: [], bootId: 'b' });
  step({ kind: 'master', link: 'l' });
  nowUs = agent.nextTimerUs;
  step({ kind: 'tick' });
  tell({ type: 'REGISTERED', agentId, totalPingTimeoutUs: 75_000_000 });
  operate('1', { type: 'RESERVE', reserve: { resources: [disk] } });
  operate('2', { type: 'CREATE', create: { volumes: [created] } });
  const launched = () =>
    effects.flatMap((effect) => (effect.kind === 'launch-container' ? [effect.launch.task!.name] : []));
  return { agent, run, launched };
}

describe('§14.9 volumes of tasks', () => {
  const [cpus] = parseResourcesText('cpus:1').toWire();

  it('a shared volume is used by several tasks at once, wherever they mount it', () => {
    const shared = { shared: {} };
    const { agent, run, launched } = agentWith(volume('data', shared));
    expect(agent.state.total.shared().length).toBe(1);
    run('first', [cpus, volume('data', shared)]);
    run('second', [cpus, volume('else', shared)]);
    expect(launched()).toEqual(['first', 'second']);
  });

  it('one that is not shared is used by one task', () => {
    const { run, launched } = agentWith(volume('data', {}));
    run('first', [cpus, volume('else', {})]);
    run('second', [cpus, volume('data', {})]);
    expect(launched()).toEqual(['first']);
  });
});
