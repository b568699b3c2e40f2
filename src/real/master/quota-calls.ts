/** Quota as it was set before it had limits (reference §14.3): a guarantee, which was the limit, too. */
import type { OperatorCall } from '../../protocol/v1/master.ts';
import type { QuotaRequest } from '../../protocol/v1/quota.ts';

/** Calls from before UPDATE_QUOTA in its words; others as they are. */
export function withQuotaUpdate(call: OperatorCall): OperatorCall {
  if (call.type === 'SET_QUOTA' && call.set_quota !== undefined)
    return quotaUpdate(call.set_quota.quota_request);
  if (call.type === 'REMOVE_QUOTA' && call.remove_quota !== undefined)
    return quotaRemoval(call.remove_quota.role);
  return call;
}

export function quotaUpdate({ role = '', guarantee = [], force }: QuotaRequest): OperatorCall {
  const amounts = Object.fromEntries(
    guarantee.flatMap(({ name, scalar }) => (scalar ? [[name, scalar]] : [])),
  );
  return {
    type: 'UPDATE_QUOTA',
    update_quota: {
      ...(force !== undefined && { force }),
      quota_configs: [{ role, guarantees: amounts, limits: amounts }],
    },
  };
}

export function quotaRemoval(role: string): OperatorCall {
  return { type: 'UPDATE_QUOTA', update_quota: { force: true, quota_configs: [{ role }] } };
}
