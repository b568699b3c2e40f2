/** All runs of an experiment as one Parquet table: a row a run, with its factors and figures as columns. */
import { existsSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../cluster/errors.ts';
import type { Observation } from '../../experiments/comparison.ts';
import { blockOf, type Cell, type Experiment } from '../../experiments/experiment.ts';
import type { SweepRow } from '../../experiments/sweep-points.ts';
import { writeParquetTable } from '../../files/parquet-writer.ts';
import { claimTemporaryPath, releaseTemporaryPath } from '../../files/unfinished.ts';
import { type Column, type ColumnType, readParquetColumns } from '../../workload/parquet-columns.ts';
import { suggestion } from '../nearest.ts';

/** What the runs of a folder are of, besides replications and statistics. */
export const EXPERIMENT_FILE = 'experiment.json';
const RESULTS_FILE = 'results.parquet';
/** Columns that are neither factors nor figures. */
const OWN: Readonly<Record<string, ColumnType>> = {
  trace: 'text',
  policy: 'text',
  replication: 'integer',
  seed: 'text',
  folder: 'text',
};

export async function writeDataSet(
  folder: string,
  experiment: Experiment,
  cells: readonly Cell[],
  observations: readonly Observation[],
): Promise<void> {
  const text = (name: string, of: (one: Observation) => string | null): Column => ({
    name,
    type: 'optionalText',
    values: observations.map(of) as string[],
  });
  const factors = Object.keys(cells[0].factors);
  const figures = [...new Set(observations.flatMap((one) => Object.keys(one.figures)))];
  const columns: Column[] = [
    text('trace', ({ cell }) => cells[cell].trace.name),
    text('policy', ({ policy }) => policy),
    { name: 'replication', type: 'integer', values: Int32Array.from(observations, (one) => one.replication) },
    text('seed', ({ cell, replication }) => blockOf(experiment, cell, replication).seed),
    ...factors.map((name): Column => {
      if (!isNumeric(cells.map((cell) => cell.factors[name])))
        return text(name, ({ cell }) => {
          const value = cells[cell].factors[name];
          return value === null ? null : String(value);
        });
      const values = Float64Array.from(observations, ({ cell }) =>
        Number(cells[cell].factors[name] ?? Number.NaN),
      );
      return { name, type: 'double', values };
    }),
    ...figures.map(
      (name): Column => ({
        name,
        type: 'double',
        values: Float64Array.from(observations, (one) => one.figures[name] ?? Number.NaN),
      }),
    ),
    text('folder', ({ cell, replication }) => blockOf(experiment, cell, replication).folder),
  ];
  const file = join(folder, RESULTS_FILE);
  const temporary = claimTemporaryPath(file);
  try {
    await writeParquetTable(temporary, columns);
    await rename(temporary, file);
  } finally {
    releaseTemporaryPath(temporary);
  }
}

/** Of such factors the column is of numbers. */
function isNumeric(values: readonly unknown[]): boolean {
  return values.every((value) => value === null || typeof value === 'number');
}

/**
 * The rows of an experiment's table, with one of the figures.
 * @throws InputError where the folder is not of an experiment that has come to results, or has no such figure
 */
export async function readDataSet(folder: string, figure: string): Promise<readonly SweepRow[]> {
  const [experiment, results] = [EXPERIMENT_FILE, RESULTS_FILE].map((name) => join(folder, name));
  if (!existsSync(experiment) || !existsSync(results))
    throw new InputError(
      'RUN_INVALID',
      'holds no experiment; expected a folder that `mesolab sweep` has written',
      { file: folder },
    );
  const { matrix = {} } = JSON.parse(await readFile(experiment, 'utf8')) as Experiment;
  const texts = Object.entries(matrix).filter(([, values]) => !isNumeric(values));
  const columns = await readParquetColumns((await readFile(results)).buffer as ArrayBuffer, {
    ...OWN,
    ...Object.fromEntries(texts.map(([name]) => [name, 'optionalText' as const])),
  });
  const factors = ['trace', ...Object.keys(matrix)];
  const figures = [...columns.keys()].filter((name) => !(name in OWN) && !factors.includes(name));
  if (!figures.includes(figure))
    throw new InputError(
      'OPTION_VALUE',
      `--figure ${figure}: the experiment has no such figure${suggestion(figure, figures)}`,
    );
  const policies = columns.get('policy')! as readonly string[];
  return policies.map((policy, row) => ({
    policy,
    factors: Object.fromEntries(factors.map((name) => [name, known(columns.get(name)![row])])),
    figure: columns.get(figure)![row] as number,
  }));
}

const known = (value: string | number | null) => (Number.isNaN(value) ? null : value);
