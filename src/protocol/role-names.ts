/** Names of roles: `*`, or paths such as `ads/web` (reference §14.1). */

/** Why it cannot be a role; `null`: it can. */
export function roleProblem(role: string): string | null {
  if (role === '*') return null;
  if (role === '') return 'Role must not be empty';
  if (/[\b\t\n\v\f\r ]/.test(role)) return `Role '${role}' must not contain white space`;
  for (const part of role.split('/')) {
    if (part === '') return `Role '${role}' must not begin or end with a slash, or hold two in a row`;
    if (part === '.' || part === '..' || part === '*') return `Role '${role}' must not have a part '${part}'`;
    if (part.startsWith('-')) return `Role '${role}' must not have a part that starts with '-'`;
  }
  return null;
}

export function isStrictSubrole(role: string, above: string): boolean {
  return role.startsWith(`${above}/`);
}

export function isHierarchical(role: string): boolean {
  return role.includes('/');
}

/** `a/b/c` → `a`. */
export function topLevelRole(role: string): string {
  return role.split('/', 1)[0];
}

/** `a/b/c` → `a/b`, `a`. */
export function rolesAbove(role: string): string[] {
  const above: string[] = [];
  for (let end = role.lastIndexOf('/'); end > 0; end = role.lastIndexOf('/', end - 1))
    above.push(role.slice(0, end));
  return above;
}
