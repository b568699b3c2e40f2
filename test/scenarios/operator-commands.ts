/** Commands that are calls of an operator to the leading master. */
import type { OperatorCall } from '../../src/protocol/v1/master.ts';
import type { StageCommand } from './framework-commands.ts';
import { protobufDuration, resources } from './shorthand.ts';
import type { Stage } from './stage.ts';
import { durationUs, Words } from './words.ts';

export const OPERATOR_COMMANDS: Readonly<Record<string, StageCommand>> = {
  /** `operator TYPE [to=master-1]`, or the whole call as JSON. */
  operator(stage, words, input) {
    const to = words.takeNamed('to');
    const type = words.rest()[0] as OperatorCall['type'];
    stage.operate(input.length > 0 ? { ...(type && { type }), ...stage.json(input) } : { type }, to);
  },

  drain(stage, words) {
    const agent_id = takeAgent(stage, words);
    const grace = words.takeNamed('grace');
    const mark_gone = words.takeNamed('mark_gone') === 'true';
    const max_grace_period = grace === undefined ? undefined : protobufDuration(grace);
    stage.operate({ type: 'DRAIN_AGENT', drain_agent: { agent_id, max_grace_period, mark_gone } });
  },

  deactivate: (stage, words) =>
    stage.operate({ type: 'DEACTIVATE_AGENT', deactivate_agent: { agent_id: takeAgent(stage, words) } }),

  reactivate: (stage, words) =>
    stage.operate({ type: 'REACTIVATE_AGENT', reactivate_agent: { agent_id: takeAgent(stage, words) } }),

  'mark-gone': (stage, words) =>
    stage.operate({ type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id: takeAgent(stage, words) } }),

  /** `weights web:2 ads:1` */
  weights(stage, words) {
    const weight_infos = words.rest().map((word) => {
      const [role, weight] = word.split(':');
      return { role, weight: Number(weight) };
    });
    stage.operate({ type: 'UPDATE_WEIGHTS', update_weights: { weight_infos } });
  },

  /** `quota ads guarantees=cpus:4;mem:100 limits=cpus:8 [force=true]`; several roles: a line of input each. */
  quota(stage, words, input) {
    const force = words.takeNamed('force') === 'true';
    const quota_configs = [words, ...input.map((line) => new Words(line))].map((one) => {
      const role = one.take('the role');
      const guarantees = scalars(one.takeNamed('guarantees'));
      const limits = scalars(one.takeNamed('limits'));
      one.finish();
      return { role, guarantees, limits };
    });
    stage.operate({ type: 'UPDATE_QUOTA', update_quota: { force, quota_configs } });
  },

  reserve(stage, words) {
    const { agent_id, of } = takeResources(stage, words);
    const source = words.takeNamed('source');
    const from = source === undefined ? {} : { source: resources(source) };
    stage.operate({ type: 'RESERVE_RESOURCES', reserve_resources: { agent_id, resources: of, ...from } });
  },

  unreserve(stage, words) {
    const { agent_id, of } = takeResources(stage, words);
    stage.operate({ type: 'UNRESERVE_RESOURCES', unreserve_resources: { agent_id, resources: of } });
  },

  'create-volumes'(stage, words) {
    const { agent_id, of } = takeResources(stage, words);
    stage.operate({ type: 'CREATE_VOLUMES', create_volumes: { agent_id, volumes: of } });
  },

  'destroy-volumes'(stage, words) {
    const { agent_id, of } = takeResources(stage, words);
    stage.operate({ type: 'DESTROY_VOLUMES', destroy_volumes: { agent_id, volumes: of } });
  },

  /** `schedule-maintenance a1 a2 in=60s [lasts=3600s]`; without machines: nothing is scheduled any more. */
  'schedule-maintenance'(stage, words) {
    const machine_ids = takeMachines(words);
    const inUs = durationUs(words.takeNamed('in') ?? '0s');
    const lasts = words.takeDuration('lasts');
    const unavailability = {
      start: { nanoseconds: (stage.nowUs + inUs) * 1000 },
      ...(lasts !== undefined && { duration: { nanoseconds: lasts * 1000 } }),
    };
    const windows = machine_ids.length === 0 ? [] : [{ machine_ids, unavailability }];
    stage.operate({
      type: 'UPDATE_MAINTENANCE_SCHEDULE',
      update_maintenance_schedule: { schedule: { windows } },
    });
  },

  'start-maintenance': (stage, words) =>
    stage.operate({ type: 'START_MAINTENANCE', start_maintenance: { machines: takeMachines(words) } }),

  'stop-maintenance': (stage, words) =>
    stage.operate({ type: 'STOP_MAINTENANCE', stop_maintenance: { machines: takeMachines(words) } }),

  'teardown-framework'(stage, words) {
    const { id } = stage.framework(words.take('the framework'));
    stage.operate({ type: 'TEARDOWN', teardown: { framework_id: { value: id ?? 'none' } } });
  },
};

function takeAgent(stage: Stage, words: Words): { value: string } {
  const name = words.take('the agent');
  return name.startsWith('M') ? { value: stage.names.idOf(name) } : stage.agentId(name);
}

function takeResources(stage: Stage, words: Words) {
  const agent_id = takeAgent(stage, words);
  return { agent_id, of: resources(words.take('resources'), 'DYNAMIC', words.takeNamed('principal')) };
}

function takeMachines(words: Words) {
  return words.rest().map((hostname) => ({ hostname }));
}

function scalars(text: string | undefined): Record<string, { value: number }> | undefined {
  if (text === undefined) return undefined;
  return Object.fromEntries(
    text.split(';').map((entry) => {
      const [name, value] = entry.split(':');
      return [name, { value: Number(value) }];
    }),
  );
}
