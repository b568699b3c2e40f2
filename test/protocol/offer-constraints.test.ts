import { describe, expect, it } from 'vitest';
import {
  type AgentDescription,
  agentFilter,
  offerConstraintsProblem,
} from '../../src/protocol/offer-constraints.ts';
import type {
  AttributeConstraint,
  AttributeConstraintPredicate,
  OfferConstraints,
} from '../../src/protocol/v1/scheduler.ts';
import { parseAttributesText } from '../../src/resources/text.ts';

const agent: AgentDescription = {
  hostname: 'node-7.example.com',
  attributes: parseAttributesText('rack:r12;level:10;rack:other'),
  domain: { fault_domain: { region: { name: 'west' }, zone: { name: 'west-1' } } },
};

const constraint = (
  selector: AttributeConstraint['selector'],
  predicate: AttributeConstraintPredicate,
): AttributeConstraint => ({ selector, predicate });
const attribute = (attribute_name: string, predicate: AttributeConstraintPredicate) =>
  constraint({ attribute_name }, predicate);
/** Groups are alternatives, all constraints of a group must hold. */
const of = (...groups: AttributeConstraint[][]): OfferConstraints => ({
  role_constraints: { ads: { groups: groups.map((attribute_constraints) => ({ attribute_constraints })) } },
});
const holds = (one: AttributeConstraint, on = agent) => {
  expect(offerConstraintsProblem(of([one]))).toBeNull();
  return agentFilter(of([one]))('ads', on);
};

describe('§2.10 predicates', () => {
  it.each<[string, AttributeConstraintPredicate, boolean, boolean, boolean]>([
    // Of rack:r12, of level:10, which is no text, and of an attribute that is missing.
    ['exists', { exists: {} }, true, true, false],
    ['not_exists', { not_exists: {} }, false, false, true],
    ['text_equals, equal', { text_equals: { value: 'r12' } }, true, true, false],
    ['text_equals, different', { text_equals: { value: 'r1' } }, false, true, false],
    ['text_not_equals, equal', { text_not_equals: { value: 'r12' } }, false, true, true],
    ['text_not_equals, different', { text_not_equals: { value: 'r1' } }, true, true, true],
    ['text_matches', { text_matches: { regex: 'r[0-9]+' } }, true, true, false],
    ['text_matches in part only', { text_matches: { regex: 'r[0-9]' } }, false, true, false],
    ['text_not_matches', { text_not_matches: { regex: 'r[0-9]+' } }, false, true, true],
    ['text_not_matches in part only', { text_not_matches: { regex: 'r[0-9]' } }, true, true, true],
  ])('%s', (_, predicate, ofText, ofScalar, ofMissing) => {
    expect(holds(attribute('rack', predicate))).toBe(ofText);
    expect(holds(attribute('level', predicate))).toBe(ofScalar);
    expect(holds(attribute('gone', predicate))).toBe(ofMissing);
  });
});

describe('§2.10 selectors', () => {
  it('the first attribute of a name counts', () => {
    expect(holds(attribute('rack', { text_equals: { value: 'other' } }))).toBe(false);
  });

  it.each([
    ['HOSTNAME', 'node-7.example.com'],
    ['REGION', 'west'],
    ['ZONE', 'west-1'],
  ] as const)('%s', (pseudoattribute_type, value) => {
    expect(holds(constraint({ pseudoattribute_type }, { text_equals: { value } }))).toBe(true);
    expect(holds(constraint({ pseudoattribute_type }, { text_equals: { value: 'else' } }))).toBe(false);
  });

  it.each(['REGION', 'ZONE'] as const)(
    '%s of an agent without a domain does not exist',
    (pseudoattribute_type) => {
      const without = { hostname: 'h' };
      expect(holds(constraint({ pseudoattribute_type }, { exists: {} }), without)).toBe(false);
      expect(holds(constraint({ pseudoattribute_type }, { not_exists: {} }), without)).toBe(true);
    },
  );
});

describe('§2.10 groups', () => {
  const yes = attribute('rack', { exists: {} });
  const no = attribute('rack', { not_exists: {} });

  it.each([
    ['one holds', [[yes]], true],
    ['one does not', [[no]], false],
    ['all of a group have to hold', [[yes, no]], false],
    ['one group is enough', [[yes, no], [yes]], true],
    ['no group holds', [[no], [no, yes]], false],
  ])('%s', (_, groups, expected) => {
    expect(agentFilter(of(...groups))('ads', agent)).toBe(expected);
  });

  it('a role without an entry is offered all agents', () => {
    expect(agentFilter(of([no]))('web', agent)).toBe(true);
    expect(agentFilter(null)('ads', agent)).toBe(true);
    expect(agentFilter({})('ads', agent)).toBe(true);
  });
});

describe('§2.10 regular expressions of RE2', () => {
  it.each([
    ['case', '(?i)R12'],
    ['alternatives', 'r11|r12'],
    ['classes', '[[:alpha:]][[:digit:]]{2}'],
    ['Unicode', '\\p{L}\\d\\d'],
    ['anything', '.*'],
  ])('%s', (_, regex) => {
    expect(holds(attribute('rack', { text_matches: { regex } }))).toBe(true);
  });

  it('alternatives match as a whole, too', () => {
    const on = { hostname: 'h', attributes: parseAttributesText('rack:r123') };
    expect(holds(attribute('rack', { text_matches: { regex: 'r12|r123' } }), on)).toBe(true);
    expect(holds(attribute('rack', { text_matches: { regex: 'r1|r12' } }), on)).toBe(false);
  });

  it('take time linear in the text, where backtracking takes exponential time', () => {
    const on = { hostname: 'a'.repeat(5000) };
    const selector = { pseudoattribute_type: 'HOSTNAME' } as const;
    expect(holds(constraint(selector, { text_matches: { regex: '(a*)*b' } }), on)).toBe(false);
  });

  it.each([
    ['a parenthesis that is not closed', '(', 'is not valid'],
    ['a look-ahead, which RE2 does not have', '(?=a)b', 'is not valid'],
    ['a back-reference, which RE2 does not have', '(a)\\1', 'is not valid'],
    ['a long one', 'a'.repeat(501), 'longer than 500 characters'],
    ['many instructions', 'a'.repeat(101), 'is too large'],
    ['a large repetition', 'a{101}', 'is too large'],
    ['large repetitions in a row', 'a{60}b{41,}', 'is too large'],
    ['nested repetitions', '(a{20}){20}', 'is too large'],
  ])('refused: %s', (_, regex, expected) => {
    for (const predicate of [{ text_matches: { regex } }, { text_not_matches: { regex } }])
      expect(offerConstraintsProblem(of([attribute('rack', predicate)]))).toContain(expected);
  });

  it('braces that repeat nothing are not counted', () => {
    for (const regex of ['[{1000}]+', '\\{1000\\}', 'a{50}'])
      expect(offerConstraintsProblem(of([attribute('rack', { text_matches: { regex } })]))).toBeNull();
  });
});

describe('§2.10 constraints that are refused', () => {
  const exists = { exists: {} };
  it.each<[string, OfferConstraints, string]>([
    ['no groups', of(), 'no groups'],
    ['an empty group', of([attribute('rack', exists)], []), 'an empty group'],
    ['an empty selector', of([constraint({}, exists)]), 'a selector names one'],
    [
      'two selectors',
      of([constraint({ attribute_name: 'rack', pseudoattribute_type: 'ZONE' }, exists)]),
      'a selector names one',
    ],
    [
      'an unknown pseudoattribute',
      of([constraint({ pseudoattribute_type: 'UNKNOWN' }, exists)]),
      'a selector names one',
    ],
    ['an empty predicate', of([attribute('rack', {})]), 'exactly one predicate'],
    ['two predicates', of([attribute('rack', { ...exists, not_exists: {} })]), 'exactly one predicate'],
  ])('%s', (_, constraints, expected) => {
    expect(offerConstraintsProblem(constraints)).toContain(expected);
  });

  it('the role is named', () => {
    expect(offerConstraintsProblem(of())).toContain("role 'ads'");
  });
});
