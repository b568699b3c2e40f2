/** What an agent knows: its frameworks, their executors and tasks, and operations on its resources. */
import type { AgentOperation } from '../protocol/internal.ts';
import type { Timer } from '../protocol/timers.ts';
import type {
  DrainConfig,
  ExecutorInfo,
  FrameworkInfo,
  KillPolicy,
  TaskInfo,
  TaskState,
  TaskStatus,
} from '../protocol/v1/mesos.ts';
import { Resources } from '../resources/resources.ts';
import { DEFAULT_PING_TIMEOUT_US } from './flags.ts';
import type { EndedSandbox } from './io.ts';

export class AgentState {
  /** `recovering`: executors of an earlier run may yet come back. */
  phase: 'new' | 'recovering' | 'disconnected' | 'running' | 'terminating' = 'new';
  /** Given by the master; `null` before. */
  id: string | null = null;
  /** To the leading master; `null`: none. */
  link: string | null = null;
  /** As configured, with reservations and volumes as they are now. */
  total = Resources.empty;
  drain: DrainConfig | null = null;
  readonly frameworks = new Map<string, FrameworkRecord>();
  readonly executorOfContainer = new Map<string, ExecutorRecord>();
  readonly executorOfConnection = new Map<string, ExecutorRecord>();
  /** Until the master acknowledged their last status. */
  readonly operations = new Map<string, OperationRecord>();
  /** The next try to register, and the end of the master's patience. */
  registrationTimer: Timer | null = null;
  silenceTimer: Timer | null = null;
  pingTimeoutUs = DEFAULT_PING_TIMEOUT_US;
  /** End of waiting for executors of an earlier run. */
  recoveryTimer: Timer | null = null;
  /** Of executors that have ended, oldest first. */
  readonly sandboxes: EndedSandbox[] = [];
  /** Oldest first; none of them has an executor or a task that is not completed. */
  readonly completedFrameworks: FrameworkRecord[] = [];
  /** What has happened how often since the start of the process, by its name in reference §16. */
  readonly counts = new Map<string, number>();
}

export interface FrameworkRecord {
  readonly id: string;
  info: FrameworkInfo;
  /** The master removed it: nobody wants to hear of its tasks. */
  isShuttingDown: boolean;
  readonly executors: Map<string, ExecutorRecord>;
  /** All whose last update is not acknowledged. */
  readonly tasks: Map<string, TaskRecord>;
  /** Those that have ended, oldest first. */
  readonly completedExecutors: ExecutorRecord[];
}

export interface ExecutorRecord {
  readonly id: string;
  readonly framework: FrameworkRecord;
  readonly info: ExecutorInfo;
  readonly container: string;
  readonly sandbox: string;
  /** Made up by the agent for a task that has only a command. */
  readonly isCommand: boolean;
  /** Its own, besides its tasks'. */
  readonly resources: Resources;
  phase: 'registering' | 'running' | 'terminating' | 'terminated';
  /** Of its subscription; `null`: it has none. */
  connection: string | null;
  /** Registration, re-registration or the grace of a shutdown. */
  timer: Timer | null;
  /** Why it is being ended, for its tasks' last status. */
  endReason: Pick<TaskStatus, 'state' | 'reason' | 'message'> | null;
  /** Its tasks of which all is told and acknowledged, oldest first. */
  readonly completedTasks: TaskRecord[];
}

export interface TaskRecord {
  readonly id: string;
  readonly framework: FrameworkRecord;
  readonly info: TaskInfo;
  /** `null`: it never had one here. */
  readonly executor: ExecutorRecord | null;
  readonly resources: Resources;
  /** `queued`: not yet given to the executor. */
  phase: 'queued' | 'launched' | 'terminated';
  state: TaskState;
  /** Not acknowledged by the framework; the first is on its way. */
  readonly updates: TaskStatus[];
  /** The last status of each state that it went through. */
  readonly statuses: TaskStatus[];
  retryTimer: Timer | null;
  retryUs: number;
  /** A kill that the executor may not have got. */
  kill: { readonly policy: KillPolicy | null } | null;
  /** Tasks of one group are delivered together; the first carries them all. */
  readonly group: readonly TaskInfo[] | null;
  /** Uuids of updates received, so that none is taken twice. */
  readonly received: Set<string>;
}

export interface OperationRecord {
  readonly operation: AgentOperation;
  retryTimer: Timer | null;
  retryUs: number;
}
