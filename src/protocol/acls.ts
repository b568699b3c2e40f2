/**
 * Access control lists in Mesos's JSON form (reference §15): for each action a list of rules, of which the first that is
 * about the principal and the object decides; where none is, `permissive` does.
 */

/** Who or what a rule is about; without a type, its values. */
export interface AclEntity {
  readonly type?: 'SOME' | 'ANY' | 'NONE';
  readonly values?: readonly string[];
}

export type AclRule = Readonly<Record<string, AclEntity>>;

export interface Acls {
  readonly permissive?: boolean;
  readonly [action: string]: readonly AclRule[] | boolean | undefined;
}

/** Actions that a master asks about, each with the name of its object in rules; `null`: it has none that matters. */
export const ACL_OBJECTS = {
  register_frameworks: 'roles',
  run_tasks: 'users',
  teardown_frameworks: 'framework_principals',
  /** Not Mesos's: its operators kill no tasks. */
  kill_tasks: 'framework_principals',
  reserve_resources: 'roles',
  unreserve_resources: 'reserver_principals',
  create_volumes: 'roles',
  destroy_volumes: 'creator_principals',
  resize_volumes: 'roles',
  update_quotas: 'roles',
  update_weights: 'roles',
  update_maintenance_schedules: 'machines',
  start_maintenances: 'machines',
  stop_maintenances: 'machines',
  mark_agents_gone: 'agents',
  drain_agents: 'agents',
  deactivate_agents: 'agents',
  reactivate_agents: 'agents',
} as const;

export type AclAction = keyof typeof ACL_OBJECTS;

/** @param principal `null`: nobody in particular @param objects of the action: all must be allowed; `null`: it is about any */
export function isAllowed(
  acls: Acls | null,
  action: AclAction,
  principal: string | null,
  objects: readonly string[] | null,
): boolean {
  if (acls === null) return true;
  return (objects ?? [null]).every((object) => isOneAllowed(acls, action, principal, object));
}

function isOneAllowed(
  acls: Acls,
  action: AclAction,
  principal: string | null,
  object: string | null,
): boolean {
  const rules = (acls[action] ?? []) as readonly AclRule[];
  for (const rule of rules) {
    const [subjects, wanted] = [rule.principals ?? {}, rule[ACL_OBJECTS[action]] ?? {}];
    if (matches(principal, subjects) && matches(object, wanted))
      return allows(principal, subjects) && allows(object, wanted);
  }
  return acls.permissive ?? true;
}

const typeOf = ({ type }: AclEntity) => type ?? 'SOME';

/** Whether the rule is about it; one that is not named is about all, and only a rule about all is about it. */
function matches(one: string | null, entity: AclEntity): boolean {
  return typeOf(entity) !== 'SOME' || (one !== null && has(entity, one));
}

function allows(one: string | null, entity: AclEntity): boolean {
  return typeOf(entity) === 'ANY' || (typeOf(entity) === 'SOME' && one !== null && has(entity, one));
}

/** `a/%` are all roles below `a`. */
function has({ values = [] }: AclEntity, one: string): boolean {
  return values.some(
    (value) => value === one || (value.endsWith('/%') && one.startsWith(value.slice(0, -1))),
  );
}

/** @returns what is wrong, after the JSON pointer to it; `null`: nothing is */
export function aclsProblem(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ': expected an object';
  for (const [action, rules] of Object.entries(value)) {
    if (action === 'permissive') {
      if (typeof rules !== 'boolean') return '/permissive: expected true or false';
      continue;
    }
    if (!Object.hasOwn(ACL_OBJECTS, action))
      return `/${action}: this master asks nothing of the kind; it knows ${Object.keys(ACL_OBJECTS).join(', ')}`;
    if (!Array.isArray(rules)) return `/${action}: expected a list of rules`;
    for (const [index, rule] of rules.entries()) {
      const problem = ruleProblem(rule, ACL_OBJECTS[action as AclAction]);
      if (problem !== null) return `/${action}/${index}${problem}`;
    }
  }
  return null;
}

function ruleProblem(rule: unknown, object: string): string | null {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) return ': expected an object';
  const parts = rule as Readonly<Record<string, AclEntity>>;
  for (const name of ['principals', object]) if (parts[name] === undefined) return `: expected "${name}"`;
  for (const [name, entity] of Object.entries(parts)) {
    if (name !== 'principals' && name !== object)
      return `/${name}: expected only "principals" and "${object}"`;
    const { type, values } = entity ?? {};
    const isSome = Array.isArray(values) && values.every((one) => typeof one === 'string');
    if (!['SOME', 'ANY', 'NONE', undefined].includes(type) || (type !== 'ANY' && type !== 'NONE' && !isSome))
      return `/${name}: expected {"values": ["…"]} or {"type": "ANY"} or {"type": "NONE"}`;
  }
  return null;
}
