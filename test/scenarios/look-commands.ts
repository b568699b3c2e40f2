/** Commands that look at what the leading master, or an agent, knows. */
import type { Agent } from '../../src/agent/agent.ts';
import type { TaskStatus } from '../../src/protocol/v1/mesos.ts';
import type { StageCommand } from './framework-commands.ts';
import { resourceText, unavailabilityText } from './messages.ts';
import type { Stage } from './stage.ts';

type View = (stage: Stage) => string[];

const VIEWS: Readonly<Record<string, View>> = {
  tasks({ master, names }) {
    const all = master.read('GET_TASKS')!.get_tasks!;
    const lines = (kind: string, tasks: typeof all.tasks) =>
      (tasks ?? []).map(
        ({ task_id, framework_id, agent_id, state, status_update_state, statuses = [] }) =>
          `${kind}${task_id.value} of ${names.framework(framework_id.value)} on ${names.agent(agent_id.value)}: ${state}${
            status_update_state === undefined || status_update_state === state
              ? ''
              : `, framework knows ${status_update_state}`
          }; statuses ${statuses.map(shortStatus).join(' ') || 'none'}`,
      );
    return [
      ...lines('', all.tasks),
      ...lines('unreachable ', all.unreachable_tasks),
      ...lines('completed ', all.completed_tasks),
    ];
  },

  frameworks({ master }) {
    const all = master.read('GET_FRAMEWORKS')!.get_frameworks!;
    const lines = (kind: string, frameworks: typeof all.frameworks) =>
      (frameworks ?? []).map(({ framework_info: info, active, connected, recovered, ...rest }) =>
        [
          `${kind}${info.name}: ${active ? 'active' : 'inactive'}, ${connected ? 'connected' : 'disconnected'}`,
          recovered ? 'recovered' : null,
          `roles ${(info.roles ?? [info.role ?? '*']).join(',')}`,
          `allocated ${resourceText(rest.allocated_resources)}`,
          `offered ${resourceText(rest.offered_resources)}`,
        ]
          .filter((part) => part !== null)
          .join('; '),
      );
    return [...lines('', all.frameworks), ...lines('completed ', all.completed_frameworks)];
  },

  agents({ master, names }) {
    const { agents = [], recovered_agents = [] } = master.read('GET_AGENTS')!.get_agents!;
    return [
      ...agents.map(({ agent_info: info, active, deactivated, drain_info, ...rest }) =>
        [
          `${names.agent(info.id?.value)}: ${active ? 'active' : 'inactive'}`,
          deactivated ? 'deactivated' : null,
          drain_info ? String(drain_info.state) : null,
          `total ${resourceText(rest.total_resources)}`,
          `allocated ${resourceText(rest.allocated_resources)}`,
          `offered ${resourceText(rest.offered_resources)}`,
        ]
          .filter((part) => part !== null)
          .join('; '),
      ),
      ...recovered_agents.map(({ hostname }) => `recovered ${hostname}`),
    ];
  },

  operations({ master, names }) {
    const { operations = [] } = master.read('GET_OPERATIONS')!.get_operations!;
    return operations.map(
      ({ info, latest_status, agent_id }) =>
        `${info.id?.value ?? '(no id)'} ${info.type} on ${names.agent(agent_id?.value)}: ${latest_status.state}`,
    );
  },

  roles({ master, names }) {
    const { roles = [] } = master.read('GET_ROLES')!.get_roles!;
    return roles.map(
      ({ name, weight, frameworks = [], resources }) =>
        `${name}: weight ${weight}, frameworks ${frameworks.map(({ value }) => names.framework(value)).join(',') || 'none'}, ${resourceText(resources)}`,
    );
  },

  quota({ master }) {
    const { configs = [] } = master.read('GET_QUOTA')!.get_quota!.status;
    const text = (scalars: (typeof configs)[number]['limits'] = {}) =>
      Object.entries(scalars)
        .map(([name, { value }]) => `${name}:${value}`)
        .join(';') || 'none';
    return configs.map(
      ({ role, guarantees, limits }) => `${role}: guarantees ${text(guarantees)}, limits ${text(limits)}`,
    );
  },

  maintenance({ master, names }) {
    const { windows = [] } = master.read('GET_MAINTENANCE_SCHEDULE')!.get_maintenance_schedule!.schedule;
    const { draining_machines = [], down_machines = [] } =
      master.read('GET_MAINTENANCE_STATUS')!.get_maintenance_status!.status;
    return [
      ...windows.map(
        ({ machine_ids = [], unavailability }) =>
          `scheduled ${machine_ids.map(({ hostname }) => hostname).join(', ')}: ${unavailabilityText(unavailability)}`,
      ),
      ...draining_machines.map(
        ({ id, statuses = [] }) =>
          `draining ${id.hostname}${statuses.map(({ framework_id, status }) => `, ${names.framework(framework_id.value)} ${status}`).join('')}`,
      ),
      ...down_machines.map(({ hostname }) => `down ${hostname}`),
    ];
  },
};

function shortStatus({ state, reason }: TaskStatus): string {
  const why = reason === undefined ? '' : `(${reason.replace('REASON_', '')})`;
  return state.replace('TASK_', '') + why;
}

export const LOOK_COMMANDS: Readonly<Record<string, StageCommand>> = {
  /** `look tasks`, `look agents` …, or an agent's own view: `look a1`. */
  look(stage, words) {
    const what = words.take('what to look at');
    const lines = VIEWS[what]?.(stage) ?? agentView(stage, what);
    for (const line of lines) stage.say(line);
  },
};

function agentView(stage: Stage, name: string): string[] {
  const { process } = stage.agent(name);
  if (process === null) return [`${name} is not running`];
  const { state } = process.machine as Agent;
  const tasks = [...state.frameworks.values()].flatMap((framework) => [...framework.tasks.values()]);
  return [
    `${name} is ${state.phase}, has ${resourceText(state.total.toWire())}`,
    ...[...state.frameworks.values()].flatMap((framework) =>
      Array.from(framework.executors.values(), ({ id, phase }) => `executor ${id} is ${phase}`),
    ),
    ...tasks.map(({ id, phase, state: newest, updates }) => {
      const waiting = updates.map((update) => update.state.replace('TASK_', '')).join(' ') || 'none';
      return `task ${id} is ${phase}, ${newest}; not acknowledged: ${waiting}`;
    }),
  ];
}
