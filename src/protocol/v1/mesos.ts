/** Messages that all parts of the Mesos v1 API share (package mesos.v1), in JSON form: bytes are base64, 64-bit numbers doubles, enums their names. */

export type Status = 'DRIVER_NOT_STARTED' | 'DRIVER_RUNNING' | 'DRIVER_ABORTED' | 'DRIVER_STOPPED';

export interface FrameworkID {
  readonly value: string;
}

export interface OfferID {
  readonly value: string;
}

export interface AgentID {
  readonly value: string;
}

export interface TaskID {
  readonly value: string;
}

export interface ExecutorID {
  readonly value: string;
}

export interface ContainerID {
  readonly value: string;
  readonly parent?: ContainerID | undefined;
}

export interface ResourceProviderID {
  readonly value: string;
}

export interface OperationID {
  readonly value: string;
}

export interface TimeInfo {
  readonly nanoseconds: number;
}

export interface DurationInfo {
  readonly nanoseconds: number;
}

export interface Address {
  readonly hostname?: string | undefined;
  readonly ip?: string | undefined;
  readonly port: number;
}

export interface URL {
  readonly scheme: string;
  readonly address: Address;
  readonly path?: string | undefined;
  readonly query?: readonly Parameter[] | undefined;
  readonly fragment?: string | undefined;
}

export interface Unavailability {
  readonly start: TimeInfo;
  readonly duration?: DurationInfo | undefined;
}

export interface MachineID {
  readonly hostname?: string | undefined;
  readonly ip?: string | undefined;
}

export interface MachineInfo {
  readonly id: MachineID;
  readonly mode?: MachineInfoMode | undefined;
  readonly unavailability?: Unavailability | undefined;
}

export type MachineInfoMode = 'UP' | 'DRAINING' | 'DOWN';

export interface FrameworkInfo {
  readonly user: string;
  readonly name: string;
  readonly id?: FrameworkID | undefined;
  readonly failover_timeout?: number | undefined;
  readonly checkpoint?: boolean | undefined;
  readonly role?: string | undefined;
  readonly roles?: readonly string[] | undefined;
  readonly hostname?: string | undefined;
  readonly principal?: string | undefined;
  readonly webui_url?: string | undefined;
  readonly capabilities?: readonly FrameworkInfoCapability[] | undefined;
  readonly labels?: Labels | undefined;
  readonly offer_filters?: Readonly<Record<string, OfferFilters>> | undefined;
}

export interface FrameworkInfoCapability {
  readonly type?: FrameworkInfoCapabilityType | undefined;
}

export type FrameworkInfoCapabilityType =
  | 'UNKNOWN'
  | 'REVOCABLE_RESOURCES'
  | 'TASK_KILLING_STATE'
  | 'GPU_RESOURCES'
  | 'SHARED_RESOURCES'
  | 'PARTITION_AWARE'
  | 'MULTI_ROLE'
  | 'RESERVATION_REFINEMENT'
  | 'REGION_AWARE';

export interface CheckInfo {
  readonly type?: CheckInfoType | undefined;
  readonly command?: CheckInfoCommand | undefined;
  readonly http?: CheckInfoHttp | undefined;
  readonly tcp?: CheckInfoTcp | undefined;
  readonly delay_seconds?: number | undefined;
  readonly interval_seconds?: number | undefined;
  readonly timeout_seconds?: number | undefined;
}

export type CheckInfoType = 'UNKNOWN' | 'COMMAND' | 'HTTP' | 'TCP';

export interface CheckInfoCommand {
  readonly command: CommandInfo;
}

export interface CheckInfoHttp {
  readonly port: number;
  readonly path?: string | undefined;
}

export interface CheckInfoTcp {
  readonly port: number;
}

export interface HealthCheck {
  readonly delay_seconds?: number | undefined;
  readonly interval_seconds?: number | undefined;
  readonly timeout_seconds?: number | undefined;
  readonly consecutive_failures?: number | undefined;
  readonly grace_period_seconds?: number | undefined;
  readonly type?: HealthCheckType | undefined;
  readonly command?: CommandInfo | undefined;
  readonly http?: HealthCheckHTTPCheckInfo | undefined;
  readonly tcp?: HealthCheckTCPCheckInfo | undefined;
}

export type HealthCheckType = 'UNKNOWN' | 'COMMAND' | 'HTTP' | 'TCP';

export interface HealthCheckHTTPCheckInfo {
  readonly protocol?: NetworkInfoProtocol | undefined;
  readonly scheme?: string | undefined;
  readonly port: number;
  readonly path?: string | undefined;
  readonly statuses?: readonly number[] | undefined;
}

export interface HealthCheckTCPCheckInfo {
  readonly protocol?: NetworkInfoProtocol | undefined;
  readonly port: number;
}

export interface KillPolicy {
  readonly grace_period?: DurationInfo | undefined;
}

export interface CommandInfo {
  readonly uris?: readonly CommandInfoURI[] | undefined;
  readonly environment?: Environment | undefined;
  readonly shell?: boolean | undefined;
  readonly value?: string | undefined;
  readonly arguments?: readonly string[] | undefined;
  readonly user?: string | undefined;
}

export interface CommandInfoURI {
  readonly value: string;
  readonly executable?: boolean | undefined;
  readonly extract?: boolean | undefined;
  readonly cache?: boolean | undefined;
  readonly output_file?: string | undefined;
}

export interface ExecutorInfo {
  readonly type?: ExecutorInfoType | undefined;
  readonly executor_id: ExecutorID;
  readonly framework_id?: FrameworkID | undefined;
  readonly command?: CommandInfo | undefined;
  readonly container?: ContainerInfo | undefined;
  readonly resources?: readonly Resource[] | undefined;
  readonly name?: string | undefined;
  readonly source?: string | undefined;
  readonly data?: string | undefined;
  readonly discovery?: DiscoveryInfo | undefined;
  readonly shutdown_grace_period?: DurationInfo | undefined;
  readonly labels?: Labels | undefined;
}

export type ExecutorInfoType = 'UNKNOWN' | 'DEFAULT' | 'CUSTOM';

export interface DomainInfo {
  readonly fault_domain?: DomainInfoFaultDomain | undefined;
}

export interface DomainInfoFaultDomain {
  readonly region: DomainInfoFaultDomainRegionInfo;
  readonly zone: DomainInfoFaultDomainZoneInfo;
}

export interface DomainInfoFaultDomainRegionInfo {
  readonly name: string;
}

export interface DomainInfoFaultDomainZoneInfo {
  readonly name: string;
}

export interface MasterInfo {
  readonly id: string;
  readonly ip: number;
  readonly port: number;
  readonly pid?: string | undefined;
  readonly hostname?: string | undefined;
  readonly version?: string | undefined;
  readonly address?: Address | undefined;
  readonly domain?: DomainInfo | undefined;
  readonly capabilities?: readonly MasterInfoCapability[] | undefined;
}

export interface MasterInfoCapability {
  readonly type?: MasterInfoCapabilityType | undefined;
}

export type MasterInfoCapabilityType = 'UNKNOWN' | 'AGENT_UPDATE' | 'AGENT_DRAINING' | 'QUOTA_V2';

export interface AgentInfo {
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly resources?: readonly Resource[] | undefined;
  readonly attributes?: readonly Attribute[] | undefined;
  readonly id?: AgentID | undefined;
  readonly domain?: DomainInfo | undefined;
}

export interface AgentInfoCapability {
  readonly type?: AgentInfoCapabilityType | undefined;
}

export type AgentInfoCapabilityType =
  | 'UNKNOWN'
  | 'MULTI_ROLE'
  | 'HIERARCHICAL_ROLE'
  | 'RESERVATION_REFINEMENT'
  | 'RESOURCE_PROVIDER'
  | 'RESIZE_VOLUME'
  | 'AGENT_OPERATION_FEEDBACK'
  | 'AGENT_DRAINING'
  | 'TASK_RESOURCE_LIMITS';

export interface CSIPluginContainerInfo {
  readonly services?: readonly CSIPluginContainerInfoService[] | undefined;
  readonly command?: CommandInfo | undefined;
  readonly resources?: readonly Resource[] | undefined;
  readonly container?: ContainerInfo | undefined;
}

export type CSIPluginContainerInfoService = 'UNKNOWN' | 'CONTROLLER_SERVICE' | 'NODE_SERVICE';

export interface CSIPluginEndpoint {
  readonly csi_service: CSIPluginContainerInfoService;
  readonly endpoint: string;
}

export interface CSIPluginInfo {
  readonly type: string;
  readonly name?: string | undefined;
  readonly containers?: readonly CSIPluginContainerInfo[] | undefined;
  readonly endpoints?: readonly CSIPluginEndpoint[] | undefined;
  readonly target_path_root?: string | undefined;
  readonly target_path_exists?: boolean | undefined;
}

export interface ResourceProviderInfo {
  readonly id?: ResourceProviderID | undefined;
  readonly attributes?: readonly Attribute[] | undefined;
  readonly type: string;
  readonly name: string;
  readonly default_reservations?: readonly ResourceReservationInfo[] | undefined;
  readonly storage?: ResourceProviderInfoStorage | undefined;
}

export interface ResourceProviderInfoStorage {
  readonly plugin: CSIPluginInfo;
  readonly reconciliation_interval_seconds?: number | undefined;
}

export interface Value {
  readonly type: ValueType;
  readonly scalar?: ValueScalar | undefined;
  readonly ranges?: ValueRanges | undefined;
  readonly set?: ValueSet | undefined;
  readonly text?: ValueText | undefined;
}

export type ValueType = 'SCALAR' | 'RANGES' | 'SET' | 'TEXT';

export interface ValueScalar {
  readonly value: number;
}

export interface ValueRange {
  readonly begin: number;
  readonly end: number;
}

export interface ValueRanges {
  readonly range?: readonly ValueRange[] | undefined;
}

export interface ValueSet {
  readonly item?: readonly string[] | undefined;
}

export interface ValueText {
  readonly value: string;
}

export interface Attribute {
  readonly name: string;
  readonly type: ValueType;
  readonly scalar?: ValueScalar | undefined;
  readonly ranges?: ValueRanges | undefined;
  readonly set?: ValueSet | undefined;
  readonly text?: ValueText | undefined;
}

export interface Resource {
  readonly provider_id?: ResourceProviderID | undefined;
  readonly name: string;
  readonly type: ValueType;
  readonly scalar?: ValueScalar | undefined;
  readonly ranges?: ValueRanges | undefined;
  readonly set?: ValueSet | undefined;
  readonly role?: string | undefined;
  readonly allocation_info?: ResourceAllocationInfo | undefined;
  readonly reservation?: ResourceReservationInfo | undefined;
  readonly reservations?: readonly ResourceReservationInfo[] | undefined;
  readonly disk?: ResourceDiskInfo | undefined;
  readonly revocable?: ResourceRevocableInfo | undefined;
  readonly shared?: ResourceSharedInfo | undefined;
}

export interface ResourceAllocationInfo {
  readonly role?: string | undefined;
}

export interface ResourceReservationInfo {
  readonly type?: ResourceReservationInfoType | undefined;
  readonly role?: string | undefined;
  readonly principal?: string | undefined;
  readonly labels?: Labels | undefined;
}

export type ResourceReservationInfoType = 'UNKNOWN' | 'STATIC' | 'DYNAMIC';

export interface ResourceDiskInfo {
  readonly persistence?: ResourceDiskInfoPersistence | undefined;
  readonly volume?: Volume | undefined;
  readonly source?: ResourceDiskInfoSource | undefined;
}

export interface ResourceDiskInfoPersistence {
  readonly id: string;
  readonly principal?: string | undefined;
}

export interface ResourceDiskInfoSource {
  readonly type: ResourceDiskInfoSourceType;
  readonly path?: ResourceDiskInfoSourcePath | undefined;
  readonly mount?: ResourceDiskInfoSourceMount | undefined;
  readonly vendor?: string | undefined;
  readonly id?: string | undefined;
  readonly metadata?: Labels | undefined;
  readonly profile?: string | undefined;
}

export type ResourceDiskInfoSourceType = 'UNKNOWN' | 'PATH' | 'MOUNT' | 'BLOCK' | 'RAW';

export interface ResourceDiskInfoSourcePath {
  readonly root?: string | undefined;
}

export interface ResourceDiskInfoSourceMount {
  readonly root?: string | undefined;
}

export type ResourceRevocableInfo = Readonly<Record<string, never>>;

export type ResourceSharedInfo = Readonly<Record<string, never>>;

export interface DiskStatistics {
  readonly source?: ResourceDiskInfoSource | undefined;
  readonly persistence?: ResourceDiskInfoPersistence | undefined;
  readonly limit_bytes?: number | undefined;
  readonly used_bytes?: number | undefined;
}

export interface ResourceStatistics {
  readonly timestamp: number;
  readonly processes?: number | undefined;
  readonly threads?: number | undefined;
  readonly cpus_user_time_secs?: number | undefined;
  readonly cpus_system_time_secs?: number | undefined;
  readonly cpus_limit?: number | undefined;
  readonly cpus_soft_limit?: number | undefined;
  readonly cpus_nr_periods?: number | undefined;
  readonly cpus_nr_throttled?: number | undefined;
  readonly cpus_throttled_time_secs?: number | undefined;
  readonly mem_total_bytes?: number | undefined;
  readonly mem_total_memsw_bytes?: number | undefined;
  readonly mem_kmem_usage_bytes?: number | undefined;
  readonly mem_kmem_tcp_usage_bytes?: number | undefined;
  readonly mem_limit_bytes?: number | undefined;
  readonly mem_soft_limit_bytes?: number | undefined;
  readonly mem_file_bytes?: number | undefined;
  readonly mem_anon_bytes?: number | undefined;
  readonly mem_cache_bytes?: number | undefined;
  readonly mem_rss_bytes?: number | undefined;
  readonly mem_mapped_file_bytes?: number | undefined;
  readonly mem_swap_bytes?: number | undefined;
  readonly mem_unevictable_bytes?: number | undefined;
  readonly mem_low_pressure_counter?: number | undefined;
  readonly mem_medium_pressure_counter?: number | undefined;
  readonly mem_critical_pressure_counter?: number | undefined;
  readonly disk_limit_bytes?: number | undefined;
  readonly disk_used_bytes?: number | undefined;
  readonly disk_statistics?: readonly DiskStatistics[] | undefined;
  readonly net_rx_packets?: number | undefined;
  readonly net_rx_bytes?: number | undefined;
  readonly net_rx_errors?: number | undefined;
  readonly net_rx_dropped?: number | undefined;
  readonly net_tx_packets?: number | undefined;
  readonly net_tx_bytes?: number | undefined;
  readonly net_tx_errors?: number | undefined;
  readonly net_tx_dropped?: number | undefined;
  readonly net_tx_rate_limit?: number | undefined;
  readonly net_tx_burst_rate_limit?: number | undefined;
  readonly net_tx_burst_size?: number | undefined;
  readonly net_rx_rate_limit?: number | undefined;
  readonly net_rx_burst_rate_limit?: number | undefined;
  readonly net_rx_burst_size?: number | undefined;
  readonly net_ephemeral_ports?: ValueRange | undefined;
  readonly net_tcp_rtt_microsecs_p50?: number | undefined;
  readonly net_tcp_rtt_microsecs_p90?: number | undefined;
  readonly net_tcp_rtt_microsecs_p95?: number | undefined;
  readonly net_tcp_rtt_microsecs_p99?: number | undefined;
  readonly net_tcp_active_connections?: number | undefined;
  readonly net_tcp_time_wait_connections?: number | undefined;
}

export interface ResourceUsage {
  readonly executors?: readonly ResourceUsageExecutor[] | undefined;
  readonly total?: readonly Resource[] | undefined;
}

export interface ResourceUsageExecutor {
  readonly executor_info: ExecutorInfo;
  readonly allocated?: readonly Resource[] | undefined;
  readonly statistics?: ResourceStatistics | undefined;
  readonly container_id: ContainerID;
  readonly tasks?: readonly ResourceUsageExecutorTask[] | undefined;
}

export interface ResourceUsageExecutorTask {
  readonly name: string;
  readonly id: TaskID;
  readonly resources?: readonly Resource[] | undefined;
  readonly labels?: Labels | undefined;
}

export interface OfferFilters {
  readonly min_allocatable_resources?: OfferFiltersMinAllocatableResources | undefined;
}

export interface OfferFiltersResourceQuantities {
  readonly quantities?: Readonly<Record<string, ValueScalar>> | undefined;
}

export interface OfferFiltersMinAllocatableResources {
  readonly quantities?: readonly OfferFiltersResourceQuantities[] | undefined;
}

export interface Request {
  readonly agent_id?: AgentID | undefined;
  readonly resources?: readonly Resource[] | undefined;
}

export interface Offer {
  readonly id: OfferID;
  readonly framework_id: FrameworkID;
  readonly agent_id: AgentID;
  readonly hostname: string;
  readonly url?: URL | undefined;
  readonly domain?: DomainInfo | undefined;
  readonly resources?: readonly Resource[] | undefined;
  readonly attributes?: readonly Attribute[] | undefined;
  readonly executor_ids?: readonly ExecutorID[] | undefined;
  readonly unavailability?: Unavailability | undefined;
  readonly allocation_info?: ResourceAllocationInfo | undefined;
}

export interface OfferOperation {
  readonly type?: OfferOperationType | undefined;
  readonly id?: OperationID | undefined;
  readonly launch?: OfferOperationLaunch | undefined;
  readonly launch_group?: OfferOperationLaunchGroup | undefined;
  readonly reserve?: OfferOperationReserve | undefined;
  readonly unreserve?: OfferOperationUnreserve | undefined;
  readonly create?: OfferOperationCreate | undefined;
  readonly destroy?: OfferOperationDestroy | undefined;
  readonly grow_volume?: OfferOperationGrowVolume | undefined;
  readonly shrink_volume?: OfferOperationShrinkVolume | undefined;
  readonly create_disk?: OfferOperationCreateDisk | undefined;
  readonly destroy_disk?: OfferOperationDestroyDisk | undefined;
}

export type OfferOperationType =
  | 'UNKNOWN'
  | 'LAUNCH'
  | 'LAUNCH_GROUP'
  | 'RESERVE'
  | 'UNRESERVE'
  | 'CREATE'
  | 'DESTROY'
  | 'GROW_VOLUME'
  | 'SHRINK_VOLUME'
  | 'CREATE_DISK'
  | 'DESTROY_DISK';

export interface OfferOperationLaunch {
  readonly task_infos?: readonly TaskInfo[] | undefined;
}

export interface OfferOperationLaunchGroup {
  readonly executor: ExecutorInfo;
  readonly task_group: TaskGroupInfo;
}

export interface OfferOperationReserve {
  readonly source?: readonly Resource[] | undefined;
  readonly resources?: readonly Resource[] | undefined;
}

export interface OfferOperationUnreserve {
  readonly resources?: readonly Resource[] | undefined;
}

export interface OfferOperationCreate {
  readonly volumes?: readonly Resource[] | undefined;
}

export interface OfferOperationDestroy {
  readonly volumes?: readonly Resource[] | undefined;
}

export interface OfferOperationGrowVolume {
  readonly volume: Resource;
  readonly addition: Resource;
}

export interface OfferOperationShrinkVolume {
  readonly volume: Resource;
  readonly subtract: ValueScalar;
}

export interface OfferOperationCreateDisk {
  readonly source: Resource;
  readonly target_type: ResourceDiskInfoSourceType;
  readonly target_profile?: string | undefined;
}

export interface OfferOperationDestroyDisk {
  readonly source: Resource;
}

export interface InverseOffer {
  readonly id: OfferID;
  readonly url?: URL | undefined;
  readonly framework_id: FrameworkID;
  readonly agent_id?: AgentID | undefined;
  readonly unavailability: Unavailability;
  readonly resources?: readonly Resource[] | undefined;
}

export interface TaskInfo {
  readonly name: string;
  readonly task_id: TaskID;
  readonly agent_id: AgentID;
  readonly resources?: readonly Resource[] | undefined;
  readonly executor?: ExecutorInfo | undefined;
  readonly command?: CommandInfo | undefined;
  readonly container?: ContainerInfo | undefined;
  readonly health_check?: HealthCheck | undefined;
  readonly check?: CheckInfo | undefined;
  readonly kill_policy?: KillPolicy | undefined;
  readonly data?: string | undefined;
  readonly labels?: Labels | undefined;
  readonly discovery?: DiscoveryInfo | undefined;
  readonly max_completion_time?: DurationInfo | undefined;
  readonly limits?: Readonly<Record<string, ValueScalar>> | undefined;
}

export interface TaskGroupInfo {
  readonly tasks?: readonly TaskInfo[] | undefined;
}

export interface Task {
  readonly name: string;
  readonly task_id: TaskID;
  readonly framework_id: FrameworkID;
  readonly executor_id?: ExecutorID | undefined;
  readonly agent_id: AgentID;
  readonly state: TaskState;
  readonly resources?: readonly Resource[] | undefined;
  readonly statuses?: readonly TaskStatus[] | undefined;
  readonly status_update_state?: TaskState | undefined;
  readonly status_update_uuid?: string | undefined;
  readonly labels?: Labels | undefined;
  readonly discovery?: DiscoveryInfo | undefined;
  readonly container?: ContainerInfo | undefined;
  readonly health_check?: HealthCheck | undefined;
  readonly kill_policy?: KillPolicy | undefined;
  readonly user?: string | undefined;
  readonly limits?: Readonly<Record<string, ValueScalar>> | undefined;
}

export type TaskState =
  | 'TASK_STAGING'
  | 'TASK_STARTING'
  | 'TASK_RUNNING'
  | 'TASK_KILLING'
  | 'TASK_FINISHED'
  | 'TASK_FAILED'
  | 'TASK_KILLED'
  | 'TASK_ERROR'
  | 'TASK_LOST'
  | 'TASK_DROPPED'
  | 'TASK_UNREACHABLE'
  | 'TASK_GONE'
  | 'TASK_GONE_BY_OPERATOR'
  | 'TASK_UNKNOWN';

export interface TaskResourceLimitation {
  readonly resources?: readonly Resource[] | undefined;
}

export interface UUID {
  readonly value: string;
}

export interface Operation {
  readonly framework_id?: FrameworkID | undefined;
  readonly agent_id?: AgentID | undefined;
  readonly info: OfferOperation;
  readonly latest_status: OperationStatus;
  readonly statuses?: readonly OperationStatus[] | undefined;
  readonly uuid: UUID;
}

export type OperationState =
  | 'OPERATION_UNSUPPORTED'
  | 'OPERATION_PENDING'
  | 'OPERATION_FINISHED'
  | 'OPERATION_FAILED'
  | 'OPERATION_ERROR'
  | 'OPERATION_DROPPED'
  | 'OPERATION_UNREACHABLE'
  | 'OPERATION_GONE_BY_OPERATOR'
  | 'OPERATION_RECOVERING'
  | 'OPERATION_UNKNOWN';

export interface OperationStatus {
  readonly operation_id?: OperationID | undefined;
  readonly state: OperationState;
  readonly message?: string | undefined;
  readonly converted_resources?: readonly Resource[] | undefined;
  readonly uuid?: UUID | undefined;
  readonly agent_id?: AgentID | undefined;
  readonly resource_provider_id?: ResourceProviderID | undefined;
}

export interface CheckStatusInfo {
  readonly type?: CheckInfoType | undefined;
  readonly command?: CheckStatusInfoCommand | undefined;
  readonly http?: CheckStatusInfoHttp | undefined;
  readonly tcp?: CheckStatusInfoTcp | undefined;
}

export interface CheckStatusInfoCommand {
  readonly exit_code?: number | undefined;
}

export interface CheckStatusInfoHttp {
  readonly status_code?: number | undefined;
}

export interface CheckStatusInfoTcp {
  readonly succeeded?: boolean | undefined;
}

export interface TaskStatus {
  readonly task_id: TaskID;
  readonly state: TaskState;
  readonly message?: string | undefined;
  readonly source?: TaskStatusSource | undefined;
  readonly reason?: TaskStatusReason | undefined;
  readonly data?: string | undefined;
  readonly agent_id?: AgentID | undefined;
  readonly executor_id?: ExecutorID | undefined;
  readonly timestamp?: number | undefined;
  readonly uuid?: string | undefined;
  readonly healthy?: boolean | undefined;
  readonly check_status?: CheckStatusInfo | undefined;
  readonly labels?: Labels | undefined;
  readonly container_status?: ContainerStatus | undefined;
  readonly unreachable_time?: TimeInfo | undefined;
  readonly limitation?: TaskResourceLimitation | undefined;
}

export type TaskStatusSource = 'SOURCE_MASTER' | 'SOURCE_AGENT' | 'SOURCE_EXECUTOR';

export type TaskStatusReason =
  | 'REASON_COMMAND_EXECUTOR_FAILED'
  | 'REASON_CONTAINER_LAUNCH_FAILED'
  | 'REASON_CONTAINER_LIMITATION'
  | 'REASON_CONTAINER_LIMITATION_DISK'
  | 'REASON_CONTAINER_LIMITATION_MEMORY'
  | 'REASON_CONTAINER_PREEMPTED'
  | 'REASON_CONTAINER_UPDATE_FAILED'
  | 'REASON_MAX_COMPLETION_TIME_REACHED'
  | 'REASON_EXECUTOR_REGISTRATION_TIMEOUT'
  | 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT'
  | 'REASON_EXECUTOR_TERMINATED'
  | 'REASON_EXECUTOR_UNREGISTERED'
  | 'REASON_FRAMEWORK_REMOVED'
  | 'REASON_GC_ERROR'
  | 'REASON_INVALID_FRAMEWORKID'
  | 'REASON_INVALID_OFFERS'
  | 'REASON_IO_SWITCHBOARD_EXITED'
  | 'REASON_MASTER_DISCONNECTED'
  | 'REASON_RECONCILIATION'
  | 'REASON_RESOURCES_UNKNOWN'
  | 'REASON_AGENT_DISCONNECTED'
  | 'REASON_AGENT_DRAINING'
  | 'REASON_AGENT_REMOVED'
  | 'REASON_AGENT_REMOVED_BY_OPERATOR'
  | 'REASON_AGENT_REREGISTERED'
  | 'REASON_AGENT_RESTARTED'
  | 'REASON_AGENT_UNKNOWN'
  | 'REASON_TASK_KILLED_DURING_LAUNCH'
  | 'REASON_TASK_CHECK_STATUS_UPDATED'
  | 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED'
  | 'REASON_TASK_GROUP_INVALID'
  | 'REASON_TASK_GROUP_UNAUTHORIZED'
  | 'REASON_TASK_INVALID'
  | 'REASON_TASK_UNAUTHORIZED'
  | 'REASON_TASK_UNKNOWN';

export interface Filters {
  readonly refuse_seconds?: number | undefined;
}

export interface Environment {
  readonly variables?: readonly EnvironmentVariable[] | undefined;
}

export interface EnvironmentVariable {
  readonly name: string;
  readonly type?: EnvironmentVariableType | undefined;
  readonly value?: string | undefined;
  readonly secret?: Secret | undefined;
}

export type EnvironmentVariableType = 'UNKNOWN' | 'VALUE' | 'SECRET';

export interface Parameter {
  readonly key: string;
  readonly value: string;
}

export interface Parameters {
  readonly parameter?: readonly Parameter[] | undefined;
}

export interface Credential {
  readonly principal: string;
  readonly secret?: string | undefined;
}

export interface Credentials {
  readonly credentials?: readonly Credential[] | undefined;
}

export interface Secret {
  readonly type?: SecretType | undefined;
  readonly reference?: SecretReference | undefined;
  readonly value?: SecretValue | undefined;
}

export type SecretType = 'UNKNOWN' | 'REFERENCE' | 'VALUE';

export interface SecretReference {
  readonly name: string;
  readonly key?: string | undefined;
}

export interface SecretValue {
  readonly data: string;
}

export interface RateLimit {
  readonly qps?: number | undefined;
  readonly principal: string;
  readonly capacity?: number | undefined;
}

export interface RateLimits {
  readonly limits?: readonly RateLimit[] | undefined;
  readonly aggregate_default_qps?: number | undefined;
  readonly aggregate_default_capacity?: number | undefined;
}

export interface Image {
  readonly type: ImageType;
  readonly appc?: ImageAppc | undefined;
  readonly docker?: ImageDocker | undefined;
  readonly cached?: boolean | undefined;
}

export type ImageType = 'APPC' | 'DOCKER';

export interface ImageAppc {
  readonly name: string;
  readonly id?: string | undefined;
  readonly labels?: Labels | undefined;
}

export interface ImageDocker {
  readonly name: string;
  readonly credential?: Credential | undefined;
  readonly config?: Secret | undefined;
}

export interface MountPropagation {
  readonly mode?: MountPropagationMode | undefined;
}

export type MountPropagationMode = 'UNKNOWN' | 'HOST_TO_CONTAINER' | 'BIDIRECTIONAL';

export interface Volume {
  readonly mode: VolumeMode;
  readonly container_path: string;
  readonly host_path?: string | undefined;
  readonly image?: Image | undefined;
  readonly source?: VolumeSource | undefined;
}

export type VolumeMode = 'RW' | 'RO';

export interface VolumeSource {
  readonly type?: VolumeSourceType | undefined;
  readonly docker_volume?: VolumeSourceDockerVolume | undefined;
  readonly host_path?: VolumeSourceHostPath | undefined;
  readonly sandbox_path?: VolumeSourceSandboxPath | undefined;
  readonly secret?: Secret | undefined;
  readonly csi_volume?: VolumeSourceCSIVolume | undefined;
}

export type VolumeSourceType =
  | 'UNKNOWN'
  | 'DOCKER_VOLUME'
  | 'HOST_PATH'
  | 'SANDBOX_PATH'
  | 'SECRET'
  | 'CSI_VOLUME';

export interface VolumeSourceDockerVolume {
  readonly driver?: string | undefined;
  readonly name: string;
  readonly driver_options?: Parameters | undefined;
}

export interface VolumeSourceHostPath {
  readonly path: string;
  readonly mount_propagation?: MountPropagation | undefined;
}

export interface VolumeSourceSandboxPath {
  readonly type?: VolumeSourceSandboxPathType | undefined;
  readonly path: string;
}

export type VolumeSourceSandboxPathType = 'UNKNOWN' | 'SELF' | 'PARENT';

export interface VolumeSourceCSIVolume {
  readonly plugin_name: string;
  readonly static_provisioning?: VolumeSourceCSIVolumeStaticProvisioning | undefined;
}

export interface VolumeSourceCSIVolumeVolumeCapability {
  readonly block?: VolumeSourceCSIVolumeVolumeCapabilityBlockVolume | undefined;
  readonly mount?: VolumeSourceCSIVolumeVolumeCapabilityMountVolume | undefined;
  readonly access_mode: VolumeSourceCSIVolumeVolumeCapabilityAccessMode;
}

export type VolumeSourceCSIVolumeVolumeCapabilityBlockVolume = Readonly<Record<string, never>>;

export interface VolumeSourceCSIVolumeVolumeCapabilityMountVolume {
  readonly fs_type?: string | undefined;
  readonly mount_flags?: readonly string[] | undefined;
}

export interface VolumeSourceCSIVolumeVolumeCapabilityAccessMode {
  readonly mode: VolumeSourceCSIVolumeVolumeCapabilityAccessModeMode;
}

export type VolumeSourceCSIVolumeVolumeCapabilityAccessModeMode =
  | 'UNKNOWN'
  | 'SINGLE_NODE_WRITER'
  | 'SINGLE_NODE_READER_ONLY'
  | 'MULTI_NODE_READER_ONLY'
  | 'MULTI_NODE_SINGLE_WRITER'
  | 'MULTI_NODE_MULTI_WRITER';

export interface VolumeSourceCSIVolumeStaticProvisioning {
  readonly volume_id: string;
  readonly volume_capability: VolumeSourceCSIVolumeVolumeCapability;
  readonly node_stage_secrets?: Readonly<Record<string, Secret>> | undefined;
  readonly node_publish_secrets?: Readonly<Record<string, Secret>> | undefined;
  readonly volume_context?: Readonly<Record<string, string>> | undefined;
}

export interface NetworkInfo {
  readonly ip_addresses?: readonly NetworkInfoIPAddress[] | undefined;
  readonly name?: string | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly labels?: Labels | undefined;
  readonly port_mappings?: readonly NetworkInfoPortMapping[] | undefined;
}

export type NetworkInfoProtocol = 'IPv4' | 'IPv6';

export interface NetworkInfoIPAddress {
  readonly protocol?: NetworkInfoProtocol | undefined;
  readonly ip_address?: string | undefined;
}

export interface NetworkInfoPortMapping {
  readonly host_port: number;
  readonly container_port: number;
  readonly protocol?: string | undefined;
}

export interface CapabilityInfo {
  readonly capabilities?: readonly CapabilityInfoCapability[] | undefined;
}

export type CapabilityInfoCapability =
  | 'UNKNOWN'
  | 'CHOWN'
  | 'DAC_OVERRIDE'
  | 'DAC_READ_SEARCH'
  | 'FOWNER'
  | 'FSETID'
  | 'KILL'
  | 'SETGID'
  | 'SETUID'
  | 'SETPCAP'
  | 'LINUX_IMMUTABLE'
  | 'NET_BIND_SERVICE'
  | 'NET_BROADCAST'
  | 'NET_ADMIN'
  | 'NET_RAW'
  | 'IPC_LOCK'
  | 'IPC_OWNER'
  | 'SYS_MODULE'
  | 'SYS_RAWIO'
  | 'SYS_CHROOT'
  | 'SYS_PTRACE'
  | 'SYS_PACCT'
  | 'SYS_ADMIN'
  | 'SYS_BOOT'
  | 'SYS_NICE'
  | 'SYS_RESOURCE'
  | 'SYS_TIME'
  | 'SYS_TTY_CONFIG'
  | 'MKNOD'
  | 'LEASE'
  | 'AUDIT_WRITE'
  | 'AUDIT_CONTROL'
  | 'SETFCAP'
  | 'MAC_OVERRIDE'
  | 'MAC_ADMIN'
  | 'SYSLOG'
  | 'WAKE_ALARM'
  | 'BLOCK_SUSPEND'
  | 'AUDIT_READ'
  | 'PERFMON'
  | 'BPF'
  | 'CHECKPOINT_RESTORE';

export interface SeccompInfo {
  readonly profile_name?: string | undefined;
  readonly unconfined?: boolean | undefined;
}

export interface LinuxInfo {
  readonly capability_info?: CapabilityInfo | undefined;
  readonly bounding_capabilities?: CapabilityInfo | undefined;
  readonly effective_capabilities?: CapabilityInfo | undefined;
  readonly share_pid_namespace?: boolean | undefined;
  readonly seccomp?: SeccompInfo | undefined;
  readonly ipc_mode?: LinuxInfoIpcMode | undefined;
  readonly shm_size?: number | undefined;
  readonly share_cgroups?: boolean | undefined;
}

export type LinuxInfoIpcMode = 'UNKNOWN' | 'PRIVATE' | 'SHARE_PARENT';

export interface RLimitInfo {
  readonly rlimits?: readonly RLimitInfoRLimit[] | undefined;
}

export interface RLimitInfoRLimit {
  readonly type?: RLimitInfoRLimitType | undefined;
  readonly hard?: number | undefined;
  readonly soft?: number | undefined;
}

export type RLimitInfoRLimitType =
  | 'UNKNOWN'
  | 'RLMT_AS'
  | 'RLMT_CORE'
  | 'RLMT_CPU'
  | 'RLMT_DATA'
  | 'RLMT_FSIZE'
  | 'RLMT_LOCKS'
  | 'RLMT_MEMLOCK'
  | 'RLMT_MSGQUEUE'
  | 'RLMT_NICE'
  | 'RLMT_NOFILE'
  | 'RLMT_NPROC'
  | 'RLMT_RSS'
  | 'RLMT_RTPRIO'
  | 'RLMT_RTTIME'
  | 'RLMT_SIGPENDING'
  | 'RLMT_STACK';

export interface TTYInfo {
  readonly window_size?: TTYInfoWindowSize | undefined;
}

export interface TTYInfoWindowSize {
  readonly rows: number;
  readonly columns: number;
}

export interface ContainerInfo {
  readonly type: ContainerInfoType;
  readonly volumes?: readonly Volume[] | undefined;
  readonly hostname?: string | undefined;
  readonly docker?: ContainerInfoDockerInfo | undefined;
  readonly mesos?: ContainerInfoMesosInfo | undefined;
  readonly network_infos?: readonly NetworkInfo[] | undefined;
  readonly linux_info?: LinuxInfo | undefined;
  readonly rlimit_info?: RLimitInfo | undefined;
  readonly tty_info?: TTYInfo | undefined;
}

export type ContainerInfoType = 'DOCKER' | 'MESOS';

export interface ContainerInfoDockerInfo {
  readonly image: string;
  readonly network?: ContainerInfoDockerInfoNetwork | undefined;
  readonly port_mappings?: readonly ContainerInfoDockerInfoPortMapping[] | undefined;
  readonly privileged?: boolean | undefined;
  readonly parameters?: readonly Parameter[] | undefined;
  readonly force_pull_image?: boolean | undefined;
  readonly volume_driver?: string | undefined;
}

export type ContainerInfoDockerInfoNetwork = 'HOST' | 'BRIDGE' | 'NONE' | 'USER';

export interface ContainerInfoDockerInfoPortMapping {
  readonly host_port: number;
  readonly container_port: number;
  readonly protocol?: string | undefined;
}

export interface ContainerInfoMesosInfo {
  readonly image?: Image | undefined;
}

export interface ContainerStatus {
  readonly container_id?: ContainerID | undefined;
  readonly network_infos?: readonly NetworkInfo[] | undefined;
  readonly cgroup_info?: CgroupInfo | undefined;
  readonly executor_pid?: number | undefined;
}

export interface CgroupInfo {
  readonly net_cls?: CgroupInfoNetCls | undefined;
}

export interface CgroupInfoNetCls {
  readonly classid?: number | undefined;
}

export interface Labels {
  readonly labels?: readonly Label[] | undefined;
}

export interface Label {
  readonly key: string;
  readonly value?: string | undefined;
}

export interface Port {
  readonly number: number;
  readonly name?: string | undefined;
  readonly protocol?: string | undefined;
  readonly visibility?: DiscoveryInfoVisibility | undefined;
  readonly labels?: Labels | undefined;
}

export interface Ports {
  readonly ports?: readonly Port[] | undefined;
}

export interface DiscoveryInfo {
  readonly visibility: DiscoveryInfoVisibility;
  readonly name?: string | undefined;
  readonly environment?: string | undefined;
  readonly location?: string | undefined;
  readonly version?: string | undefined;
  readonly ports?: Ports | undefined;
  readonly labels?: Labels | undefined;
}

export type DiscoveryInfoVisibility = 'FRAMEWORK' | 'CLUSTER' | 'EXTERNAL';

export interface WeightInfo {
  readonly weight: number;
  readonly role?: string | undefined;
}

export interface VersionInfo {
  readonly version: string;
  readonly build_date?: string | undefined;
  readonly build_time?: number | undefined;
  readonly build_user?: string | undefined;
  readonly git_sha?: string | undefined;
  readonly git_branch?: string | undefined;
  readonly git_tag?: string | undefined;
}

export interface Flag {
  readonly name: string;
  readonly value?: string | undefined;
}

export interface Role {
  readonly name: string;
  readonly weight: number;
  readonly frameworks?: readonly FrameworkID[] | undefined;
  readonly resources?: readonly Resource[] | undefined;
}

export interface Metric {
  readonly name: string;
  readonly value?: number | undefined;
}

export interface FileInfo {
  readonly path: string;
  readonly nlink?: number | undefined;
  readonly size?: number | undefined;
  readonly mtime?: TimeInfo | undefined;
  readonly mode?: number | undefined;
  readonly uid?: string | undefined;
  readonly gid?: string | undefined;
}

export interface Device {
  readonly path?: string | undefined;
  readonly number?: DeviceNumber | undefined;
}

export interface DeviceNumber {
  readonly major_number: number;
  readonly minor_number: number;
}

export interface DeviceAccess {
  readonly device: Device;
  readonly access: DeviceAccessAccess;
}

export interface DeviceAccessAccess {
  readonly read?: boolean | undefined;
  readonly write?: boolean | undefined;
  readonly mknod?: boolean | undefined;
}

export interface DeviceWhitelist {
  readonly allowed_devices?: readonly DeviceAccess[] | undefined;
}

export type DrainState = 'UNKNOWN' | 'DRAINING' | 'DRAINED';

export interface DrainConfig {
  readonly max_grace_period?: DurationInfo | undefined;
  readonly mark_gone?: boolean | undefined;
}

export interface DrainInfo {
  readonly state: DrainState;
  readonly config: DrainConfig;
}
