/** Maintenance (package mesos.v1.maintenance), in JSON form: bytes are base64, 64-bit numbers doubles, enums their names. */
import type { InverseOfferStatus } from './allocator.ts';
import type { MachineID, Unavailability } from './mesos.ts';

export interface Window {
  readonly machine_ids?: readonly MachineID[] | undefined;
  readonly unavailability: Unavailability;
}

export interface Schedule {
  readonly windows?: readonly Window[] | undefined;
}

export interface ClusterStatus {
  readonly draining_machines?: readonly ClusterStatusDrainingMachine[] | undefined;
  readonly down_machines?: readonly MachineID[] | undefined;
}

export interface ClusterStatusDrainingMachine {
  readonly id: MachineID;
  readonly statuses?: readonly InverseOfferStatus[] | undefined;
}
