/** Which agents a framework wants offers of, by their attributes (reference §2.10). */
import { RE2JS } from 're2js';
import type { AgentInfo, Attribute } from './v1/mesos.ts';
import type {
  AttributeConstraint,
  AttributeConstraintPredicate,
  AttributeConstraintSelector,
  OfferConstraints,
} from './v1/scheduler.ts';

/** Longest regular expression: what Mesos bounds by memory. */
const MAX_REGEX_LENGTH = 500;
/** Instructions of a compiled regular expression, as Mesos bounds them by default. */
const MAX_PROGRAM_SIZE = 100;

export type AgentDescription = Pick<AgentInfo, 'hostname' | 'attributes' | 'domain'>;

/** Whether an agent may be offered to a role. */
export type AgentFilter = (role: string, agent: AgentDescription) => boolean;

/** @returns `null`: nothing is wrong */
export function offerConstraintsProblem(constraints: OfferConstraints): string | null {
  for (const [role, { groups = [] }] of Object.entries(constraints.role_constraints ?? {})) {
    if (groups.length === 0) return `Offer constraints of role '${role}' have no groups`;
    for (const { attribute_constraints = [] } of groups) {
      if (attribute_constraints.length === 0)
        return `Offer constraints of role '${role}' have an empty group`;
      for (const constraint of attribute_constraints) {
        const problem = constraintProblem(constraint);
        if (problem !== null) return `Offer constraints of role '${role}': ${problem}`;
      }
    }
  }
  return null;
}

/** @param constraints without problems; `null`: none */
export function agentFilter(constraints: OfferConstraints | null): AgentFilter {
  const groupsOfRole = new Map(
    Object.entries(constraints?.role_constraints ?? {}).map(([role, { groups = [] }]) => [
      role,
      groups.map(({ attribute_constraints = [] }) => attribute_constraints.map(compiled)),
    ]),
  );
  return (role, agent) => {
    const groups = groupsOfRole.get(role);
    return groups === undefined || groups.some((group) => group.every((holds) => holds(agent)));
  };
}

function constraintProblem({ selector, predicate }: AttributeConstraint): string | null {
  const selectors = [selector.attribute_name, selector.pseudoattribute_type].filter(
    (one) => one !== undefined,
  );
  if (selectors.length !== 1 || selector.pseudoattribute_type === 'UNKNOWN')
    return 'a selector names one attribute or one of HOSTNAME, REGION and ZONE';
  if (Object.values(predicate).filter((one) => one !== undefined).length !== 1)
    return 'a constraint has exactly one predicate';
  const regex = predicate.text_matches?.regex ?? predicate.text_not_matches?.regex;
  if (regex === undefined) return null;
  return regexProblem(regex);
}

function regexProblem(regex: string): string | null {
  if (regex.length > MAX_REGEX_LENGTH)
    return `regular expression is longer than ${MAX_REGEX_LENGTH} characters`;
  const tooLarge = `regular expression '${regex}' is too large; use fewer parts and smaller repetitions`;
  // Each repetition is at least one instruction: seen before it costs time and memory to compile.
  if (sumOfRepetitions(regex) > MAX_PROGRAM_SIZE) return tooLarge;
  try {
    return RE2JS.compile(regex).programSize() > MAX_PROGRAM_SIZE ? tooLarge : null;
  } catch (error) {
    return `regular expression '${regex}' is not valid: ${(error as Error).message}`;
  }
}

function sumOfRepetitions(regex: string): number {
  const unquoted = regex.replace(/\\.|\[(?:\\.|[^\]\\])*\]/gs, '');
  let sum = 0;
  for (const [, least, most] of unquoted.matchAll(/\{(\d+)(?:,(\d*))?\}/g))
    sum += Math.max(Number(least), Number(most ?? 0));
  return sum;
}

function compiled({ selector, predicate }: AttributeConstraint): (agent: AgentDescription) => boolean {
  const test = textTest(predicate);
  const { exists, not_exists } = predicate;
  const isNegated = predicate.text_not_equals !== undefined || predicate.text_not_matches !== undefined;
  return (agent) => {
    const attribute = selected(selector, agent);
    if (exists !== undefined) return attribute !== null;
    if (not_exists !== undefined) return attribute === null;
    if (attribute === null) return isNegated;
    // What is there and no text does not restrict.
    return attribute.text === undefined || test(attribute.text.value) !== isNegated;
  };
}

/** Whether the predicate's own text or expression matches, before any negation. */
function textTest(predicate: AttributeConstraintPredicate): (text: string) => boolean {
  const equal = predicate.text_equals?.value ?? predicate.text_not_equals?.value;
  if (equal !== undefined) return (text) => text === equal;
  const regex = predicate.text_matches?.regex ?? predicate.text_not_matches?.regex;
  if (regex === undefined) return () => true;
  const pattern = RE2JS.compile(regex);
  return (text) => pattern.matches(text);
}

function selected(
  selector: AttributeConstraintSelector,
  agent: AgentDescription,
): Pick<Attribute, 'text'> | null {
  if (selector.attribute_name !== undefined)
    return agent.attributes?.find(({ name }) => name === selector.attribute_name) ?? null;
  if (selector.pseudoattribute_type === 'HOSTNAME') return { text: { value: agent.hostname } };
  const domain = agent.domain?.fault_domain;
  const value = selector.pseudoattribute_type === 'REGION' ? domain?.region.name : domain?.zone.name;
  return value === undefined ? null : { text: { value } };
}
