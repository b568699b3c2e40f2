/** What a leading master knows: frameworks, agents, tasks, executors, offers and operations, each found by its id and by what it belongs to. */

import type { Timer } from '../protocol/timers.ts';
import type { InverseOfferStatus } from '../protocol/v1/allocator.ts';
import type {
  AgentID,
  AgentInfo,
  AgentInfoCapabilityType,
  DrainInfo,
  ExecutorInfo,
  FrameworkID,
  FrameworkInfo,
  FrameworkInfoCapabilityType,
  InverseOffer,
  KillPolicy,
  MasterInfo,
  Offer,
  OfferOperation,
  OperationStatus,
  Task,
  TaskID,
  TaskState,
  TaskStatus,
  Unavailability,
  URL,
} from '../protocol/v1/mesos.ts';
import type { QuotaConfig } from '../protocol/v1/quota.ts';
import type { OfferConstraints } from '../protocol/v1/scheduler.ts';
import type { Resources } from '../resources/resources.ts';
import { BoundedList, BoundedMap } from './bounded.ts';
import { Counters } from './counters.ts';
import type { MasterFlags } from './flags.ts';
import type { Maintenance } from './registry.ts';

export class MasterState {
  /** `recovering`: elected, and the registry is not yet written anew. */
  phase: 'standby' | 'recovering' | 'leading' = 'standby';
  /** Who leads while this master stands by. */
  leader: MasterInfo | null = null;
  electedUs = 0;

  readonly frameworks = new Map<string, FrameworkRecord>();
  /** Removed ones: their ids are never used again, as far back as is remembered. */
  readonly completedFrameworks: BoundedMap<string, FrameworkRecord>;
  readonly frameworkOfStream = new Map<string, FrameworkRecord>();

  /** Registered agents, connected or not. */
  readonly agents = new Map<string, AgentRecord>();
  readonly agentOfLink = new Map<string, AgentRecord>();
  /** In the registry as admitted, and not back since this master was elected. */
  readonly recoveredAgents = new Map<string, KnownAgent>();
  readonly unreachableAgents = new Map<string, KnownAgent>();
  readonly goneAgents = new Map<string, KnownAgent>();

  readonly offers = new Map<string, OfferRecord>();
  readonly inverseOffers = new Map<string, InverseOfferRecord>();
  /** Links whose agents are being admitted, with the id that each will have, and ids of agents coming back, with their link. */
  readonly registering = new Map<string, string>();
  readonly reregistering = new Map<string, string | null>();
  /** By the link that it last had. */
  readonly agentOfAddress = new Map<string, AgentRecord>();
  /** Being drained, and not yet empty. */
  readonly draining = new Set<AgentRecord>();
  /** Before then the limit on removals lets no other agent go. */
  nextRemovalUs = Number.NEGATIVE_INFINITY;
  /** How many agents the registry had as admitted when this master was elected. */
  recoveredAtElection = 0;
  /** Nothing is offered until most of those are back, since quota may be theirs. */
  isPaused = false;

  /** As operators set them; roles without are 1. */
  readonly weights = new Map<string, number>();
  /** By top-level role. */
  readonly quotas = new Map<string, QuotaConfig>();
  maintenance: Maintenance = { schedule: {}, downMachines: [] };

  /** By uuid. */
  readonly operations = new Map<string, OperationRecord>();

  /** Streams of operators that subscribed to events, oldest first. */
  readonly operatorStreams = new Map<string, OperatorStream>();

  /** Numbers of the next ids; they start anew with each master's own id. */
  nextFramework = 0;
  nextAgent = 0;
  nextOffer = 0;

  constructor(flags: MasterFlags) {
    this.completedFrameworks = new BoundedMap(flags.maxCompletedFrameworks);
  }
}

export interface OperatorStream {
  readonly stream: string;
  readonly principal: string | null;
  heartbeat: Timer | null;
}

/** An agent that is in the registry and not registered. */
export interface KnownAgent {
  readonly id: AgentID;
  readonly info: AgentInfo | null;
  /** When it was marked unreachable or gone; `null` of recovered ones. */
  readonly sinceUs: number | null;
  readonly drainInfo: DrainInfo | null;
  readonly isDeactivated: boolean;
  /** Of a recovered one: when it is given up. */
  readonly removal: Timer | null;
}

export class FrameworkRecord {
  readonly id: string;
  /** The id as messages carry it. */
  readonly wireId: FrameworkID;
  info!: FrameworkInfo;
  roles!: readonly string[];
  capabilities!: ReadonlySet<FrameworkInfoCapabilityType>;
  isPartitionAware!: boolean;
  suppressedRoles: ReadonlySet<string> = new Set();
  offerConstraints: OfferConstraints | null = null;
  /**
   * `recovered`: known from agents only, since this master was elected; `disconnected`: its stream broke;
   * `active`: subscribed. All but the last get no offers.
   */
  connection: 'recovered' | 'disconnected' | 'active' = 'recovered';
  stream: string | null = null;
  registeredUs = 0;
  reregisteredUs: number | null = null;
  unregisteredUs: number | null = null;
  failoverTimer: Timer | null = null;
  heartbeatTimer: Timer | null = null;

  /** Those that are not both terminal and acknowledged, by id. */
  readonly tasks = new Map<string, TaskRecord>();
  readonly unreachableTasks: BoundedMap<string, TaskRecord>;
  readonly completedTasks: BoundedList<TaskRecord>;
  /** By agent, then by id; only executors that the framework named. */
  readonly executors = new Map<AgentRecord, Map<string, ExecutorRecord>>();
  readonly offers = new Set<OfferRecord>();
  readonly inverseOffers = new Set<InverseOfferRecord>();
  readonly operations = new Set<OperationRecord>();
  /** By type. */
  readonly calls = new Counters();
  readonly events = new Counters();
  /** `sent`, `accepted`, `declined`, `rescinded`. */
  readonly offerCounts = new Counters();
  /** By type of operation, and by state in which tasks ended. */
  readonly operationCounts = new Counters();
  readonly endedTasks = new Counters();
  /** Those that it gave an id. */
  readonly operationsById = new Map<string, OperationRecord>();

  constructor(id: string, flags: MasterFlags) {
    this.id = id;
    this.wireId = { value: id };
    this.unreachableTasks = new BoundedMap(flags.maxUnreachableTasksPerFramework);
    this.completedTasks = new BoundedList(flags.maxCompletedTasksPerFramework);
  }
}

export class AgentRecord {
  readonly id: string;
  readonly wireId: AgentID;
  info!: AgentInfo;
  version!: string;
  capabilities!: ReadonlySet<AgentInfoCapabilityType>;
  /** Where its sandboxes are browsed, as offers carry it. */
  url!: URL;
  /** `null`: disconnected. */
  link: string | null = null;
  /** The link that it last had. */
  address: string | null = null;
  /** Deactivated by an operator, or draining: nothing is offered of it. */
  isDeactivated = false;
  drainInfo: DrainInfo | null = null;
  unavailability: Unavailability | null = null;
  registeredUs = 0;
  reregisteredUs: number | null = null;
  /** With reservations and volumes as they are now; not allocated to roles. */
  total!: Resources;
  /** A transition of it is on its way to the registry, and a second one must wait. */
  transition: 'none' | 'unreachable' | 'gone' | 'removing' = 'none';
  pingTimer: Timer | null = null;
  missedPings = 0;
  reregisterTimer: Timer | null = null;
  /** It was silent for too long, and waits for its turn to be marked unreachable. */
  removal: Timer | null = null;

  readonly tasks = new Set<TaskRecord>();
  /** By framework, then by id; only executors that frameworks named. */
  readonly executors = new Map<FrameworkRecord, Map<string, ExecutorRecord>>();
  readonly offers = new Set<OfferRecord>();
  readonly inverseOffers = new Set<InverseOfferRecord>();
  readonly operations = new Set<OperationRecord>();
  /** Answers to inverse offers, by framework. */
  readonly inverseOfferStatuses = new Map<string, InverseOfferStatus>();

  constructor(id: string) {
    this.id = id;
    this.wireId = { value: id };
  }
}

/** What of a task never changes, as its TaskInfo or an agent's report says it. */
export type TaskDescription = Pick<
  Task,
  'name' | 'labels' | 'discovery' | 'container' | 'health_check' | 'kill_policy' | 'limits'
>;

export interface TaskRecord {
  readonly id: string;
  readonly wireId: TaskID;
  readonly framework: FrameworkRecord;
  readonly agentId: AgentID;
  /** `null` where the task has only a command. */
  readonly executorId: string | null;
  readonly description: TaskDescription;
  readonly user: string | undefined;
  /** Allocated to a role. */
  readonly resources: Resources;
  /** The newest that is known: resources are held until it is terminal or unreachable. */
  state: TaskState;
  /** State and uuid of the update last forwarded to the framework, which acknowledges it. */
  forwardedState: TaskState | null;
  forwardedUuid: string | null;
  /** Forwarded ones, those of equal state next to each other collapsed, without data. */
  statuses: TaskStatus[];
  /** A KILL, to be sent again if the agent returns with the task. */
  kill: { readonly policy: KillPolicy | null } | null;
}

export interface ExecutorRecord {
  readonly id: string;
  readonly framework: FrameworkRecord;
  readonly agent: AgentRecord;
  readonly info: ExecutorInfo;
  /** Allocated to a role. */
  readonly resources: Resources;
}

export interface OfferRecord {
  readonly id: string;
  readonly framework: FrameworkRecord;
  readonly agent: AgentRecord;
  readonly role: string;
  /** Allocated to the role. */
  readonly resources: Resources;
  readonly wire: Offer;
  readonly timer: Timer | null;
}

export interface InverseOfferRecord {
  readonly id: string;
  readonly framework: FrameworkRecord;
  readonly agent: AgentRecord;
  readonly wire: InverseOffer;
  readonly timer: Timer | null;
}

export interface OperationRecord {
  /** Text form. */
  readonly uuid: string;
  /** `null`: an operator's, or of a framework that was removed. */
  framework: FrameworkRecord | null;
  readonly agent: AgentRecord;
  /** `null` where the framework gave none: then nobody but the master acknowledges its end. */
  readonly id: string | null;
  readonly info: OfferOperation;
  status: OperationStatus;
  statuses: OperationStatus[];
}
