/** Services as users write them, in a file or over HTTP. */
import type { HealthCheck } from '../protocol/v1/mesos.ts';
import type { ServiceDefinition } from './service.ts';
import { describeTask, type Problem, TASK_PROPERTIES, type TaskDefinition } from './task-definition.ts';

export interface ServiceEntry extends TaskDefinition {
  readonly instances: number;
  /** Attribute over whose values instances are spread; `hostname`: over agents. */
  readonly spread?: string;
  readonly health?: {
    /** Path that answers 2xx or 3xx. */
    readonly http?: string;
    readonly tcp?: boolean;
    readonly command?: string;
    /** Of HTTP and TCP: below the number of ports, the service's own port of that number. */
    readonly port: number;
    readonly delay_seconds: number;
    readonly interval_seconds: number;
    readonly timeout_seconds: number;
    readonly grace_seconds: number;
    readonly failures: number;
  };
}

const SECONDS = { type: 'number', minimum: 0 } as const;

/** A JSON schema. */
export const SERVICE_SCHEMA = {
  type: 'object',
  required: ['name', 'command'],
  additionalProperties: false,
  properties: {
    ...TASK_PROPERTIES,
    instances: { type: 'integer', minimum: 0, maximum: 100_000, default: 1 },
    spread: { type: 'string', minLength: 1 },
    health: {
      type: 'object',
      additionalProperties: false,
      properties: {
        http: { type: 'string', pattern: '^/' },
        tcp: { type: 'boolean', const: true },
        command: { type: 'string', minLength: 1 },
        port: { type: 'integer', minimum: 0, maximum: 65_535, default: 0 },
        delay_seconds: { ...SECONDS, default: 1 },
        interval_seconds: { ...SECONDS, default: 10 },
        timeout_seconds: { ...SECONDS, default: 20 },
        grace_seconds: { ...SECONDS, default: 60 },
        failures: { type: 'integer', minimum: 1, default: 3 },
      },
    },
  },
} as const;

/** @throws what `problem` makes, for what a schema cannot say */
export function defineService(entry: ServiceEntry, problem: Problem): ServiceDefinition {
  const { instances, spread = null } = entry;
  const { info, ...needs } = describeTask(entry, problem, []);
  const health_check = healthCheckOf(entry, problem);
  return {
    ...needs,
    name: entry.name,
    instances,
    info: { ...info, ...(health_check && { health_check }) },
    spreadBy: spread,
  };
}

function healthCheckOf({ health, ports = 0 }: ServiceEntry, problem: Problem): HealthCheck | null {
  if (health === undefined) return null;
  const { http, tcp, command, port } = health;
  if ([http, tcp, command].filter((kind) => kind !== undefined).length !== 1)
    throw problem(['health'], 'health names one of http, tcp and command');
  if (command === undefined && port < 1024 && port >= ports)
    throw problem(['health', 'port'], `health asks port ${port}, but the service has ${ports} ports`);
  return {
    delay_seconds: health.delay_seconds,
    interval_seconds: health.interval_seconds,
    timeout_seconds: health.timeout_seconds,
    grace_period_seconds: health.grace_seconds,
    consecutive_failures: health.failures,
    ...(http !== undefined && { type: 'HTTP', http: { port, path: http } }),
    ...(tcp !== undefined && { type: 'TCP', tcp: { port } }),
    ...(command !== undefined && { type: 'COMMAND', command: { value: command } }),
  };
}
