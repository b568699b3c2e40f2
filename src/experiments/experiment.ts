/** An experiment: what is varied, what is compared, how often it is repeated. Pure: files are read and runs made elsewhere. */

export type OptionValue = string | number | boolean;

/** Options of `simulate`, by name without dashes; a list gives an option several times. */
export type Options = Readonly<Record<string, OptionValue | readonly OptionValue[]>>;

export interface TraceEntry {
  /** How the trace is called in results; without one, by its path or preset. */
  readonly name?: string;
  /** A path. */
  readonly trace?: string;
  /** A preset of `mesolab trace generate`, of which each replication gets one of its own. */
  readonly generate?: string;
  /** Of `simulate` for this trace, or of `trace generate`. */
  readonly options?: Options;
}

export interface Experiment {
  readonly name: string;
  readonly traces: readonly (string | TraceEntry)[];
  /** The first is what others are compared with. */
  readonly policies: readonly string[];
  /** Of all runs. */
  readonly options?: Options;
  /** By option: its values; all combinations are run. `null` among them: without the option. */
  readonly matrix?: Readonly<Record<string, readonly (OptionValue | null)[]>>;
  readonly seed: string | number;
  readonly replications: Replications;
  readonly statistics: StatisticsPlan;
}

export interface Replications {
  /** To begin with; without `precision` all there are. */
  readonly count: number;
  /** Half the width of the interval, as a part of the base's figure, at which there are enough replications. */
  readonly precision?: number;
  /** Of the figures: that which shall be so precise. */
  readonly metric: string;
  readonly max: number;
}

export interface StatisticsPlan {
  /** Of all intervals of a figure together. */
  readonly confidence: number;
  /** Jobs that came before are not counted: seconds, or found by MSER-5. */
  readonly warmUpSeconds: number | 'auto';
  readonly metrics: readonly string[];
}

/** One combination of the matrix on one trace. */
export interface Cell {
  readonly trace: Required<Pick<TraceEntry, 'name'>> & TraceEntry;
  /** Of the matrix. */
  readonly factors: Readonly<Record<string, OptionValue | null>>;
  readonly options: Options;
}

/** All policies of a cell under one seed: they see the same arrivals and failures. */
export interface Block {
  readonly cell: number;
  readonly replication: number;
  readonly seed: string;
  /** Below the folder of the sweep; the same for the same experiment. */
  readonly folder: string;
}

export function cellsOf({ traces, options = {}, matrix = {} }: Experiment): readonly Cell[] {
  return traces.flatMap((given) => {
    const entry = typeof given === 'string' ? { trace: given } : given;
    const trace = { name: entry.trace ?? entry.generate ?? '', ...entry };
    const own = entry.generate === undefined ? entry.options : {};
    return combinations(Object.entries(matrix)).map((factors) => ({
      trace,
      factors,
      options: { ...options, ...own, ...withoutNulls(factors) },
    }));
  });
}

export function blockOf({ seed }: Experiment, cell: number, replication: number): Block {
  return {
    cell,
    replication,
    seed: `${seed}-${replication}`,
    folder: `runs/cell-${cell}/replication-${replication}`,
  };
}

/** The command line of `simulate` for a block. @param trace path @param out folder of its runs */
export function simulateArguments(
  { policies }: Experiment,
  { options }: Cell,
  { seed }: Block,
  trace: string,
  out: string,
): string[] {
  const fixed = [
    'simulate',
    trace,
    '--seed',
    seed,
    '--out',
    out,
    '--workers',
    '1',
    '--policy',
    policies.join(','),
  ];
  return [...fixed, ...optionArguments(options)];
}

export function optionArguments(options: Options): string[] {
  return Object.entries(options).flatMap(([name, values]) =>
    (Array.isArray(values) ? (values as readonly OptionValue[]) : [values as OptionValue]).flatMap((value) =>
      value === false ? [] : value === true ? [`--${name}`] : [`--${name}=${value}`],
    ),
  );
}

/** `policies × load=1.2 …`, for people. */
export function cellTitle({ trace, factors }: Cell): string {
  const parts = Object.entries(factors).map(([name, value]) => `${name}=${value ?? 'none'}`);
  return [trace.name, ...parts].join(', ');
}

function combinations(
  entries: readonly (readonly [string, readonly (OptionValue | null)[]])[],
): Readonly<Record<string, OptionValue | null>>[] {
  return entries.reduce<Record<string, OptionValue | null>[]>(
    (sofar, [name, values]) => sofar.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
}

function withoutNulls(factors: Readonly<Record<string, OptionValue | null>>): Options {
  return Object.fromEntries(Object.entries(factors).filter(([, value]) => value !== null)) as Options;
}
