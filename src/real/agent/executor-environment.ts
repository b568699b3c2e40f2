/** What an agent tells an executor through its environment (reference §5.3). */
import { join } from 'node:path';
import { shutdownGraceUs } from '../../agent/executors.ts';
import type { AgentFlags } from '../../agent/flags.ts';
import type { ContainerLaunch } from '../../agent/io.ts';
import type { EnvironmentVariable } from '../../protocol/v1/mesos.ts';
import { durationText } from '../duration.ts';

export interface ExecutorHost {
  readonly agentId: string;
  /** At which executors reach the agent. */
  readonly ip: string;
  readonly port: number;
  readonly isSecure: boolean;
  /** Absolute. */
  readonly workDir: string;
  /** The sandbox's path in containers that have a file system of their own. */
  readonly sandboxDirectory: string;
  readonly flags: Pick<AgentFlags, 'executorShutdownGracePeriodUs' | 'executorReregistrationTimeoutUs'>;
  readonly recoveryTimeoutUs: number;
  /** Of --executor_environment_variables. */
  readonly variables: Readonly<Record<string, string>>;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** @param token proves to the agent who calls; `null`: it does not ask */
export function executorEnvironment(
  { framework, executor, command, image, sandbox, isCheckpointed }: ContainerLaunch,
  host: ExecutorHost,
  token: string | null,
): Readonly<Record<string, string>> {
  const directory = join(host.workDir, sandbox);
  const hasOwnFiles = image?.type === 'DOCKER' || image?.mesos?.image !== undefined;
  return {
    PATH,
    ...host.variables,
    MESOS_FRAMEWORK_ID: framework.id!.value,
    MESOS_EXECUTOR_ID: executor.executor_id.value,
    MESOS_DIRECTORY: directory,
    MESOS_SANDBOX: hasOwnFiles ? host.sandboxDirectory : directory,
    MESOS_SLAVE_ID: host.agentId,
    MESOS_SLAVE_PID: `slave(1)@${host.ip}:${host.port}`,
    MESOS_AGENT_ENDPOINT: `${host.ip}:${host.port}`,
    MESOS_CHECKPOINT: isCheckpointed ? '1' : '0',
    MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: durationText(shutdownGraceUs(executor, host.flags)),
    MESOS_HTTP_COMMAND_EXECUTOR: '1',
    LIBPROCESS_PORT: '0',
    ...(host.isSecure && { LIBPROCESS_SSL_ENABLED: '1' }),
    ...(isCheckpointed && {
      MESOS_RECOVERY_TIMEOUT: durationText(host.recoveryTimeoutUs),
      MESOS_SUBSCRIPTION_BACKOFF_MAX: durationText(host.flags.executorReregistrationTimeoutUs),
    }),
    ...(token !== null && { MESOS_EXECUTOR_AUTHENTICATION_TOKEN: token }),
    ...variablesOf(command?.environment?.variables),
  };
}

/** Secrets that are given by value are variables like others; references need a store of secrets, which there is none of. */
export function variablesOf(variables: readonly EnvironmentVariable[] = []): Record<string, string> {
  return Object.fromEntries(
    variables.flatMap(({ name, value, secret }) => {
      const text = secret?.value === undefined ? value : Buffer.from(secret.value.data, 'base64').toString();
      return text === undefined ? [] : [[name, text]];
    }),
  );
}
