/** Weighted DRF over the tree of roles: H-DRF, and the naive form that charges a node for the sum of its children. */
import type { Policy } from './policy.ts';
import { weightedDominantShare } from './weighted-drf.ts';

export const hierarchicalDrf: Policy = {
  name: 'hdrf',
  title: 'Hierarchical DRF over the role tree, without starvation',
  source: 'Bhattacharya et al., SoCC 2013 (dynamic H-DRF); docs/hdrf.md',
  order: { kind: 'roles', key: weightedDominantShare, tree: 'hdrf' },
};

export const naiveHierarchicalDrf: Policy = {
  name: 'naive-hdrf',
  title: 'DRF at every node of the role tree, usage summed: starves complementary demands',
  source: 'Bhattacharya et al., SoCC 2013, section 3; Mesos hierarchical roles',
  order: { kind: 'roles', key: weightedDominantShare, tree: 'sum' },
};
