/** Checks and health checks of tasks (reference §4.3, 6.4). */
import { commandProblem } from './command-info.ts';
import type { CheckInfo, CommandInfo, HealthCheck } from './v1/mesos.ts';

/** @returns `null`: nothing is wrong */
export function checkInfoProblem(check: CheckInfo): string | null {
  const { type, command, http, tcp } = check;
  if (type === undefined || type === 'UNKNOWN') return "CheckInfo must specify 'type'";
  const bodies = { COMMAND: command, HTTP: http, TCP: tcp };
  if (bodies[type] === undefined) return `Expecting '${type.toLowerCase()}' to be set for ${type} check`;
  return (
    (command === undefined ? null : checkedCommandProblem(command.command)) ??
    pathProblem(http?.path) ??
    secondsProblem(check, ['delay_seconds', 'interval_seconds', 'timeout_seconds'])
  );
}

/** @returns `null`: nothing is wrong */
export function healthCheckProblem(check: HealthCheck): string | null {
  const { type, command, http, tcp } = check;
  if (type === undefined || type === 'UNKNOWN') return "HealthCheck must specify 'type'";
  const bodies = { COMMAND: command, HTTP: http, TCP: tcp };
  if (bodies[type] === undefined)
    return `Expecting '${type.toLowerCase()}' to be set for ${type} health check`;
  if (http?.scheme !== undefined && http.scheme !== 'http' && http.scheme !== 'https')
    return `Unsupported HTTP health check scheme: '${http.scheme}'; it is http or https`;
  return (
    (command === undefined ? null : checkedCommandProblem(command)) ??
    pathProblem(http?.path) ??
    secondsProblem(check, ['delay_seconds', 'interval_seconds', 'timeout_seconds', 'grace_period_seconds'])
  );
}

function checkedCommandProblem(command: CommandInfo): string | null {
  if (command.value === undefined)
    return (command.shell ?? true) ? 'Shell command is not specified' : 'Executable path is not specified';
  return commandProblem(command);
}

function pathProblem(path: string | undefined): string | null {
  return path === undefined || path.startsWith('/') ? null : `The path '${path}' of HTTP must start with '/'`;
}

function secondsProblem<T extends object>(check: T, names: readonly (keyof T & string)[]): string | null {
  for (const name of names) {
    const value = check[name] as number | undefined;
    if (value !== undefined && !(value >= 0)) return `Expecting '${name}' to be non-negative`;
  }
  return null;
}
