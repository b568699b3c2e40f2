/** An ACCEPT under way: what its operations have used of the offers' resources so far. */
import type { Resources } from '../resources/resources.ts';
import type { AgentRecord, FrameworkRecord } from './state.ts';

export interface Acceptance {
  readonly framework: FrameworkRecord;
  readonly agent: AgentRecord;
  /** All resources here are allocated to it. */
  readonly role: string;
  /** For the operations that follow. */
  remaining: Resources;
  launched: Resources;
  /** Volumes that grew or shrank: not for later operations of the same ACCEPT. */
  resized: Resources;
  /** Whether `remaining` may hold what was not offered. */
  isConverted: boolean;
}
