/** The cluster of a model: kinds of agents in proportion. */
import { type AgentDescription, buildCluster, type Cluster } from '../../cluster/cluster.ts';
import { InputError } from '../../cluster/errors.ts';
import type { AgentModel } from './model.ts';

/**
 * `count` agents, of every kind one at least, the others by largest remainder; agents of one kind follow each other.
 * @throws InputError OPTION_VALUE if there are more kinds than agents
 */
export function clusterOfKinds(kinds: readonly AgentModel[], count: number): Cluster {
  if (count < kinds.length) {
    throw new InputError(
      'OPTION_VALUE',
      `${count} agents are too few for the ${kinds.length} kinds of agents of this preset; give --agents ${kinds.length} or more`,
    );
  }
  const agents: AgentDescription[] = [];
  countsByKind(kinds, count).forEach((ofKind, kind) => {
    const { resources, attributes } = kinds[kind];
    for (let i = 0; i < ofKind; i++)
      agents.push({ id: `agent-${agents.length}`, resources, ...(attributes ? { attributes } : {}) });
  });
  return buildCluster(agents);
}

function countsByKind(kinds: readonly AgentModel[], count: number): number[] {
  const sum = kinds.reduce((total, { share }) => total + share, 0);
  const exact = kinds.map(({ share }) => (share / sum) * count);
  const counts = exact.map((number) => Math.max(1, Math.floor(number)));
  // How much a kind is owed orders who gets one more, or, where minimums took too many, who gives one back.
  const owed = (kind: number) => exact[kind] - counts[kind];
  for (let missing = count - counts.reduce((total, n) => total + n, 0); missing !== 0; ) {
    const step = Math.sign(missing);
    const eligible = [...kinds.keys()].filter((kind) => step > 0 || counts[kind] > 1);
    const next = eligible.reduce((best, kind) => (step * owed(kind) > step * owed(best) ? kind : best));
    counts[next] += step;
    missing -= step;
  }
  return counts;
}
