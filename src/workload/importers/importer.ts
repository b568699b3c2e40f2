/** What an importer is: it reads one public trace format into a workload, and says what it did. */
import type { Workload } from '../workload.ts';

export interface TraceImporter {
  /** Short name, as in `--format swf`. */
  readonly format: string;
  /** One line: what the format is and who publishes it. */
  readonly title: string;
  /** What `--role` may name; the first is the default. Every role name comes from this field of the trace. */
  readonly roleFields: readonly string[];
  /** Numeric options of this format, e.g. `stepsPerSecond`, given as `--import stepsPerSecond=10`. */
  readonly options: Readonly<Record<string, ImportOption>>;
  /** How sure the importer is that the input is of its format: 0 no … 1 certain. Looks at names and first bytes only. */
  recognise(probe: TraceProbe): number;
  read(input: TraceInput, settings: ImportSettings, report: ImportReport): Promise<Workload>;
}

export interface ImportOption {
  readonly default: number;
  readonly description: string;
  /** Values must be above 0 (rates and sizes that are divided by); otherwise from 0. */
  readonly isPositive?: boolean;
}

/** The trace as `recognise` sees it. */
export interface TraceProbe {
  /** Paths relative to the trace's folder, without `.gz` or `.zst`; one entry where the trace is a file. */
  readonly files: readonly string[];
  /** First (decompressed) 4 KiB of a file, as text. */
  head(file: string): string;
}

/** Where an importer gets bytes; implemented over files by `src/files/trace-source.ts`. */
export interface TraceInput {
  /** The trace's name for people: the file or folder name. */
  readonly name: string;
  /** As in `TraceProbe`. If the user named one file of a folder, that is the only entry. */
  readonly files: readonly string[];
  /** Files beside the one the user named, for companions such as a node list; empty where a folder was named. */
  readonly companions: readonly string[];
  /** The path to show in error messages. */
  displayPath(file: string): string;
  /** Decompressed bytes. @throws InputError FILE_TRUNCATED, FILE_UNREADABLE */
  open(file: string): AsyncIterable<Uint8Array>;
}

export interface ImportSettings {
  /** One of the importer's `roleFields`. */
  readonly roleField: string;
  readonly options: Readonly<Record<string, number>>;
  /** Stop after so many jobs have been taken (in file order); Infinity: all. */
  readonly maxJobs: number;
}

/** What was read, what was left out and why, and what the importer had to assume. */
export interface ImportReport {
  /** Rows read, by file. */
  readonly rows: Map<string, number>;
  /** Rows left out by reason, e.g. `unknown run time`. */
  readonly leftOut: Map<string, number>;
  /** Sentences for the user: derived durations, normalised units, conventions. */
  readonly notes: string[];
  /** Counts a row that the format's conventions leave out. */
  leaveOut(reason: string): void;
  /** A malformed row: throws the error, or counts the row if the user asked for `--skip-bad-rows`. */
  badRow(error: Error): void;
}
