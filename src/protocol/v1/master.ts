/** Calls, answers and events of operators at the master (package mesos.v1.master), in JSON form: bytes are base64, 64-bit numbers doubles, enums their names. */
import type { ClusterStatus, Schedule } from './maintenance.ts';
import type {
  AgentID,
  AgentInfo,
  AgentInfoCapability,
  DrainInfo,
  DurationInfo,
  ExecutorInfo,
  FileInfo,
  Flag,
  FrameworkID,
  FrameworkInfo,
  InverseOffer,
  MachineID,
  MasterInfo,
  Metric,
  Offer,
  Operation,
  Resource,
  ResourceProviderInfo,
  Role,
  Task,
  TaskState,
  TaskStatus,
  TimeInfo,
  ValueScalar,
  VersionInfo,
  WeightInfo,
} from './mesos.ts';
import type { QuotaConfig, QuotaRequest, QuotaStatus } from './quota.ts';
import type { OfferConstraints } from './scheduler.ts';

export interface OperatorCall {
  readonly type?: OperatorCallType | undefined;
  readonly get_metrics?: OperatorCallGetMetrics | undefined;
  readonly set_logging_level?: OperatorCallSetLoggingLevel | undefined;
  readonly list_files?: OperatorCallListFiles | undefined;
  readonly read_file?: OperatorCallReadFile | undefined;
  readonly update_weights?: OperatorCallUpdateWeights | undefined;
  readonly reserve_resources?: OperatorCallReserveResources | undefined;
  readonly unreserve_resources?: OperatorCallUnreserveResources | undefined;
  readonly create_volumes?: OperatorCallCreateVolumes | undefined;
  readonly destroy_volumes?: OperatorCallDestroyVolumes | undefined;
  readonly grow_volume?: OperatorCallGrowVolume | undefined;
  readonly shrink_volume?: OperatorCallShrinkVolume | undefined;
  readonly update_maintenance_schedule?: OperatorCallUpdateMaintenanceSchedule | undefined;
  readonly start_maintenance?: OperatorCallStartMaintenance | undefined;
  readonly stop_maintenance?: OperatorCallStopMaintenance | undefined;
  readonly drain_agent?: OperatorCallDrainAgent | undefined;
  readonly deactivate_agent?: OperatorCallDeactivateAgent | undefined;
  readonly reactivate_agent?: OperatorCallReactivateAgent | undefined;
  readonly update_quota?: OperatorCallUpdateQuota | undefined;
  readonly teardown?: OperatorCallTeardown | undefined;
  readonly mark_agent_gone?: OperatorCallMarkAgentGone | undefined;
  readonly set_quota?: OperatorCallSetQuota | undefined;
  readonly remove_quota?: OperatorCallRemoveQuota | undefined;
}

export type OperatorCallType =
  | 'UNKNOWN'
  | 'GET_HEALTH'
  | 'GET_FLAGS'
  | 'GET_VERSION'
  | 'GET_METRICS'
  | 'GET_LOGGING_LEVEL'
  | 'SET_LOGGING_LEVEL'
  | 'LIST_FILES'
  | 'READ_FILE'
  | 'GET_STATE'
  | 'GET_AGENTS'
  | 'GET_FRAMEWORKS'
  | 'GET_EXECUTORS'
  | 'GET_OPERATIONS'
  | 'GET_TASKS'
  | 'GET_ROLES'
  | 'GET_WEIGHTS'
  | 'UPDATE_WEIGHTS'
  | 'GET_MASTER'
  | 'SUBSCRIBE'
  | 'RESERVE_RESOURCES'
  | 'UNRESERVE_RESOURCES'
  | 'CREATE_VOLUMES'
  | 'DESTROY_VOLUMES'
  | 'GROW_VOLUME'
  | 'SHRINK_VOLUME'
  | 'GET_MAINTENANCE_STATUS'
  | 'GET_MAINTENANCE_SCHEDULE'
  | 'UPDATE_MAINTENANCE_SCHEDULE'
  | 'START_MAINTENANCE'
  | 'STOP_MAINTENANCE'
  | 'DRAIN_AGENT'
  | 'DEACTIVATE_AGENT'
  | 'REACTIVATE_AGENT'
  | 'GET_QUOTA'
  | 'UPDATE_QUOTA'
  | 'SET_QUOTA'
  | 'REMOVE_QUOTA'
  | 'TEARDOWN'
  | 'MARK_AGENT_GONE';

export interface OperatorCallGetMetrics {
  readonly timeout?: DurationInfo | undefined;
}

export interface OperatorCallSetLoggingLevel {
  readonly level: number;
  readonly duration: DurationInfo;
}

export interface OperatorCallListFiles {
  readonly path: string;
}

export interface OperatorCallReadFile {
  readonly path: string;
  readonly offset: number;
  readonly length?: number | undefined;
}

export interface OperatorCallUpdateWeights {
  readonly weight_infos?: readonly WeightInfo[] | undefined;
}

export interface OperatorCallReserveResources {
  readonly agent_id: AgentID;
  readonly source?: readonly Resource[] | undefined;
  readonly resources?: readonly Resource[] | undefined;
}

export interface OperatorCallUnreserveResources {
  readonly agent_id: AgentID;
  readonly resources?: readonly Resource[] | undefined;
}

export interface OperatorCallCreateVolumes {
  readonly agent_id: AgentID;
  readonly volumes?: readonly Resource[] | undefined;
}

export interface OperatorCallDestroyVolumes {
  readonly agent_id: AgentID;
  readonly volumes?: readonly Resource[] | undefined;
}

export interface OperatorCallGrowVolume {
  readonly agent_id?: AgentID | undefined;
  readonly volume: Resource;
  readonly addition: Resource;
}

export interface OperatorCallShrinkVolume {
  readonly agent_id?: AgentID | undefined;
  readonly volume: Resource;
  readonly subtract: ValueScalar;
}

export interface OperatorCallUpdateMaintenanceSchedule {
  readonly schedule: Schedule;
}

export interface OperatorCallStartMaintenance {
  readonly machines?: readonly MachineID[] | undefined;
}

export interface OperatorCallStopMaintenance {
  readonly machines?: readonly MachineID[] | undefined;
}

export interface OperatorCallDrainAgent {
  readonly agent_id: AgentID;
  readonly max_grace_period?: ProtobufDuration | undefined;
  readonly mark_gone?: boolean | undefined;
}

/** `google.protobuf.Duration`, as any other message. */
export interface ProtobufDuration {
  readonly seconds?: number | undefined;
  readonly nanos?: number | undefined;
}

export interface OperatorCallDeactivateAgent {
  readonly agent_id: AgentID;
}

export interface OperatorCallReactivateAgent {
  readonly agent_id: AgentID;
}

export interface OperatorCallUpdateQuota {
  readonly force?: boolean | undefined;
  readonly quota_configs?: readonly QuotaConfig[] | undefined;
}

export interface OperatorCallSetQuota {
  readonly quota_request: QuotaRequest;
}

export interface OperatorCallRemoveQuota {
  readonly role: string;
}

export interface OperatorCallTeardown {
  readonly framework_id: FrameworkID;
}

export interface OperatorCallMarkAgentGone {
  readonly agent_id: AgentID;
}

export interface OperatorResponse {
  readonly type?: OperatorResponseType | undefined;
  readonly get_health?: OperatorResponseGetHealth | undefined;
  readonly get_flags?: OperatorResponseGetFlags | undefined;
  readonly get_version?: OperatorResponseGetVersion | undefined;
  readonly get_metrics?: OperatorResponseGetMetrics | undefined;
  readonly get_logging_level?: OperatorResponseGetLoggingLevel | undefined;
  readonly list_files?: OperatorResponseListFiles | undefined;
  readonly read_file?: OperatorResponseReadFile | undefined;
  readonly get_state?: OperatorResponseGetState | undefined;
  readonly get_agents?: OperatorResponseGetAgents | undefined;
  readonly get_frameworks?: OperatorResponseGetFrameworks | undefined;
  readonly get_executors?: OperatorResponseGetExecutors | undefined;
  readonly get_operations?: OperatorResponseGetOperations | undefined;
  readonly get_tasks?: OperatorResponseGetTasks | undefined;
  readonly get_roles?: OperatorResponseGetRoles | undefined;
  readonly get_weights?: OperatorResponseGetWeights | undefined;
  readonly get_master?: OperatorResponseGetMaster | undefined;
  readonly get_maintenance_status?: OperatorResponseGetMaintenanceStatus | undefined;
  readonly get_maintenance_schedule?: OperatorResponseGetMaintenanceSchedule | undefined;
  readonly get_quota?: OperatorResponseGetQuota | undefined;
}

export type OperatorResponseType =
  | 'UNKNOWN'
  | 'GET_HEALTH'
  | 'GET_FLAGS'
  | 'GET_VERSION'
  | 'GET_METRICS'
  | 'GET_LOGGING_LEVEL'
  | 'LIST_FILES'
  | 'READ_FILE'
  | 'GET_STATE'
  | 'GET_AGENTS'
  | 'GET_FRAMEWORKS'
  | 'GET_EXECUTORS'
  | 'GET_OPERATIONS'
  | 'GET_TASKS'
  | 'GET_ROLES'
  | 'GET_WEIGHTS'
  | 'GET_MASTER'
  | 'GET_MAINTENANCE_STATUS'
  | 'GET_MAINTENANCE_SCHEDULE'
  | 'GET_QUOTA';

export interface OperatorResponseGetHealth {
  readonly healthy: boolean;
}

export interface OperatorResponseGetFlags {
  readonly flags?: readonly Flag[] | undefined;
}

export interface OperatorResponseGetVersion {
  readonly version_info: VersionInfo;
}

export interface OperatorResponseGetMetrics {
  readonly metrics?: readonly Metric[] | undefined;
}

export interface OperatorResponseGetLoggingLevel {
  readonly level: number;
}

export interface OperatorResponseListFiles {
  readonly file_infos?: readonly FileInfo[] | undefined;
}

export interface OperatorResponseReadFile {
  readonly size: number;
  readonly data: string;
}

export interface OperatorResponseGetState {
  readonly get_tasks?: OperatorResponseGetTasks | undefined;
  readonly get_executors?: OperatorResponseGetExecutors | undefined;
  readonly get_frameworks?: OperatorResponseGetFrameworks | undefined;
  readonly get_agents?: OperatorResponseGetAgents | undefined;
}

export interface OperatorResponseGetAgents {
  readonly agents?: readonly OperatorResponseGetAgentsAgent[] | undefined;
  readonly recovered_agents?: readonly AgentInfo[] | undefined;
}

export interface OperatorResponseGetAgentsAgent {
  readonly agent_info: AgentInfo;
  readonly active: boolean;
  readonly deactivated?: boolean | undefined;
  readonly version: string;
  readonly pid?: string | undefined;
  readonly registered_time?: TimeInfo | undefined;
  readonly reregistered_time?: TimeInfo | undefined;
  readonly total_resources?: readonly Resource[] | undefined;
  readonly allocated_resources?: readonly Resource[] | undefined;
  readonly offered_resources?: readonly Resource[] | undefined;
  readonly capabilities?: readonly AgentInfoCapability[] | undefined;
  readonly resource_providers?: readonly OperatorResponseGetAgentsAgentResourceProvider[] | undefined;
  readonly drain_info?: DrainInfo | undefined;
  readonly estimated_drain_start_time?: TimeInfo | undefined;
}

export interface OperatorResponseGetAgentsAgentResourceProvider {
  readonly resource_provider_info: ResourceProviderInfo;
  readonly total_resources?: readonly Resource[] | undefined;
}

export interface OperatorResponseGetFrameworks {
  readonly frameworks?: readonly OperatorResponseGetFrameworksFramework[] | undefined;
  readonly completed_frameworks?: readonly OperatorResponseGetFrameworksFramework[] | undefined;
  readonly recovered_frameworks?: readonly FrameworkInfo[] | undefined;
}

export interface OperatorResponseGetFrameworksFramework {
  readonly framework_info: FrameworkInfo;
  readonly active: boolean;
  readonly connected: boolean;
  readonly recovered: boolean;
  readonly registered_time?: TimeInfo | undefined;
  readonly reregistered_time?: TimeInfo | undefined;
  readonly unregistered_time?: TimeInfo | undefined;
  readonly offers?: readonly Offer[] | undefined;
  readonly inverse_offers?: readonly InverseOffer[] | undefined;
  readonly allocated_resources?: readonly Resource[] | undefined;
  readonly offered_resources?: readonly Resource[] | undefined;
  readonly offer_constraints?: OfferConstraints | undefined;
}

export interface OperatorResponseGetExecutors {
  readonly executors?: readonly OperatorResponseGetExecutorsExecutor[] | undefined;
  readonly orphan_executors?: readonly OperatorResponseGetExecutorsExecutor[] | undefined;
}

export interface OperatorResponseGetExecutorsExecutor {
  readonly executor_info: ExecutorInfo;
  readonly agent_id: AgentID;
}

export interface OperatorResponseGetOperations {
  readonly operations?: readonly Operation[] | undefined;
}

export interface OperatorResponseGetTasks {
  readonly pending_tasks?: readonly Task[] | undefined;
  readonly tasks?: readonly Task[] | undefined;
  readonly unreachable_tasks?: readonly Task[] | undefined;
  readonly completed_tasks?: readonly Task[] | undefined;
  readonly orphan_tasks?: readonly Task[] | undefined;
}

export interface OperatorResponseGetRoles {
  readonly roles?: readonly Role[] | undefined;
}

export interface OperatorResponseGetWeights {
  readonly weight_infos?: readonly WeightInfo[] | undefined;
}

export interface OperatorResponseGetMaster {
  readonly master_info?: MasterInfo | undefined;
  readonly start_time?: number | undefined;
  readonly elected_time?: number | undefined;
}

export interface OperatorResponseGetMaintenanceStatus {
  readonly status: ClusterStatus;
}

export interface OperatorResponseGetMaintenanceSchedule {
  readonly schedule: Schedule;
}

export interface OperatorResponseGetQuota {
  readonly status: QuotaStatus;
}

export interface OperatorEvent {
  readonly type?: OperatorEventType | undefined;
  readonly subscribed?: OperatorEventSubscribed | undefined;
  readonly task_added?: OperatorEventTaskAdded | undefined;
  readonly task_updated?: OperatorEventTaskUpdated | undefined;
  readonly agent_added?: OperatorEventAgentAdded | undefined;
  readonly agent_removed?: OperatorEventAgentRemoved | undefined;
  readonly framework_added?: OperatorEventFrameworkAdded | undefined;
  readonly framework_updated?: OperatorEventFrameworkUpdated | undefined;
  readonly framework_removed?: OperatorEventFrameworkRemoved | undefined;
}

export type OperatorEventType =
  | 'UNKNOWN'
  | 'SUBSCRIBED'
  | 'TASK_ADDED'
  | 'TASK_UPDATED'
  | 'AGENT_ADDED'
  | 'AGENT_REMOVED'
  | 'FRAMEWORK_ADDED'
  | 'FRAMEWORK_UPDATED'
  | 'FRAMEWORK_REMOVED'
  | 'HEARTBEAT';

export interface OperatorEventSubscribed {
  readonly get_state?: OperatorResponseGetState | undefined;
  readonly heartbeat_interval_seconds?: number | undefined;
}

export interface OperatorEventTaskAdded {
  readonly task: Task;
}

export interface OperatorEventTaskUpdated {
  readonly framework_id: FrameworkID;
  readonly status: TaskStatus;
  readonly state: TaskState;
}

export interface OperatorEventFrameworkAdded {
  readonly framework: OperatorResponseGetFrameworksFramework;
}

export interface OperatorEventFrameworkUpdated {
  readonly framework: OperatorResponseGetFrameworksFramework;
}

export interface OperatorEventFrameworkRemoved {
  readonly framework_info: FrameworkInfo;
}

export interface OperatorEventAgentAdded {
  readonly agent: OperatorResponseGetAgentsAgent;
}

export interface OperatorEventAgentRemoved {
  readonly agent_id: AgentID;
}
