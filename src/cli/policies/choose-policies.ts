/** The policies of `--policy`, with the parts that other options replace. */
import { InputError } from '../../cluster/errors.ts';
import type { Policy } from '../../policies/policy.ts';
import { parsePolicy, withParts } from '../../policies/registry.ts';
import type { SimulateFlags } from '../simulate/simulate-flags.ts';
import { type ChosenPolicy, isPolicyPath, loadPolicyFile } from './policy-file.ts';

/** The options that say which policies are played. */
export type PolicyFlags = Pick<SimulateFlags, 'policy' | 'fit' | 'backfill' | 'gang'>;

const DEFAULT_POLICIES = ['fifo', 'drf', 'wdrf'];

/**
 * Parts that `--fit` and the like replace are in the policy's name too, so that results of variants are told apart.
 * @throws InputError POLICY_UNKNOWN, POLICY_INVALID, OPTION_CONFLICT where two policies would have one name or folder,
 *   or a policy and an option both name a part
 */
export async function choosePolicies(flags: PolicyFlags): Promise<ChosenPolicy[]> {
  const items = flags.policy.length > 0 ? flags.policy : DEFAULT_POLICIES;
  const chosen: ChosenPolicy[] = [];
  for (const item of items) {
    const { policy, file } = await policyOf(item);
    const varied = withReplacedParts(policy, item, flags);
    const same = chosen.find(({ policy }) => policyFolder(policy) === policyFolder(varied));
    if (same) {
      throw new InputError(
        'OPTION_CONFLICT',
        same.policy.name === varied.name
          ? `--policy names ${varied.name} twice; leave one out`
          : `policies ${same.policy.name} and ${varied.name} would share the folder ${policyFolder(varied)}; leave one out`,
      );
    }
    chosen.push({ policy: varied, ...(file && { file }) });
  }
  return chosen;
}

/** A folder name for a policy's run: `fifo:backfill=easy` becomes `fifo-backfill-easy`. */
export function policyFolder({ name }: Policy): string {
  return name.replace(/[^A-Za-z0-9._-]+/g, '-');
}

async function policyOf(item: string): Promise<ChosenPolicy> {
  if (!isPolicyPath(item)) return { policy: parsePolicy(item) };
  const [path, ...parts] = item.split(':');
  const { policy, file } = await loadPolicyFile(path);
  return parts.length === 0
    ? { policy, file }
    : { policy: { ...withParts(policy, parts), name: [policy.name, ...parts].join(':') }, file };
}

function withReplacedParts(policy: Policy, item: string, { fit, backfill, gang }: PolicyFlags): Policy {
  const parts = Object.entries({ fit, backfill, gang }).filter(([, value]) => value !== undefined);
  for (const [part, value] of parts) {
    if (item.split(/[:,]/).some((said) => said.startsWith(`${part}=`))) {
      throw new InputError(
        'OPTION_CONFLICT',
        `--${part} ${value} and policy ${item} both name the ${part}; leave one out`,
      );
    }
  }
  const said = parts.map(([part, value]) => `${part}=${value}`);
  return { ...withParts(policy, said), name: [policy.name, ...said].join(':') };
}
