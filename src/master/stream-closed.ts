/** A scheduler or an operator closed its stream, or it broke. */

import { cancelTimer } from '../protocol/timers.ts';
import type { MasterContext } from './context.ts';
import { disconnectFramework } from './frameworks.ts';

export function streamClosed(master: MasterContext, stream: string): void {
  const { state } = master;
  const framework = state.frameworkOfStream.get(stream);
  if (framework !== undefined) {
    state.frameworkOfStream.delete(stream);
    disconnectFramework(master, framework);
    return;
  }
  const operator = state.operatorStreams.get(stream);
  if (operator === undefined) return;
  cancelTimer(operator.heartbeat);
  state.operatorStreams.delete(stream);
}
