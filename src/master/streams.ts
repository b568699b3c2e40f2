/** Streams of schedulers, as the master opens and closes them. */

import { cancelTimer } from '../protocol/timers.ts';
import { uuidText } from '../protocol/uuid.ts';
import type { MasterContext } from './context.ts';
import { HEARTBEAT_US } from './flags.ts';
import { sendEvent } from './send.ts';
import type { FrameworkRecord } from './state.ts';

/** Answers the exchange with an open stream. @returns its id */
export function openStream(master: MasterContext, exchange: string): string {
  const stream = uuidText(master.random);
  master.emit({ kind: 'open-stream', exchange, stream });
  return stream;
}

/** Ends a stream with an ERROR event. */
export function failStream(master: MasterContext, stream: string, message: string): void {
  master.emit({ kind: 'event', stream, event: { type: 'ERROR', error: { message } } });
  master.emit({ kind: 'close-stream', stream });
}

export function attachStream(master: MasterContext, framework: FrameworkRecord, stream: string): void {
  framework.stream = stream;
  master.state.frameworkOfStream.set(stream, framework);
}

export function closeStream(master: MasterContext, framework: FrameworkRecord): void {
  const { stream } = framework;
  if (stream === null) return;
  master.state.frameworkOfStream.delete(stream);
  framework.stream = null;
  master.emit({ kind: 'close-stream', stream });
}

/** One heartbeat now, and one every 15 s. */
export function beginHeartbeats(master: MasterContext, framework: FrameworkRecord): void {
  cancelTimer(framework.heartbeatTimer);
  sendEvent(master, framework, HEARTBEAT);
  framework.heartbeatTimer = master.timers.set(master.nowUs + HEARTBEAT_US, () =>
    beginHeartbeats(master, framework),
  );
}

const HEARTBEAT = { type: 'HEARTBEAT' } as const;
