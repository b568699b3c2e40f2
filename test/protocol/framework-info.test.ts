import { describe, expect, it } from 'vitest';
import { capabilitiesOf, rolesOf } from '../../src/protocol/capabilities.ts';
import { type FrameworkRules, frameworkInfoProblem } from '../../src/protocol/framework-info.ts';
import type { FrameworkInfo, FrameworkInfoCapabilityType } from '../../src/protocol/v1/mesos.ts';

const capable = (...types: FrameworkInfoCapabilityType[]) => ({
  capabilities: types.map((type) => ({ type })),
});
const framework = (change: Partial<FrameworkInfo> = {}): FrameworkInfo => ({
  user: 'u',
  name: 'n',
  ...capable('MULTI_ROLE'),
  roles: ['ads', 'web'],
  ...change,
});
const ANY: FrameworkRules = { roles: null, rootSubmissions: true };
const problem = (change: Partial<FrameworkInfo>, rules = ANY) =>
  frameworkInfoProblem(framework(change), [], undefined, rules);

describe('§2.4 roles', () => {
  it.each<[string, Partial<FrameworkInfo>, readonly string[]]>([
    ['MULTI_ROLE with roles', {}, ['ads', 'web']],
    ['MULTI_ROLE without roles', { roles: [] }, []],
    ['without MULTI_ROLE, a role', { ...capable(), roles: undefined, role: 'ads' }, ['ads']],
    ['without MULTI_ROLE, none', { ...capable(), roles: undefined }, ['*']],
  ])('%s', (_, change, roles) => {
    expect(problem(change)).toBeNull();
    expect(rolesOf(framework(change))).toEqual(roles);
  });

  it.each<[string, Partial<FrameworkInfo>, string]>([
    ['MULTI_ROLE with a role', { role: 'ads' }, "'FrameworkInfo.role' must not be set"],
    ['without MULTI_ROLE, roles', capable(), "'FrameworkInfo.roles' must not be set"],
    ['a role twice', { roles: ['ads', 'ads'] }, 'duplicates'],
    ['a name that cannot be', { roles: ['ads', 'a b'] }, 'white space'],
    ['the same in the old form', { ...capable(), roles: undefined, role: '/a' }, 'slash'],
  ])('refused: %s', (_, change, expected) => {
    expect(problem(change)).toContain(expected);
  });

  it('only those that the master allows', () => {
    const rules = { ...ANY, roles: ['ads'] };
    expect(problem({ roles: ['ads', '*'] }, rules)).toBeNull();
    expect(problem({ roles: ['ads', 'web'] }, rules)).toContain(
      "'web' is not present in the master's --roles",
    );
  });
});

describe('§2.4 capabilities', () => {
  it('are those that are listed, without such as are not known', () => {
    const info = { ...framework(), capabilities: [{ type: 'GPU_RESOURCES' as const }, {}] };
    expect([...capabilitiesOf(info)]).toEqual(['GPU_RESOURCES']);
    expect(capabilitiesOf({ user: 'u', name: 'n' }).size).toBe(0);
  });
});

describe('§2.3 what a subscription must hold to', () => {
  it.each([
    ['none', undefined],
    ['an empty one', ''],
    ['a good one', 'f-1'],
  ])('id: %s', (_, value) => {
    expect(problem(value === undefined ? {} : { id: { value } })).toBeNull();
  });

  it('an id that cannot be is refused', () => {
    expect(problem({ id: { value: 'a/b' } })).toContain("'FrameworkInfo.id' is invalid");
  });

  it('root needs --root_submissions', () => {
    expect(problem({ user: 'root' })).toBeNull();
    expect(problem({ user: 'root' }, { ...ANY, rootSubmissions: false })).toContain('root_submissions');
    expect(problem({ user: 'u' }, { ...ANY, rootSubmissions: false })).toBeNull();
  });

  it.each([0, 1.5, 1e9])('failover_timeout %d s', (failover_timeout) => {
    expect(problem({ failover_timeout })).toBeNull();
  });

  it.each([1e10, Number.NaN, Number.POSITIVE_INFINITY, -1])(
    'failover_timeout %d s is no duration',
    (failover_timeout) => {
      expect(problem({ failover_timeout })).toContain('failover_timeout');
    },
  );

  it('suppressed roles must be among the roles', () => {
    const suppressing = (...roles: string[]) => frameworkInfoProblem(framework(), roles, undefined, ANY);
    expect(suppressing('ads', 'web')).toBeNull();
    expect(suppressing('ads', 'other')).toContain("Suppressed roles name role 'other'");
  });

  it('offer constraints must be for the roles, and good in themselves', () => {
    const group = (attribute_name: string | undefined) => ({
      groups: [{ attribute_constraints: [{ selector: { attribute_name }, predicate: { exists: {} } }] }],
    });
    const constrained = (role: string, attribute?: string) =>
      frameworkInfoProblem(framework(), [], { role_constraints: { [role]: group(attribute) } }, ANY);
    expect(constrained('ads', 'rack')).toBeNull();
    expect(constrained('other', 'rack')).toContain("Offer constraints name role 'other'");
    expect(constrained('ads')).toContain('a selector names one attribute');
  });
});

describe('§2.4 offer_filters', () => {
  const filtered = (role: string, ...sets: Record<string, number>[]): Partial<FrameworkInfo> => ({
    offer_filters: {
      [role]: {
        min_allocatable_resources: {
          quantities: sets.map((set) => ({
            quantities: Object.fromEntries(Object.entries(set).map(([name, value]) => [name, { value }])),
          })),
        },
      },
    },
  });

  it.each([
    ['one of two sets', filtered('ads', { cpus: 1, mem: 32 }, { gpus: 1 })],
    ['no set: anything', filtered('ads')],
    ['amounts of 0', filtered('ads', { cpus: 0 })],
  ])('%s', (_, change) => {
    expect(problem(change)).toBeNull();
  });

  it.each([
    ['a role that is not there', filtered('other', { cpus: 1 }), "Offer filters name role 'other'"],
    ['an empty set', filtered('ads', { cpus: 1 }, {}), 'an empty set'],
    ['a negative amount', filtered('ads', { cpus: -1 }), 'negative or not finite'],
    ['an infinite amount', filtered('ads', { cpus: Number.POSITIVE_INFINITY }), 'negative or not finite'],
  ])('refused: %s', (_, change, expected) => {
    expect(problem(change)).toContain(expected);
  });
});
