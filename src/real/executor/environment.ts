/** What an agent tells an executor through its environment (reference §5.3). */
import { EXECUTOR_DEFAULTS, type ExecutorOptions } from '../../executor/io.ts';
import { parseDuration } from '../duration.ts';

export interface ExecutorEnvironment extends Omit<ExecutorOptions, 'exitsWhenDone'> {
  /** Of the agent, such as `http://127.0.0.1:5051`. */
  readonly origin: string;
  readonly sandbox: string;
  /** Value of the Authorization header; `null`: none. */
  readonly authorization: string | null;
}

/** @throws Error that names the variable which is missing or wrong */
export function readEnvironment(env: NodeJS.ProcessEnv): ExecutorEnvironment {
  const need = (name: string): string => {
    const value = env[name];
    if (!value) throw new Error(`${name} is not set: an agent starts this program, and tells it where it is`);
    return value;
  };
  const durationUs = (name: string, otherwiseUs: number) =>
    env[name] ? parseDuration(env[name]) : otherwiseUs;
  const token = env.MESOS_EXECUTOR_AUTHENTICATION_TOKEN;
  const scheme = env.LIBPROCESS_SSL_ENABLED === '1' ? 'https' : 'http';
  return {
    origin: `${scheme}://${need('MESOS_AGENT_ENDPOINT')}`,
    sandbox: need('MESOS_SANDBOX'),
    authorization: token ? `Bearer ${token}` : null,
    frameworkId: { value: need('MESOS_FRAMEWORK_ID') },
    executorId: { value: need('MESOS_EXECUTOR_ID') },
    isCheckpointed: env.MESOS_CHECKPOINT === '1',
    recoveryTimeoutUs: durationUs('MESOS_RECOVERY_TIMEOUT', EXECUTOR_DEFAULTS.recoveryTimeoutUs),
    subscriptionBackoffMaxUs: durationUs(
      'MESOS_SUBSCRIPTION_BACKOFF_MAX',
      EXECUTOR_DEFAULTS.subscriptionBackoffMaxUs,
    ),
  };
}
