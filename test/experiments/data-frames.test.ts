/** The table of an experiment as pandas and Polars read it. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeDataSet } from '../../src/cli/sweep/sweep-data-set.ts';
import { cellsOf, type Experiment } from '../../src/experiments/experiment.ts';
import { pythonWith } from '../python.ts';
import { folderOf } from '../temporary-files.ts';

const EXPERIMENT: Experiment = {
  name: 'small',
  traces: ['a.csv'],
  policies: ['fifo', 'drf'],
  matrix: { load: [0.5, 1.5], failures: [null, 'mtbf=2d,mttr=1h'] },
  seed: 1,
  replications: { count: 1, metric: 'waitMean', max: 1 },
  statistics: { confidence: 0.95, warmUpSeconds: 0, metrics: ['waitMean'] },
};

const PROGRAM = `
import json, sys
import pandas, polars
columns = ["policy", "load", "failures", "waitMean"]
many = polars.read_parquet(sys.argv[1]).select(columns)
few = pandas.read_parquet(sys.argv[1])[columns]
print(json.dumps({
    "polars": many.rows(),
    "pandas": json.loads(few.to_json(orient="values")),
    "types": [str(many.schema["load"]), str(few["load"].dtype)],
}))
`;

test('has texts, numbers and what is missing where they are', { timeout: 240_000 }, async () => {
  const cells = cellsOf(EXPERIMENT);
  const observations = cells.flatMap((_, cell) =>
    EXPERIMENT.policies.map((policy, place) => ({
      cell,
      policy,
      replication: 1,
      figures: { waitMean: cell === 3 ? Number.NaN : 10 * cell + place },
    })),
  );
  const folder = folderOf({});
  await writeDataSet(folder, EXPERIMENT, cells, observations);
  const python = await pythonWith('pandas==3.1.1', 'polars==2.1.0', 'pyarrow==26.0.1');
  const read = execFileSync(python, ['-c', PROGRAM, join(folder, 'results.parquet')], { encoding: 'utf8' });
  const rows = observations.map(({ cell, policy, figures: { waitMean } }) => [
    policy,
    cells[cell].factors.load,
    cells[cell].factors.failures,
    Number.isNaN(waitMean) ? null : waitMean,
  ]);
  expect(JSON.parse(read)).toEqual({ polars: rows, pandas: rows, types: ['Float64', 'float64'] });
});
