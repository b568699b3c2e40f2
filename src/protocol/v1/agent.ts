/** Calls and answers of operators at an agent, and the streams of its containers (package mesos.v1.agent), in JSON form: bytes are base64, 64-bit numbers doubles, enums their names. */
import type {
  AgentInfo,
  CommandInfo,
  ContainerID,
  ContainerInfo,
  ContainerStatus,
  DrainConfig,
  DurationInfo,
  ExecutorID,
  ExecutorInfo,
  FileInfo,
  Flag,
  FrameworkID,
  FrameworkInfo,
  Image,
  Metric,
  Operation,
  Resource,
  ResourceProviderID,
  ResourceProviderInfo,
  ResourceStatistics,
  Task,
  TaskResourceLimitation,
  TaskState,
  TaskStatusReason,
  TimeInfo,
  TTYInfo,
  ValueScalar,
  VersionInfo,
} from './mesos.ts';

export interface AgentCall {
  readonly type?: AgentCallType | undefined;
  readonly get_metrics?: AgentCallGetMetrics | undefined;
  readonly set_logging_level?: AgentCallSetLoggingLevel | undefined;
  readonly list_files?: AgentCallListFiles | undefined;
  readonly read_file?: AgentCallReadFile | undefined;
  readonly get_containers?: AgentCallGetContainers | undefined;
  readonly launch_nested_container?: AgentCallLaunchNestedContainer | undefined;
  readonly wait_nested_container?: AgentCallWaitNestedContainer | undefined;
  readonly kill_nested_container?: AgentCallKillNestedContainer | undefined;
  readonly remove_nested_container?: AgentCallRemoveNestedContainer | undefined;
  readonly launch_nested_container_session?: AgentCallLaunchNestedContainerSession | undefined;
  readonly attach_container_input?: AgentCallAttachContainerInput | undefined;
  readonly attach_container_output?: AgentCallAttachContainerOutput | undefined;
  readonly launch_container?: AgentCallLaunchContainer | undefined;
  readonly wait_container?: AgentCallWaitContainer | undefined;
  readonly kill_container?: AgentCallKillContainer | undefined;
  readonly remove_container?: AgentCallRemoveContainer | undefined;
  readonly add_resource_provider_config?: AgentCallAddResourceProviderConfig | undefined;
  readonly update_resource_provider_config?: AgentCallUpdateResourceProviderConfig | undefined;
  readonly remove_resource_provider_config?: AgentCallRemoveResourceProviderConfig | undefined;
  readonly mark_resource_provider_gone?: AgentCallMarkResourceProviderGone | undefined;
  readonly prune_images?: AgentCallPruneImages | undefined;
}

export type AgentCallType =
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
  | 'GET_CONTAINERS'
  | 'GET_FRAMEWORKS'
  | 'GET_EXECUTORS'
  | 'GET_OPERATIONS'
  | 'GET_TASKS'
  | 'GET_AGENT'
  | 'GET_RESOURCE_PROVIDERS'
  | 'LAUNCH_NESTED_CONTAINER'
  | 'WAIT_NESTED_CONTAINER'
  | 'KILL_NESTED_CONTAINER'
  | 'REMOVE_NESTED_CONTAINER'
  | 'LAUNCH_NESTED_CONTAINER_SESSION'
  | 'ATTACH_CONTAINER_INPUT'
  | 'ATTACH_CONTAINER_OUTPUT'
  | 'LAUNCH_CONTAINER'
  | 'WAIT_CONTAINER'
  | 'KILL_CONTAINER'
  | 'REMOVE_CONTAINER'
  | 'ADD_RESOURCE_PROVIDER_CONFIG'
  | 'UPDATE_RESOURCE_PROVIDER_CONFIG'
  | 'REMOVE_RESOURCE_PROVIDER_CONFIG'
  | 'MARK_RESOURCE_PROVIDER_GONE'
  | 'PRUNE_IMAGES';

export interface AgentCallGetMetrics {
  readonly timeout?: DurationInfo | undefined;
}

export interface AgentCallSetLoggingLevel {
  readonly level: number;
  readonly duration: DurationInfo;
}

export interface AgentCallListFiles {
  readonly path: string;
}

export interface AgentCallReadFile {
  readonly path: string;
  readonly offset: number;
  readonly length?: number | undefined;
}

export interface AgentCallGetContainers {
  readonly show_nested?: boolean | undefined;
  readonly show_standalone?: boolean | undefined;
}

export interface AgentCallLaunchNestedContainer {
  readonly container_id: ContainerID;
  readonly command?: CommandInfo | undefined;
  readonly container?: ContainerInfo | undefined;
}

export interface AgentCallWaitNestedContainer {
  readonly container_id: ContainerID;
}

export interface AgentCallKillNestedContainer {
  readonly container_id: ContainerID;
  readonly signal?: number | undefined;
}

export interface AgentCallRemoveNestedContainer {
  readonly container_id: ContainerID;
}

export interface AgentCallLaunchNestedContainerSession {
  readonly container_id: ContainerID;
  readonly command?: CommandInfo | undefined;
  readonly container?: ContainerInfo | undefined;
}

export interface AgentCallAttachContainerInput {
  readonly type?: AgentCallAttachContainerInputType | undefined;
  readonly container_id?: ContainerID | undefined;
  readonly process_io?: ProcessIO | undefined;
}

export type AgentCallAttachContainerInputType = 'UNKNOWN' | 'CONTAINER_ID' | 'PROCESS_IO';

export interface AgentCallAttachContainerOutput {
  readonly container_id: ContainerID;
}

export interface AgentCallLaunchContainer {
  readonly container_id: ContainerID;
  readonly command?: CommandInfo | undefined;
  readonly resources?: readonly Resource[] | undefined;
  readonly container?: ContainerInfo | undefined;
  readonly limits?: Readonly<Record<string, ValueScalar>> | undefined;
}

export interface AgentCallWaitContainer {
  readonly container_id: ContainerID;
}

export interface AgentCallKillContainer {
  readonly container_id: ContainerID;
  readonly signal?: number | undefined;
}

export interface AgentCallRemoveContainer {
  readonly container_id: ContainerID;
}

export interface AgentCallAddResourceProviderConfig {
  readonly info: ResourceProviderInfo;
}

export interface AgentCallUpdateResourceProviderConfig {
  readonly info: ResourceProviderInfo;
}

export interface AgentCallRemoveResourceProviderConfig {
  readonly type: string;
  readonly name: string;
}

export interface AgentCallMarkResourceProviderGone {
  readonly resource_provider_id: ResourceProviderID;
}

export interface AgentCallPruneImages {
  readonly excluded_images?: readonly Image[] | undefined;
}

export interface AgentResponse {
  readonly type?: AgentResponseType | undefined;
  readonly get_health?: AgentResponseGetHealth | undefined;
  readonly get_flags?: AgentResponseGetFlags | undefined;
  readonly get_version?: AgentResponseGetVersion | undefined;
  readonly get_metrics?: AgentResponseGetMetrics | undefined;
  readonly get_logging_level?: AgentResponseGetLoggingLevel | undefined;
  readonly list_files?: AgentResponseListFiles | undefined;
  readonly read_file?: AgentResponseReadFile | undefined;
  readonly get_state?: AgentResponseGetState | undefined;
  readonly get_containers?: AgentResponseGetContainers | undefined;
  readonly get_frameworks?: AgentResponseGetFrameworks | undefined;
  readonly get_executors?: AgentResponseGetExecutors | undefined;
  readonly get_operations?: AgentResponseGetOperations | undefined;
  readonly get_tasks?: AgentResponseGetTasks | undefined;
  readonly get_agent?: AgentResponseGetAgent | undefined;
  readonly get_resource_providers?: AgentResponseGetResourceProviders | undefined;
  readonly wait_nested_container?: AgentResponseWaitNestedContainer | undefined;
  readonly wait_container?: AgentResponseWaitContainer | undefined;
}

export type AgentResponseType =
  | 'UNKNOWN'
  | 'GET_HEALTH'
  | 'GET_FLAGS'
  | 'GET_VERSION'
  | 'GET_METRICS'
  | 'GET_LOGGING_LEVEL'
  | 'LIST_FILES'
  | 'READ_FILE'
  | 'GET_STATE'
  | 'GET_CONTAINERS'
  | 'GET_FRAMEWORKS'
  | 'GET_EXECUTORS'
  | 'GET_OPERATIONS'
  | 'GET_TASKS'
  | 'GET_AGENT'
  | 'GET_RESOURCE_PROVIDERS'
  | 'WAIT_NESTED_CONTAINER'
  | 'WAIT_CONTAINER';

export interface AgentResponseGetHealth {
  readonly healthy: boolean;
}

export interface AgentResponseGetFlags {
  readonly flags?: readonly Flag[] | undefined;
}

export interface AgentResponseGetVersion {
  readonly version_info: VersionInfo;
}

export interface AgentResponseGetMetrics {
  readonly metrics?: readonly Metric[] | undefined;
}

export interface AgentResponseGetLoggingLevel {
  readonly level: number;
}

export interface AgentResponseListFiles {
  readonly file_infos?: readonly FileInfo[] | undefined;
}

export interface AgentResponseReadFile {
  readonly size: number;
  readonly data: string;
}

export interface AgentResponseGetState {
  readonly get_tasks?: AgentResponseGetTasks | undefined;
  readonly get_executors?: AgentResponseGetExecutors | undefined;
  readonly get_frameworks?: AgentResponseGetFrameworks | undefined;
}

export interface AgentResponseGetContainers {
  readonly containers?: readonly AgentResponseGetContainersContainer[] | undefined;
}

export interface AgentResponseGetContainersContainer {
  readonly framework_id?: FrameworkID | undefined;
  readonly executor_id?: ExecutorID | undefined;
  readonly executor_name?: string | undefined;
  readonly container_id: ContainerID;
  readonly container_status?: ContainerStatus | undefined;
  readonly resource_statistics?: ResourceStatistics | undefined;
}

export interface AgentResponseGetFrameworks {
  readonly frameworks?: readonly AgentResponseGetFrameworksFramework[] | undefined;
  readonly completed_frameworks?: readonly AgentResponseGetFrameworksFramework[] | undefined;
}

export interface AgentResponseGetFrameworksFramework {
  readonly framework_info: FrameworkInfo;
}

export interface AgentResponseGetExecutors {
  readonly executors?: readonly AgentResponseGetExecutorsExecutor[] | undefined;
  readonly completed_executors?: readonly AgentResponseGetExecutorsExecutor[] | undefined;
}

export interface AgentResponseGetExecutorsExecutor {
  readonly executor_info: ExecutorInfo;
}

export interface AgentResponseGetOperations {
  readonly operations?: readonly Operation[] | undefined;
}

export interface AgentResponseGetTasks {
  readonly pending_tasks?: readonly Task[] | undefined;
  readonly queued_tasks?: readonly Task[] | undefined;
  readonly launched_tasks?: readonly Task[] | undefined;
  readonly terminated_tasks?: readonly Task[] | undefined;
  readonly completed_tasks?: readonly Task[] | undefined;
}

export interface AgentResponseGetAgent {
  readonly agent_info?: AgentInfo | undefined;
  readonly drain_config?: DrainConfig | undefined;
  readonly estimated_drain_start_time?: TimeInfo | undefined;
}

export interface AgentResponseGetResourceProviders {
  readonly resource_providers?: readonly AgentResponseGetResourceProvidersResourceProvider[] | undefined;
}

export interface AgentResponseGetResourceProvidersResourceProvider {
  readonly resource_provider_info: ResourceProviderInfo;
  readonly total_resources?: readonly Resource[] | undefined;
}

export interface AgentResponseWaitNestedContainer {
  readonly exit_status?: number | undefined;
  readonly state?: TaskState | undefined;
  readonly reason?: TaskStatusReason | undefined;
  readonly limitation?: TaskResourceLimitation | undefined;
  readonly message?: string | undefined;
}

export interface AgentResponseWaitContainer {
  readonly exit_status?: number | undefined;
  readonly state?: TaskState | undefined;
  readonly reason?: TaskStatusReason | undefined;
  readonly limitation?: TaskResourceLimitation | undefined;
  readonly message?: string | undefined;
}

export interface ProcessIO {
  readonly type?: ProcessIOType | undefined;
  readonly data?: ProcessIOData | undefined;
  readonly control?: ProcessIOControl | undefined;
}

export type ProcessIOType = 'UNKNOWN' | 'DATA' | 'CONTROL';

export interface ProcessIOData {
  readonly type?: ProcessIODataType | undefined;
  readonly data?: string | undefined;
}

export type ProcessIODataType = 'UNKNOWN' | 'STDIN' | 'STDOUT' | 'STDERR';

export interface ProcessIOControl {
  readonly type?: ProcessIOControlType | undefined;
  readonly tty_info?: TTYInfo | undefined;
  readonly heartbeat?: ProcessIOControlHeartbeat | undefined;
}

export type ProcessIOControlType = 'UNKNOWN' | 'TTY_INFO' | 'HEARTBEAT';

export interface ProcessIOControlHeartbeat {
  readonly interval?: DurationInfo | undefined;
}
