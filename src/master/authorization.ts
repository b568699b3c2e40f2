/** What principals may do (reference §15): the master's lists, asked about calls and operations. */
import { isAllowed } from '../protocol/acls.ts';
import type { OperatorCall } from '../protocol/v1/master.ts';
import type { FrameworkInfo, OfferOperation, Resource, TaskInfo } from '../protocol/v1/mesos.ts';
import { ResourceError } from '../resources/resource-error.ts';
import { Resources } from '../resources/resources.ts';
import type { MasterContext } from './context.ts';

export function mayRegister(
  { flags }: MasterContext,
  info: FrameworkInfo,
  principal: string | null,
): string | null {
  const roles = info.roles ?? [info.role ?? '*'];
  const asked = principal ?? info.principal ?? null;
  return isAllowed(flags.acls, 'register_frameworks', asked, roles)
    ? null
    : `Not authorized to use roles '${roles}'`;
}

/** @returns why not; `null`: it may */
export function mayRun({ flags }: MasterContext, framework: FrameworkInfo, task: TaskInfo): string | null {
  const user = task.command?.user ?? task.executor?.command?.user ?? framework.user;
  return isAllowed(flags.acls, 'run_tasks', framework.principal ?? null, [user])
    ? null
    : `Not authorized to launch as user '${user}'`;
}

/** @returns why not; `null`: they may */
export function mayOperate(
  { flags }: MasterContext,
  principal: string | null,
  operation: OfferOperation,
): string | null {
  const { reserve, unreserve, create, destroy, grow_volume, shrink_volume, type } = operation;
  const isFine =
    (reserve === undefined ||
      isAllowed(flags.acls, 'reserve_resources', principal, rolesOf(reserve.resources))) &&
    (unreserve === undefined ||
      isAllowed(flags.acls, 'unreserve_resources', principal, reserversOf(unreserve.resources))) &&
    (create === undefined || isAllowed(flags.acls, 'create_volumes', principal, rolesOf(create.volumes))) &&
    (destroy === undefined ||
      isAllowed(flags.acls, 'destroy_volumes', principal, creatorsOf(destroy.volumes))) &&
    [grow_volume, shrink_volume].every(
      (resize) =>
        resize === undefined || isAllowed(flags.acls, 'resize_volumes', principal, rolesOf([resize.volume])),
    );
  return isFine ? null : `Not authorized to ${type}`;
}

/** Of calls that change something. @returns why not; `null`: they may */
export function mayCall(master: MasterContext, call: OperatorCall, principal: string | null): string | null {
  const { acls } = master.flags;
  const may = (action: Parameters<typeof isAllowed>[1], objects: readonly string[] | null) =>
    isAllowed(acls, action, principal, objects);
  const isFine = (() => {
    switch (call.type) {
      case 'TEARDOWN': {
        const framework = master.state.frameworks.get(call.teardown!.framework_id.value);
        const owner = framework?.info.principal;
        return may('teardown_frameworks', owner === undefined ? null : [owner]);
      }
      case 'UPDATE_WEIGHTS':
        return may(
          'update_weights',
          (call.update_weights!.weight_infos ?? []).map(({ role = '*' }) => role),
        );
      case 'UPDATE_QUOTA':
        return may(
          'update_quotas',
          (call.update_quota!.quota_configs ?? []).map(({ role }) => role),
        );
      case 'UPDATE_MAINTENANCE_SCHEDULE':
        return may('update_maintenance_schedules', null);
      case 'START_MAINTENANCE':
        return may('start_maintenances', null);
      case 'STOP_MAINTENANCE':
        return may('stop_maintenances', null);
      case 'MARK_AGENT_GONE':
        return may('mark_agents_gone', null);
      case 'DRAIN_AGENT':
        return may('drain_agents', null);
      case 'DEACTIVATE_AGENT':
        return may('deactivate_agents', null);
      case 'REACTIVATE_AGENT':
        return may('reactivate_agents', null);
      default:
        return true;
    }
  })();
  return isFine ? null : `Not authorized to ${call.type}`;
}

function rolesOf(resources: readonly Resource[] | undefined): string[] {
  return kindsOf(resources).map(({ role }) => role ?? '*');
}

function reserversOf(resources: readonly Resource[] | undefined): string[] | null {
  const principals = kindsOf(resources).flatMap(({ reservations }) => reservations.at(-1)?.principal ?? []);
  return principals.length === 0 ? null : principals;
}

function creatorsOf(volumes: readonly Resource[] | undefined): string[] | null {
  const principals = (volumes ?? []).flatMap(({ disk }) => disk?.persistence?.principal ?? []);
  return principals.length === 0 ? null : principals;
}

/** What is no resource is refused elsewhere. */
function kindsOf(resources: readonly Resource[] | undefined): Resources['kinds'] {
  try {
    return Resources.of(resources).kinds;
  } catch (error) {
    if (error instanceof ResourceError) return [];
    throw error;
  }
}
