/** Speaks the operator API (reference §7) with the master that served the page. */
import type { OperatorCall, OperatorEvent, OperatorResponse } from '../protocol/v1/master.ts';
import { Records } from './records.ts';

const JSON_TYPE = 'application/json';
const SILENT_HEARTBEATS = 2;
const FIRST_EVENT_MS = 30_000;

/** The session has ended, or there is none. */
export class SignedOut extends Error {}

let token = '';

/** Of the session; from now on all calls show it. */
export function showToken(shown: string): void {
  token = shown;
}

/** @throws SignedOut; Error with what the master says where it refuses */
async function request(path: string, options: RequestInit = {}): Promise<Response> {
  const response = await fetch(path, {
    ...options,
    headers: { accept: JSON_TYPE, 'x-mesolab-token': token, ...options.headers },
  });
  if (response.ok) return response;
  if (response.status === 401) throw new SignedOut('You are signed out');
  throw new Error((await response.text()).trim() || `the master answers ${response.status}`);
}

const post = (call: OperatorCall, signal?: AbortSignal): Promise<Response> =>
  request('/api/v1', {
    method: 'POST',
    headers: { 'content-type': JSON_TYPE },
    body: JSON.stringify(call),
    ...(signal && { signal }),
  });

/** @throws as `request` */
export async function ask(call: OperatorCall): Promise<OperatorResponse> {
  const text = await (await post(call)).text();
  return text === '' ? {} : (JSON.parse(text) as OperatorResponse);
}

/** Mesos's operators kill no tasks; this master's do. @throws as `request` */
export async function killTask(frameworkId: string, taskId: string): Promise<void> {
  await request('/kill-task', { method: 'POST', body: new URLSearchParams({ frameworkId, taskId }) });
}

export interface WhyNotAnswer {
  /** In words. */
  readonly reasons: Readonly<Record<string, string>>;
  readonly roles: readonly {
    readonly role: string;
    readonly state: string;
    readonly share: number;
    readonly weight: number;
    readonly before: readonly string[];
    /** By reason. */
    readonly agents: Readonly<Record<string, readonly string[]>>;
  }[];
}

/** Why a framework is offered no more. @throws as `request` */
export async function askWhyNot(framework: string): Promise<WhyNotAnswer> {
  return (await request(`/why-not?${new URLSearchParams({ framework })}`)).json();
}

export interface ListedFile {
  readonly path: string;
  readonly size: number;
  readonly nlink: number;
  readonly mode: string;
  readonly mtime: number;
}

/** What is in a folder of an agent. @throws as `request` */
export async function listFiles(agent: string, path: string): Promise<readonly ListedFile[]> {
  return (await request(`/agent-files/browse?${new URLSearchParams({ agent, path })}`)).json();
}

/** Part of a file of an agent; without an offset its size is the answer's. @throws as `request` */
export async function readFile(
  agent: string,
  path: string,
  offset: number,
  length: number,
): Promise<{ readonly data: string; readonly offset: number }> {
  const query = new URLSearchParams({ agent, path, offset: String(offset), length: String(length) });
  return (await request(`/agent-files/read?${query}`)).json();
}

/** The whole of a file, to be kept. @throws as `request` */
export async function downloadFile(agent: string, path: string): Promise<Blob> {
  return (await request(`/agent-files/download?${new URLSearchParams({ agent, path })}`)).blob();
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
