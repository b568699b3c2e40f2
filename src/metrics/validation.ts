/** How far a simulation is from the real run that it imitates, figure by figure. */
import type { RunTables } from './tables.ts';

export interface ValidationRow {
  readonly figure: string;
  readonly unit: 's' | 'share';
  readonly real: number;
  /** Mean of the simulations. */
  readonly simulated: number;
  /** The least and the most that a simulation gave. */
  readonly range: readonly [number, number];
  /** |simulated − real| ÷ real. */
  readonly error: number;
}

export interface Validation {
  readonly rows: readonly ValidationRow[];
  /** By job that started in all of them: seconds from submission to start. */
  readonly jobs: readonly {
    readonly jobId: string;
    readonly role: string;
    readonly real: number;
    /** Mean of the simulations. */
    readonly simulated: number;
  }[];
  readonly medianError: number;
}

type Tables = Pick<RunTables, 'jobs' | 'rolesOverTime'>;

/**
 * Waits by quantile, makespan, and each role's mean dominant share. All runs are of one workload; the simulations differ
 * in their seeds, as real runs of one workload differ in who comes first.
 */
export function validate(real: Tables, simulations: readonly Tables[]): Validation {
  const started = [...real.jobs.jobId.keys()].filter((job) =>
    [real, ...simulations].every(({ jobs }) => Number.isFinite(jobs.waitSeconds[job])),
  );
  const waits = ({ jobs }: Tables) => started.map((job) => jobs.waitSeconds[job]).sort((a, b) => a - b);
  const row = (figure: string, unit: ValidationRow['unit'], measure: (tables: Tables) => number) => {
    const [inReal, inSimulations] = [measure(real), simulations.map(measure)];
    const simulated = mean(inSimulations);
    const error = inReal === simulated ? 0 : Math.abs(simulated - inReal) / inReal;
    const range = [Math.min(...inSimulations), Math.max(...inSimulations)] as const;
    return { figure, unit, real: inReal, simulated, range, error };
  };
  const rows = [
    row('mean wait', 's', (tables) => mean(waits(tables))),
    ...[0.5, 0.9, 0.99].map((part) =>
      row(`p${part * 100} wait`, 's', (tables) => quantile(waits(tables), part)),
    ),
    row('makespan', 's', makespan),
    ...[...new Set(real.rolesOverTime.role)]
      .sort()
      .map((role) => row(`share of ${role}`, 'share', (tables) => meanShare(tables, role))),
  ];
  const jobs = started.map((job) => ({
    jobId: real.jobs.jobId[job],
    role: real.jobs.role[job],
    real: real.jobs.waitSeconds[job],
    simulated: mean(simulations.map((tables) => tables.jobs.waitSeconds[job])),
  }));
  const errors = rows.map(({ error }) => error).sort((a, b) => a - b);
  return { rows, jobs, medianError: quantile(errors, 0.5) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of sorted values, interpolated between the two nearest. */
function quantile(sorted: readonly number[], part: number): number {
  const at = (sorted.length - 1) * part;
  const low = Math.floor(at);
  return sorted[low] + (sorted[Math.ceil(at)] - sorted[low]) * (at - low);
}

function makespan({ jobs }: Tables): number {
  return largest(jobs.endSeconds) - Math.min(...finite(jobs.submitSeconds));
}

const finite = (values: Float64Array) => [...values].filter(Number.isFinite);
const largest = (values: Float64Array) =>
  finite(values).reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);

/** Over the time until the last job ends, so that a quiet end of one of the runs does not count. */
function meanShare({ rolesOverTime, jobs }: Tables, role: string): number {
  const end = largest(jobs.endSeconds);
  const shares = rolesOverTime.role.flatMap((name, at) =>
    name === role && rolesOverTime.timeSeconds[at] < end ? rolesOverTime.dominantShare[at] : [],
  );
  return mean(shares);
}
