/** A random role is next, every time. */
import type { Policy } from './policy.ts';

export const random: Policy = {
  name: 'random',
  title: 'A role drawn uniformly from those with waiting tasks',
  source: 'lottery with equal tickets; Waldspurger & Weihl, OSDI 1994',
  order: { kind: 'roles', key: (_role, draw) => draw() },
};
