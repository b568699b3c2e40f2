/**
 * A finished run as charts, tables and notebooks see it: a manifest, a summary and columns. On disk it is a
 * directory (`run-directory.ts`): manifest.json, summary.json and one Parquet file per table below.
 */
import type { RunSummary } from '../metrics/summary.ts';
import type { RunTables } from '../metrics/tables.ts';

export interface Run {
  readonly manifest: Manifest;
  readonly summary: RunSummary;
  readonly tables: RunTables;
}

export interface Manifest {
  /** Version of the run directory's layout. */
  readonly layout: 1;
  readonly version: string;
  readonly gitCommit: string | null;
  readonly command: readonly string[];
  /** Everything that the result depends on besides the trace and the version. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly seed: string;
  readonly trace: {
    readonly name: string;
    readonly format: string;
    readonly digest: string;
    /** Rows of the trace that were left out, by reason. */
    readonly leftOut: Readonly<Record<string, number>>;
  };
  readonly policy: string;
  /** Place of the policy among those of the command, from 0. Absent in the first runs of this layout. */
  readonly policyPlace?: number;
  /** The user's module that made the policy, with the SHA-256 of that file; absent for a built-in policy. */
  readonly policyFile?: { readonly path: string; readonly digest: string };
  readonly decisionDigest: string;
  /** `partial`: stopped before the end; the tables hold what had happened by then. */
  readonly status: 'complete' | 'partial';
  /** Which engine played; results do not depend on it. Absent in the first runs of this layout. */
  readonly engine?: 'native' | 'typescript';
  readonly host: { readonly node: string; readonly platform: string; readonly cpu: string };
  /** When the policy was handed to a thread: runs of one command are in the order of their policies. */
  readonly startedAt: string;
  /** Other policies of the command may have been played meanwhile, in other threads. */
  readonly wallSeconds: number;
  readonly tasksPerSecond: number;
}
