/** Answers to inverse offers (package mesos.v1.allocator), in JSON form: bytes are base64, 64-bit numbers doubles, enums their names. */
import type { FrameworkID, TimeInfo } from './mesos.ts';

export interface InverseOfferStatus {
  readonly status: InverseOfferStatusStatus;
  readonly framework_id: FrameworkID;
  readonly timestamp: TimeInfo;
}

export type InverseOfferStatusStatus = 'UNKNOWN' | 'ACCEPT' | 'DECLINE';
