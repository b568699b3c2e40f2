/** Carries out one check or health check of a task (reference §6.4). */
import { request } from 'node:http';
import { request as secureRequest } from 'node:https';
import { connect } from 'node:net';
import type { ProbeKind, ProbeResult } from '../../executor/io.ts';
import type { CheckInfo, CommandInfo, HealthCheck } from '../../protocol/v1/mesos.ts';

const DEFAULT_TIMEOUT_SECONDS = 20;
const LOOPBACK = '127.0.0.1';

/** Runs a command beside the task. @returns its exit code; `null`: a signal ended it */
export type CommandRunner = (command: CommandInfo, signal: AbortSignal) => Promise<number | null>;

export async function probe(
  kind: ProbeKind,
  definition: CheckInfo | HealthCheck,
  run: CommandRunner,
): Promise<ProbeResult> {
  const seconds = definition.timeout_seconds ?? DEFAULT_TIMEOUT_SECONDS;
  const timeout = seconds > 0 ? AbortSignal.timeout(seconds * 1000) : new AbortController().signal;
  try {
    switch (definition.type) {
      case 'COMMAND': {
        const code = await run(commandOf(kind, definition), timeout);
        timeout.throwIfAborted();
        const seen = code === null ? null : { command: { exit_code: code } };
        return { isHealthy: code === 0, seen, message: `the command ended with ${code ?? 'a signal'}` };
      }
      case 'HTTP': {
        const { port, path = '/' } = definition.http!;
        const scheme = 'scheme' in definition.http! ? definition.http.scheme : 'http';
        const status = await httpStatus(`${scheme ?? 'http'}://${LOOPBACK}:${port}${path}`, timeout);
        return {
          isHealthy: status >= 200 && status < 400,
          seen: { http: { status_code: status } },
          message: `port ${port} answered ${status}`,
        };
      }
      default: {
        const { port } = definition.tcp!;
        const succeeded = await canConnect(port, timeout);
        return { isHealthy: succeeded, seen: { tcp: { succeeded } }, message: `port ${port} is closed` };
      }
    }
  } catch (error) {
    const message = timeout.aborted ? `no answer within ${seconds} s` : (error as Error).message;
    return { isHealthy: false, seen: null, message };
  }
}

function commandOf(kind: ProbeKind, definition: CheckInfo | HealthCheck): CommandInfo {
  return kind === 'check' ? (definition as CheckInfo).command!.command : (definition as HealthCheck).command!;
}

/** Redirects are an answer; certificates of tasks are not asked for. */
function httpStatus(url: string, signal: AbortSignal): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const send = url.startsWith('https:') ? secureRequest : request;
  const sent = send(url, { signal, agent: false, rejectUnauthorized: false }, (response) => {
    response.resume();
    resolve(response.statusCode!);
  });
  sent.on('error', reject);
  sent.end();
  return promise;
}

function canConnect(port: number, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const socket = connect({ host: LOOPBACK, port, signal });
  socket.on('connect', () => resolve(true));
  socket.on('error', (error) => (signal.aborted ? reject(error) : resolve(false)));
  promise.finally(() => socket.destroy()).catch(() => {});
  return promise;
}
