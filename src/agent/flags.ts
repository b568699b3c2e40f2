/** Settings of an agent (reference §17), with Mesos's defaults but for what is kept of the past. */
import { US_PER_SECOND } from '../cluster/time.ts';

const MINUTE_US = 60 * US_PER_SECOND;

export interface AgentFlags {
  /** Longest first wait before registering; doubles with each attempt. */
  readonly registrationBackoffFactorUs: number;
  readonly executorRegistrationTimeoutUs: number;
  /** How long executors may take to come back after the agent restarted. */
  readonly executorReregistrationTimeoutUs: number;
  readonly executorShutdownGracePeriodUs: number;
  /** After the end of an executor its sandbox is kept so long, or shorter as the disk fills. */
  readonly gcDelayUs: number;
  /** Part of the disk that is to stay free. */
  readonly gcDiskHeadroom: number;
  /** What has ended is kept for operators to look at, so many of each. */
  readonly maxCompletedFrameworks: number;
  readonly maxCompletedExecutorsPerFramework: number;
  readonly maxCompletedTasksPerExecutor: number;
}

export const DEFAULT_FLAGS: AgentFlags = {
  registrationBackoffFactorUs: US_PER_SECOND,
  executorRegistrationTimeoutUs: MINUTE_US,
  executorReregistrationTimeoutUs: 2 * US_PER_SECOND,
  executorShutdownGracePeriodUs: 5 * US_PER_SECOND,
  gcDelayUs: 7 * 24 * 60 * MINUTE_US,
  gcDiskHeadroom: 0.1,
  // Nobody looks into agents that are simulated by the thousand.
  maxCompletedFrameworks: 0,
  maxCompletedExecutorsPerFramework: 0,
  maxCompletedTasksPerExecutor: 0,
};

/** As Mesos keeps them. */
export const HISTORY_FLAGS = {
  maxCompletedFrameworks: 50,
  maxCompletedExecutorsPerFramework: 150,
  maxCompletedTasksPerExecutor: 200,
} satisfies Partial<AgentFlags>;

/** Constants in Mesos. */
export const MAX_REGISTRATION_BACKOFF_US = MINUTE_US;
export const FIRST_UPDATE_RETRY_US = 10 * US_PER_SECOND;
export const MAX_UPDATE_RETRY_US = 10 * MINUTE_US;
/** Without a ping for so long the master counts as lost, until it says otherwise. */
export const DEFAULT_PING_TIMEOUT_US = 75 * US_PER_SECOND;
