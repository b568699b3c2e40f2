/** What each page of the console is given. */
import type { LiveCluster } from '../live-cluster.ts';

export interface PageProps {
  readonly cluster: LiveCluster;
}
