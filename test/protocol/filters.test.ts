import { describe, expect, it } from 'vitest';
import { refuseUs } from '../../src/protocol/filters.ts';

describe('§2.8 refuse_seconds', () => {
  it.each([
    ['not given', {}, 5],
    ['0: no filter', { refuse_seconds: 0 }, 0],
    ['as given', { refuse_seconds: 2.5 }, 2.5],
    ['negative', { refuse_seconds: -1 }, 5],
    ['infinite', { refuse_seconds: Number.POSITIVE_INFINITY }, 5],
    ['not a number', { refuse_seconds: Number.NaN }, 5],
    ['a year', { refuse_seconds: 31_536_000 }, 31_536_000],
    ['more than a year', { refuse_seconds: 31_536_001 }, 31_536_000],
  ])('%s', (_, filters, seconds) => {
    expect(refuseUs(filters)).toBe(seconds * 1e6);
  });

  it('no filters', () => {
    expect(refuseUs(undefined)).toBe(5e6);
  });
});
