/** What operators may read (reference §7). */

import { compareText } from '../cluster/resources.ts';
import { rolesAbove } from '../protocol/role-names.ts';
import type {
  OperatorCallType,
  OperatorResponse,
  OperatorResponseGetAgents,
  OperatorResponseGetExecutors,
  OperatorResponseGetFrameworks,
  OperatorResponseGetState,
  OperatorResponseGetTasks,
} from '../protocol/v1/master.ts';
import type { Operation, Role } from '../protocol/v1/mesos.ts';
import { Resources } from '../resources/resources.ts';
import type { MasterContext } from './context.ts';
import { frameworkMessage } from './framework-message.ts';
import { metrics } from './metrics.ts';
import { operatorAgent } from './operator-agent.ts';
import { taskMessage } from './task-message.ts';
import { usedOn } from './usage.ts';

/** `null`: the call is no read that the master itself answers. */
export function readForOperator(master: MasterContext, type: OperatorCallType): OperatorResponse | null {
  const { state } = master;
  switch (type) {
    case 'GET_HEALTH':
      return { type, get_health: { healthy: true } };
    case 'GET_STATE':
      return { type, get_state: wholeState(master) };
    case 'GET_AGENTS':
      return { type, get_agents: agents(master) };
    case 'GET_FRAMEWORKS':
      return { type, get_frameworks: frameworks(master) };
    case 'GET_EXECUTORS':
      return { type, get_executors: executors(master) };
    case 'GET_OPERATIONS':
      return { type, get_operations: { operations: operations(master) } };
    case 'GET_TASKS':
      return { type, get_tasks: tasks(master) };
    case 'GET_ROLES':
      return { type, get_roles: { roles: roles(master) } };
    case 'GET_WEIGHTS':
      return {
        type,
        get_weights: { weight_infos: Array.from(state.weights, ([role, weight]) => ({ role, weight })) },
      };
    case 'GET_QUOTA':
      return { type, get_quota: { status: { configs: [...state.quotas.values()] } } };
    case 'GET_MASTER':
      return { type, get_master: { master_info: master.info, elected_time: state.electedUs / 1e6 } };
    case 'GET_MAINTENANCE_SCHEDULE':
      return { type, get_maintenance_schedule: { schedule: state.maintenance.schedule } };
    case 'GET_MAINTENANCE_STATUS':
      return { type, get_maintenance_status: { status: maintenanceStatus(master) } };
    case 'GET_METRICS':
      return {
        type,
        get_metrics: { metrics: Array.from(metrics(master), ([name, value]) => ({ name, value })) },
      };
    default:
      return null;
  }
}

/** All that a subscriber of events starts from. */
export function wholeState(master: MasterContext): OperatorResponseGetState {
  return {
    get_tasks: tasks(master),
    get_executors: executors(master),
    get_frameworks: frameworks(master),
    get_agents: agents(master),
  };
}

function agents({ state }: MasterContext): OperatorResponseGetAgents {
  return {
    agents: Array.from(state.agents.values(), operatorAgent),
    recovered_agents: [...state.recoveredAgents.values()].flatMap(({ info }) => info ?? []),
  };
}

function frameworks({ state }: MasterContext): OperatorResponseGetFrameworks {
  return {
    frameworks: Array.from(state.frameworks.values(), frameworkMessage),
    completed_frameworks: Array.from(state.completedFrameworks.values(), frameworkMessage),
  };
}

function executors({ state }: MasterContext): OperatorResponseGetExecutors {
  return {
    executors: [...state.agents.values()].flatMap((agent) =>
      [...agent.executors.values()].flatMap((ofFramework) =>
        Array.from(ofFramework.values(), ({ info }) => ({ executor_info: info, agent_id: agent.wireId })),
      ),
    ),
  };
}

function tasks({ state }: MasterContext): OperatorResponseGetTasks {
  const all = [...state.frameworks.values(), ...state.completedFrameworks.values()];
  return {
    tasks: all.flatMap((framework) => Array.from(framework.tasks.values(), taskMessage)),
    unreachable_tasks: all.flatMap((framework) =>
      Array.from(framework.unreachableTasks.values(), taskMessage),
    ),
    completed_tasks: all.flatMap((framework) => Array.from(framework.completedTasks, taskMessage)),
  };
}

function operations({ state }: MasterContext): Operation[] {
  return Array.from(state.operations.values(), (operation) => ({
    framework_id: operation.framework?.wireId,
    agent_id: operation.agent.wireId,
    info: operation.info,
    latest_status: operation.status,
    statuses: operation.statuses,
    uuid: { value: operation.uuid },
  }));
}

/** Roles that have frameworks, reservations, quota or a weight, and all above them. */
function roles({ state }: MasterContext): Role[] {
  const names = new Set<string>([...state.weights.keys(), ...state.quotas.keys()]);
  const resources = new Map<string, Resources>();
  /** Frameworks stay in roles that they left as long as they hold something there. */
  const holders = new Map<string, Set<string>>();
  for (const { roles: own } of state.frameworks.values()) for (const role of own) names.add(role);
  for (const agent of state.agents.values()) {
    for (const { role } of agent.total.kinds) if (role !== null) names.add(role);
    for (const [framework, used] of usedOn(agent))
      for (const [role, part] of used.byAllocationRole()) {
        resources.set(role, (resources.get(role) ?? Resources.empty).plus(part));
        holders.set(role, (holders.get(role) ?? new Set()).add(framework));
      }
  }
  for (const name of resources.keys()) names.add(name);
  for (const name of [...names]) for (const above of rolesAbove(name)) names.add(above);
  return [...names].sort(compareText).map((name) => ({
    name,
    weight: state.weights.get(name) ?? 1,
    frameworks: [...state.frameworks.values()].flatMap(({ id, roles: own, wireId }) =>
      own.includes(name) || holders.get(name)?.has(id) ? [wireId] : [],
    ),
    resources: (resources.get(name) ?? Resources.empty).toWire(),
  }));
}

function maintenanceStatus({ state }: MasterContext) {
  const { schedule, downMachines } = state.maintenance;
  const isDown = (hostname: string | undefined) =>
    downMachines.some((machine) => machine.hostname === hostname);
  const draining = (schedule.windows ?? [])
    .flatMap(({ machine_ids = [] }) => machine_ids)
    .filter(({ hostname }) => !isDown(hostname));
  return {
    draining_machines: draining.map((id) => ({
      id,
      statuses: [...state.agents.values()]
        .filter(({ info }) => info.hostname === id.hostname)
        .flatMap((agent) => [...agent.inverseOfferStatuses.values()]),
    })),
    down_machines: downMachines,
  };
}
