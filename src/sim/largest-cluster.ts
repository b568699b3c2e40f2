/** A cluster with every agent there from the start, as large as it ever gets. */
import type { Cluster } from '../cluster/cluster.ts';

export function largestCluster(cluster: Cluster): Cluster {
  const width = cluster.resources.length;
  const total = Float64Array.from(cluster.total);
  for (const event of cluster.events) {
    event.total?.forEach((amount, r) => {
      const place = event.agent * width + r;
      if (amount > total[place]) total[place] = amount;
    });
  }
  return { ...cluster, total, absent: new Set(), events: [] };
}
