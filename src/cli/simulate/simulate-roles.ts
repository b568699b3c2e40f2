/** What the user says about roles (`--weight`, `--quota`, `--guarantee`), checked against the trace's roles. */
import { InputError } from '../../cluster/errors.ts';
import type { ResourceAmounts } from '../../cluster/resources.ts';
import { suggestion } from '../nearest.ts';

export interface RoleSettings {
  readonly weights: ReadonlyMap<string, number>;
  readonly limits: ReadonlyMap<string, ResourceAmounts>;
  readonly guarantees: ReadonlyMap<string, ResourceAmounts>;
}

/**
 * @param roles of the workload; their parents (`a` of `a/b`) may be named too
 * @param traceWeights weights that the trace states, which the user's override
 * @param resources that a limit or guarantee may name
 * @throws InputError OPTION_VALUE for a role or resource that does not exist, naming the nearest one
 */
export function roleSettings(
  flags: {
    readonly weight?: ReadonlyMap<string, number>;
    readonly quota?: ReadonlyMap<string, ResourceAmounts>;
    readonly guarantee?: ReadonlyMap<string, ResourceAmounts>;
    readonly roleDecisionTime?: ReadonlyMap<string, number>;
  },
  roles: readonly string[],
  traceWeights: ReadonlyMap<string, number>,
  resources: readonly string[],
): RoleSettings {
  const known = withParents(roles);
  const { weight, quota, guarantee, roleDecisionTime } = flags;
  const byRole = { weight, quota, guarantee, 'role-decision-time': roleDecisionTime };
  for (const [option, settings] of Object.entries(byRole)) {
    for (const [role, setting] of settings ?? []) {
      if (!known.includes(role)) {
        throw new InputError(
          'OPTION_VALUE',
          `--${option}: the trace has no role "${role}"${suggestion(role, known)}`,
        );
      }
      for (const resource of typeof setting === 'object' ? Object.keys(setting) : []) {
        if (!resources.includes(resource)) {
          const near = suggestion(resource, resources);
          throw new InputError(
            'OPTION_VALUE',
            `--${option} ${role}: the cluster has no "${resource}"${near}`,
          );
        }
      }
    }
  }
  return {
    weights: new Map([...traceWeights, ...(flags.weight ?? [])]),
    limits: flags.quota ?? new Map(),
    guarantees: flags.guarantee ?? new Map(),
  };
}

/** Roles and all nodes above them in the role tree. */
function withParents(roles: readonly string[]): string[] {
  const nodes = new Set(roles);
  for (const role of roles) {
    for (let at = role.lastIndexOf('/'); at > 0; at = role.lastIndexOf('/', at - 1))
      nodes.add(role.slice(0, at));
  }
  return [...nodes];
}
