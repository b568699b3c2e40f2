/** What happens on an agent is counted, for its metrics. */
import type { AgentState } from './state.ts';

export function count({ counts }: AgentState, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
