/** All runs of an experiment as one Parquet table: a row a run, with its factors and figures as columns. */
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Observation } from '../../experiments/comparison.ts';
import { blockOf, type Cell, type Experiment } from '../../experiments/experiment.ts';
import { writeParquetTable } from '../../files/parquet-writer.ts';
import { claimTemporaryPath, releaseTemporaryPath } from '../../files/unfinished.ts';
import type { Column } from '../../workload/parquet-columns.ts';

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
    ...factors.map((name) =>
      text(name, ({ cell }) => {
        const value = cells[cell].factors[name];
        return value === null ? null : String(value);
      }),
    ),
    ...figures.map(
      (name): Column => ({
        name,
        type: 'double',
        values: Float64Array.from(observations, (one) => one.figures[name] ?? Number.NaN),
      }),
    ),
    text('folder', ({ cell, replication }) => blockOf(experiment, cell, replication).folder),
  ];
  const file = join(folder, 'results.parquet');
  const temporary = claimTemporaryPath(file);
  try {
    await writeParquetTable(temporary, columns);
    await rename(temporary, file);
  } finally {
    releaseTemporaryPath(temporary);
  }
}
