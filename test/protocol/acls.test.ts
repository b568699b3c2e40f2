/** Access control lists in Mesos's form (reference §15). */
import { describe, expect, test } from 'vitest';
import { type Acls, aclsProblem, isAllowed } from '../../src/protocol/acls.ts';

const may = (acls: Acls | null, principal: string | null, roles: readonly string[] | null) =>
  isAllowed(acls, 'register_frameworks', principal, roles);

describe('rules', () => {
  const any = { type: 'ANY' } as const;
  const none = { type: 'NONE' } as const;
  const some = (...values: string[]) => ({ values });

  test('the first that is about principal and object decides', () => {
    const acls: Acls = {
      register_frameworks: [
        { principals: some('ann'), roles: some('research', 'web') },
        { principals: some('ann'), roles: none },
        { principals: any, roles: some('web') },
      ],
    };
    expect(may(acls, 'ann', ['research'])).toBe(true);
    expect(may(acls, 'ann', ['research', 'web'])).toBe(true);
    expect(may(acls, 'ann', ['batch'])).toBe(false);
    expect(may(acls, 'bob', ['web'])).toBe(true);
    // No rule is about it.
    expect(may(acls, 'bob', ['batch'])).toBe(true);
    expect(may({ ...acls, permissive: false }, 'bob', ['batch'])).toBe(false);
  });

  test('nobody in particular is subject to rules about all only', () => {
    const acls: Acls = { register_frameworks: [{ principals: some('ann'), roles: none }] };
    expect(may(acls, null, ['web'])).toBe(true);
    expect(may({ register_frameworks: [{ principals: none, roles: some('web') }] }, null, ['web'])).toBe(
      false,
    );
    expect(may({ register_frameworks: [{ principals: any, roles: some('web') }] }, null, ['web'])).toBe(true);
  });

  test('roles below a role are a/%', () => {
    const acls: Acls = { permissive: false, register_frameworks: [{ principals: any, roles: some('a/%') }] };
    expect([['a/b'], ['a/b/c'], ['a'], ['ab']].map((roles) => may(acls, 'x', roles))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('without lists everything is allowed; without a list of an action, what is permissive', () => {
    expect(may(null, null, ['x'])).toBe(true);
    expect([may({}, 'x', ['x']), may({ permissive: false }, 'x', ['x'])]).toEqual([true, false]);
  });
});

test.each([
  [[], ': expected an object'],
  [{ permissive: 'yes' }, '/permissive: expected true or false'],
  [
    { run_task: [] },
    '/run_task: this master asks nothing of the kind; it knows register_frameworks, run_tasks,',
  ],
  [{ run_tasks: {} }, '/run_tasks: expected a list of rules'],
  [{ run_tasks: [{ principals: { type: 'ANY' } }] }, '/run_tasks/0: expected "users"'],
  [
    { run_tasks: [{ principals: { type: 'ALL' }, users: { type: 'ANY' } }] },
    '/run_tasks/0/principals: expected {"values"',
  ],
  [
    { run_tasks: [{ principals: { values: ['a'] }, users: { values: 'root' } }] },
    '/run_tasks/0/users: expected',
  ],
  [
    { run_tasks: [{ principals: { values: ['a'] }, users: { type: 'ANY' }, roles: { type: 'ANY' } }] },
    '/run_tasks/0/roles: expected only "principals" and "users"',
  ],
])('%j is refused', (value, problem) => {
  expect(aclsProblem(value)).toContain(problem);
});

test('a good one is not', () => {
  const rule = { principals: { values: ['a'] }, users: { type: 'NONE' } };
  expect(aclsProblem({ permissive: false, run_tasks: [rule] })).toBeNull();
});
