/** Speaks the operator API (reference §7) with the master that served the page. */
import type { OperatorCall, OperatorEvent, OperatorResponse } from '../protocol/v1/master.ts';
import { Records } from './records.ts';

const JSON_TYPE = 'application/json';
const SILENT_HEARTBEATS = 2;
const FIRST_EVENT_MS = 30_000;

function post(call: OperatorCall, signal?: AbortSignal): Promise<Response> {
  return fetch('/api/v1', {
    method: 'POST',
    headers: { 'content-type': JSON_TYPE, accept: JSON_TYPE },
    body: JSON.stringify(call),
    ...(signal && { signal }),
  });
}

/** @throws Error with what the master says where it refuses */
export async function ask(call: OperatorCall): Promise<OperatorResponse> {
  const response = await post(call);
  const text = await response.text();
  if (!response.ok) throw new Error(text.trim() || `the master answers ${response.status}`);
  return text === '' ? {} : (JSON.parse(text) as OperatorResponse);
}

/** Hears events until the connection ends or is silent for too long. @throws Error that says why */
export async function hearEvents(hear: (event: OperatorEvent) => void, signal: AbortSignal): Promise<void> {
  const silence = new AbortController();
  let patienceMs = FIRST_EVENT_MS;
  let alarm: ReturnType<typeof setTimeout> | undefined;
  const heard = () => {
    clearTimeout(alarm);
    alarm = setTimeout(() => silence.abort(new Error('the master is silent')), patienceMs);
  };
  heard();
  try {
    const response = await post({ type: 'SUBSCRIBE' }, AbortSignal.any([signal, silence.signal]));
    if (!response.ok)
      throw new Error((await response.text()).trim() || `the master answers ${response.status}`);
    const records = new Records();
    const reader = response.body!.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) throw new Error('the master has ended the connection');
      for (const record of records.push(value)) {
        const event = JSON.parse(record) as OperatorEvent;
        const seconds = event.subscribed?.heartbeat_interval_seconds;
        if (seconds) patienceMs = seconds * 1000 * SILENT_HEARTBEATS;
        hear(event);
      }
      heard();
    }
  } finally {
    clearTimeout(alarm);
  }
}
