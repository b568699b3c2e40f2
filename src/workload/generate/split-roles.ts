/** The jobs of a model shared among another number of roles. */
import { InputError } from '../../cluster/errors.ts';
import type { RoleModel, WorkloadModel } from './model.ts';

/** The model with `count` roles. @throws InputError OPTION_VALUE if it can't have so few */
export function withRoleCount(model: WorkloadModel, count: number): WorkloadModel {
  if (model.rolesFor) return { ...model, roles: model.rolesFor(count) };
  return { ...model, roles: splitRoles(model.roles, count) };
}

/**
 * Splits roles into teams `batch-1`, `batch-2`, … of equal parts, the busiest role first, until there are `count`.
 * A team has the weight of the role that it is part of.
 */
function splitRoles(roles: readonly RoleModel[], count: number): RoleModel[] {
  if (count < roles.length) {
    throw new InputError(
      'OPTION_VALUE',
      `this preset has ${roles.length} roles, which can be split but not merged; give --roles ${roles.length} or more`,
    );
  }
  const teams = roles.map(() => 1);
  const jobsPerTeam = (role: number) => roles[role].jobShare / teams[role];
  for (let missing = count - roles.length; missing > 0; missing--) {
    let busiest = 0;
    for (let role = 1; role < roles.length; role++)
      if (jobsPerTeam(role) > jobsPerTeam(busiest)) busiest = role;
    teams[busiest]++;
  }
  return roles.flatMap((role, index) => {
    if (teams[index] === 1) return [role];
    return Array.from({ length: teams[index] }, (_, team) => ({
      ...role,
      name: `${role.name}-${team + 1}`,
      jobShare: jobsPerTeam(index),
    }));
  });
}
