/** What each page of the console is given. */
import type { LiveCluster } from '../live-cluster.ts';
import type { Session } from '../session.ts';

export interface PageProps {
  readonly cluster: LiveCluster;
  readonly session: Session;
  /** What follows the page's name in the address. */
  readonly names: readonly string[];
  /** The session is another now. */
  readonly changed: () => void;
}
