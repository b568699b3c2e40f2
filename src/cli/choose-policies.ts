/** The policies of `--policy`, with the parts that other options replace. */
import { InputError } from '../cluster/errors.ts';
import type { Policy } from '../policies/policy.ts';
import { parsePolicy, withParts } from '../policies/registry.ts';
import { isPolicyPath, loadPolicyFile } from './policy-file.ts';
import type { SimulateFlags } from './simulate-flags.ts';

const DEFAULT_POLICIES = ['fifo', 'drf', 'wdrf'];

/** @throws InputError POLICY_UNKNOWN, POLICY_INVALID, OPTION_CONFLICT where two policies would have one name */
export async function choosePolicies(flags: SimulateFlags): Promise<Policy[]> {
  const items = flags.policy.length > 0 ? flags.policy : DEFAULT_POLICIES;
  const policies: Policy[] = [];
  for (const item of items) {
    const policy = { ...(await policyOf(item)), ...replacedParts(flags) };
    if (policies.some(({ name }) => name === policy.name)) {
      throw new InputError('OPTION_CONFLICT', `--policy names ${policy.name} twice; leave one out`);
    }
    policies.push(policy);
  }
  return policies;
}

async function policyOf(item: string): Promise<Policy> {
  if (!isPolicyPath(item)) return parsePolicy(item);
  const [path, ...parts] = item.split(':');
  const policy = await loadPolicyFile(path);
  return parts.length === 0
    ? policy
    : { ...withParts(policy, parts), name: [policy.name, ...parts].join(':') };
}

function replacedParts({ fit, backfill, gang }: SimulateFlags): Partial<Policy> {
  return { ...(fit && { fit }), ...(backfill && { backfill }), ...(gang && { gang }) };
}
