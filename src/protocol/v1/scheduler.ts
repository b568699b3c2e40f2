/** Calls and events of schedulers (package mesos.v1.scheduler), in JSON form: bytes are base64, 64-bit numbers doubles, enums their names. */
import type {
  AgentID,
  ExecutorID,
  Filters,
  FrameworkID,
  FrameworkInfo,
  InverseOffer,
  KillPolicy,
  MasterInfo,
  Offer,
  OfferID,
  OfferOperation,
  OperationID,
  OperationStatus,
  Request,
  ResourceProviderID,
  TaskID,
  TaskStatus,
} from './mesos.ts';

export interface SchedulerEvent {
  readonly type?: SchedulerEventType | undefined;
  readonly subscribed?: SchedulerEventSubscribed | undefined;
  readonly offers?: SchedulerEventOffers | undefined;
  readonly inverse_offers?: SchedulerEventInverseOffers | undefined;
  readonly rescind?: SchedulerEventRescind | undefined;
  readonly rescind_inverse_offer?: SchedulerEventRescindInverseOffer | undefined;
  readonly update?: SchedulerEventUpdate | undefined;
  readonly update_operation_status?: SchedulerEventUpdateOperationStatus | undefined;
  readonly message?: SchedulerEventMessage | undefined;
  readonly failure?: SchedulerEventFailure | undefined;
  readonly error?: SchedulerEventError | undefined;
}

export type SchedulerEventType =
  | 'UNKNOWN'
  | 'SUBSCRIBED'
  | 'OFFERS'
  | 'INVERSE_OFFERS'
  | 'RESCIND'
  | 'RESCIND_INVERSE_OFFER'
  | 'UPDATE'
  | 'UPDATE_OPERATION_STATUS'
  | 'MESSAGE'
  | 'FAILURE'
  | 'ERROR'
  | 'HEARTBEAT';

export interface SchedulerEventSubscribed {
  readonly framework_id: FrameworkID;
  readonly heartbeat_interval_seconds?: number | undefined;
  readonly master_info?: MasterInfo | undefined;
}

export interface SchedulerEventOffers {
  readonly offers?: readonly Offer[] | undefined;
}

export interface SchedulerEventInverseOffers {
  readonly inverse_offers?: readonly InverseOffer[] | undefined;
}

export interface SchedulerEventRescind {
  readonly offer_id: OfferID;
}

export interface SchedulerEventRescindInverseOffer {
  readonly inverse_offer_id: OfferID;
}

export interface SchedulerEventUpdate {
  readonly status: TaskStatus;
}

export interface SchedulerEventUpdateOperationStatus {
  readonly status: OperationStatus;
}

export interface SchedulerEventMessage {
  readonly agent_id: AgentID;
  readonly executor_id: ExecutorID;
  readonly data: string;
}

export interface SchedulerEventFailure {
  readonly agent_id?: AgentID | undefined;
  readonly executor_id?: ExecutorID | undefined;
  readonly status?: number | undefined;
}

export interface SchedulerEventError {
  readonly message: string;
}

export interface SchedulerResponse {
  readonly type?: SchedulerResponseType | undefined;
  readonly reconcile_operations?: SchedulerResponseReconcileOperations | undefined;
}

export type SchedulerResponseType = 'UNKNOWN' | 'RECONCILE_OPERATIONS';

export interface SchedulerResponseReconcileOperations {
  readonly operation_statuses?: readonly OperationStatus[] | undefined;
}

export interface AttributeConstraint {
  readonly selector: AttributeConstraintSelector;
  readonly predicate: AttributeConstraintPredicate;
}

export interface AttributeConstraintSelector {
  readonly pseudoattribute_type?: AttributeConstraintSelectorPseudoattributeType | undefined;
  readonly attribute_name?: string | undefined;
}

export type AttributeConstraintSelectorPseudoattributeType = 'UNKNOWN' | 'HOSTNAME' | 'REGION' | 'ZONE';

export interface AttributeConstraintPredicate {
  readonly exists?: AttributeConstraintPredicateExists | undefined;
  readonly not_exists?: AttributeConstraintPredicateNotExists | undefined;
  readonly text_equals?: AttributeConstraintPredicateTextEquals | undefined;
  readonly text_not_equals?: AttributeConstraintPredicateTextNotEquals | undefined;
  readonly text_matches?: AttributeConstraintPredicateTextMatches | undefined;
  readonly text_not_matches?: AttributeConstraintPredicateTextNotMatches | undefined;
}

export type AttributeConstraintPredicateExists = Readonly<Record<string, never>>;

export type AttributeConstraintPredicateNotExists = Readonly<Record<string, never>>;

export interface AttributeConstraintPredicateTextEquals {
  readonly value: string;
}

export interface AttributeConstraintPredicateTextNotEquals {
  readonly value: string;
}

export interface AttributeConstraintPredicateTextMatches {
  readonly regex: string;
}

export interface AttributeConstraintPredicateTextNotMatches {
  readonly regex: string;
}

export interface OfferConstraints {
  readonly role_constraints?: Readonly<Record<string, OfferConstraintsRoleConstraints>> | undefined;
}

export interface OfferConstraintsRoleConstraints {
  readonly groups?: readonly OfferConstraintsRoleConstraintsGroup[] | undefined;
}

export interface OfferConstraintsRoleConstraintsGroup {
  readonly attribute_constraints?: readonly AttributeConstraint[] | undefined;
}

export interface SchedulerCall {
  readonly framework_id?: FrameworkID | undefined;
  readonly type?: SchedulerCallType | undefined;
  readonly subscribe?: SchedulerCallSubscribe | undefined;
  readonly accept?: SchedulerCallAccept | undefined;
  readonly decline?: SchedulerCallDecline | undefined;
  readonly accept_inverse_offers?: SchedulerCallAcceptInverseOffers | undefined;
  readonly decline_inverse_offers?: SchedulerCallDeclineInverseOffers | undefined;
  readonly revive?: SchedulerCallRevive | undefined;
  readonly kill?: SchedulerCallKill | undefined;
  readonly shutdown?: SchedulerCallShutdown | undefined;
  readonly acknowledge?: SchedulerCallAcknowledge | undefined;
  readonly acknowledge_operation_status?: SchedulerCallAcknowledgeOperationStatus | undefined;
  readonly reconcile?: SchedulerCallReconcile | undefined;
  readonly reconcile_operations?: SchedulerCallReconcileOperations | undefined;
  readonly message?: SchedulerCallMessage | undefined;
  readonly request?: SchedulerCallRequest | undefined;
  readonly suppress?: SchedulerCallSuppress | undefined;
  readonly update_framework?: SchedulerCallUpdateFramework | undefined;
}

export type SchedulerCallType =
  | 'UNKNOWN'
  | 'SUBSCRIBE'
  | 'TEARDOWN'
  | 'ACCEPT'
  | 'DECLINE'
  | 'ACCEPT_INVERSE_OFFERS'
  | 'DECLINE_INVERSE_OFFERS'
  | 'REVIVE'
  | 'KILL'
  | 'SHUTDOWN'
  | 'ACKNOWLEDGE'
  | 'ACKNOWLEDGE_OPERATION_STATUS'
  | 'RECONCILE'
  | 'RECONCILE_OPERATIONS'
  | 'MESSAGE'
  | 'REQUEST'
  | 'SUPPRESS'
  | 'UPDATE_FRAMEWORK';

export interface SchedulerCallSubscribe {
  readonly framework_info: FrameworkInfo;
  readonly suppressed_roles?: readonly string[] | undefined;
  readonly offer_constraints?: OfferConstraints | undefined;
}

export interface SchedulerCallAccept {
  readonly offer_ids?: readonly OfferID[] | undefined;
  readonly operations?: readonly OfferOperation[] | undefined;
  readonly filters?: Filters | undefined;
}

export interface SchedulerCallDecline {
  readonly offer_ids?: readonly OfferID[] | undefined;
  readonly filters?: Filters | undefined;
}

export interface SchedulerCallAcceptInverseOffers {
  readonly inverse_offer_ids?: readonly OfferID[] | undefined;
  readonly filters?: Filters | undefined;
}

export interface SchedulerCallDeclineInverseOffers {
  readonly inverse_offer_ids?: readonly OfferID[] | undefined;
  readonly filters?: Filters | undefined;
}

export interface SchedulerCallRevive {
  readonly roles?: readonly string[] | undefined;
}

export interface SchedulerCallKill {
  readonly task_id: TaskID;
  readonly agent_id?: AgentID | undefined;
  readonly kill_policy?: KillPolicy | undefined;
}

export interface SchedulerCallShutdown {
  readonly executor_id: ExecutorID;
  readonly agent_id: AgentID;
}

export interface SchedulerCallAcknowledge {
  readonly agent_id: AgentID;
  readonly task_id: TaskID;
  readonly uuid: string;
}

export interface SchedulerCallAcknowledgeOperationStatus {
  readonly agent_id?: AgentID | undefined;
  readonly resource_provider_id?: ResourceProviderID | undefined;
  readonly uuid: string;
  readonly operation_id: OperationID;
}

export interface SchedulerCallReconcile {
  readonly tasks?: readonly SchedulerCallReconcileTask[] | undefined;
}

export interface SchedulerCallReconcileTask {
  readonly task_id: TaskID;
  readonly agent_id?: AgentID | undefined;
}

export interface SchedulerCallReconcileOperations {
  readonly operations?: readonly SchedulerCallReconcileOperationsOperation[] | undefined;
}

export interface SchedulerCallReconcileOperationsOperation {
  readonly operation_id: OperationID;
  readonly agent_id?: AgentID | undefined;
  readonly resource_provider_id?: ResourceProviderID | undefined;
}

export interface SchedulerCallMessage {
  readonly agent_id: AgentID;
  readonly executor_id: ExecutorID;
  readonly data: string;
}

export interface SchedulerCallRequest {
  readonly requests?: readonly Request[] | undefined;
}

export interface SchedulerCallSuppress {
  readonly roles?: readonly string[] | undefined;
}

export interface SchedulerCallUpdateFramework {
  readonly framework_info: FrameworkInfo;
  readonly suppressed_roles?: readonly string[] | undefined;
  readonly offer_constraints?: OfferConstraints | undefined;
}

export interface SchedulerAPIResult {
  readonly status_code: number;
  readonly response?: SchedulerResponse | undefined;
  readonly error?: string | undefined;
}
