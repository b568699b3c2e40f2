/** How far a simulation is from the real run that it imitates, figure by figure. */
import type { RunTables } from './tables.ts';

export interface ValidationRow {
  readonly figure: string;
  readonly unit: 's' | 'share';
  readonly real: number;
  readonly simulated: number;
  /** |simulated − real| ÷ real. */
  readonly error: number;
}

export interface Validation {
  readonly rows: readonly ValidationRow[];
  /** By job that started in both: seconds from submission to start. */
  readonly jobs: readonly {
    readonly jobId: string;
    readonly role: string;
    readonly real: number;
    readonly simulated: number;
  }[];
  readonly medianError: number;
}

type Tables = Pick<RunTables, 'jobs' | 'rolesOverTime'>;

/** Waits by quantile, makespan, and each role's mean dominant share. Both runs are of one workload. */
export function validate(real: Tables, simulated: Tables): Validation {
  const jobs = real.jobs.jobId.flatMap((jobId, job) => {
    const waits = { real: real.jobs.waitSeconds[job], simulated: simulated.jobs.waitSeconds[job] };
    const hasBoth = Number.isFinite(waits.real) && Number.isFinite(waits.simulated);
    return hasBoth ? [{ jobId, role: real.jobs.role[job], ...waits }] : [];
  });
  const row = (figure: string, unit: ValidationRow['unit'], inReal: number, inSimulation: number) => ({
    figure,
    unit,
    real: inReal,
    simulated: inSimulation,
    error: inReal === inSimulation ? 0 : Math.abs(inSimulation - inReal) / inReal,
  });
  const waits = (of: 'real' | 'simulated') => jobs.map((job) => job[of]).sort((a, b) => a - b);
  const [realWaits, simulatedWaits] = [waits('real'), waits('simulated')];
  const rows = [
    row('mean wait', 's', mean(realWaits), mean(simulatedWaits)),
    ...[0.5, 0.9, 0.99].map((part) =>
      row(`p${part * 100} wait`, 's', quantile(realWaits, part), quantile(simulatedWaits, part)),
    ),
    row('makespan', 's', makespan(real), makespan(simulated)),
    ...[...new Set(real.rolesOverTime.role)]
      .sort()
      .map((role) => row(`share of ${role}`, 'share', meanShare(real, role), meanShare(simulated, role))),
  ];
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
