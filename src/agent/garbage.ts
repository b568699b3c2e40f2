/** Which sandboxes may go (reference §5.4): those of executors that ended long ago, or less long as the disk fills. */
import type { AgentContext } from './context.ts';

/** @param used part of the disk in use, 0 to 1 */
export function collectGarbage(agent: AgentContext, used: number): void {
  const { gcDelayUs, gcDiskHeadroom } = agent.flags;
  const keepUs = gcDelayUs * Math.max(0, 1 - gcDiskHeadroom - used);
  const { sandboxes } = agent.state;
  let gone = 0;
  while (gone < sandboxes.length && agent.nowUs - sandboxes[gone].endedUs >= keepUs) gone++;
  for (const { sandbox } of sandboxes.splice(0, gone)) agent.emit({ kind: 'remove-sandbox', sandbox });
}
