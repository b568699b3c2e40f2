import { describe, expect, it } from 'vitest';
import { quotaProblem } from '../../src/protocol/quota.ts';
import type { QuotaConfig } from '../../src/protocol/v1/quota.ts';

const amounts = (of: Record<string, number>) =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [name, { value }]));
const quota = (
  role: string,
  guarantees: Record<string, number> = {},
  limits: Record<string, number> = {},
): QuotaConfig => ({ role, guarantees: amounts(guarantees), limits: amounts(limits) });

describe('§14.3 quota configurations', () => {
  it.each([
    ['none', []],
    ['of two roles', [quota('ads', { cpus: 1 }), quota('web', { cpus: 1 })]],
    ['without amounts', [{ role: 'ads' }]],
    ['a guarantee that is its limit', [quota('ads', { cpus: 1 }, { cpus: 1 })]],
    ['a guarantee without a limit', [quota('ads', { cpus: 1 }, { mem: 0 })]],
    ['the most there may be', [quota('ads', {}, { cpus: 1e12, mem: 1e12 })]],
  ])('%s', (_, configs) => {
    expect(quotaProblem(configs)).toBeNull();
  });

  it.each([
    ['a role that cannot be', [quota('a b')], 'Invalid quota role'],
    ['the role *', [quota('*')], "role '*'"],
    ['a nested role', [quota('ads/web')], "nested role 'ads/web'"],
    ['a role twice', [quota('ads'), quota('web'), quota('ads')], "'ads' is given twice"],
    ['a negative guarantee', [quota('ads', { cpus: -1 })], 'cpus -1'],
    ['a negative limit', [quota('ads', {}, { mem: -1 })], 'mem -1'],
    ['an infinite limit', [quota('ads', {}, { mem: Number.POSITIVE_INFINITY })], 'mem Infinity'],
    ['not a number', [quota('ads', { cpus: Number.NaN })], 'cpus NaN'],
    ['more than there may be', [quota('ads', { disk: 1e12 + 1 })], 'is not an amount from 0 to'],
    ['a guarantee above its limit', [quota('ads', { cpus: 2 }, { cpus: 1 })], 'above its limit, 1'],
  ])('refused: %s', (_, configs, problem) => {
    expect(quotaProblem(configs)).toContain(problem);
  });
});
