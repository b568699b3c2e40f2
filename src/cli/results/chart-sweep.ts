/** The chart of an experiment: one of its figures over one of its factors, with confidence bands (`mesolab chart sweep`). */
import type { ChartSpec } from '../../charts/chart.ts';
import { sweepChart } from '../../charts/sweep.ts';
import { InputError } from '../../cluster/errors.ts';
import { figureTitle } from '../../experiments/figures.ts';
import { sweepPoints, variedFactors } from '../../experiments/sweep-points.ts';
import { suggestion } from '../nearest.ts';
import { readDataSet } from '../sweep/sweep-data-set.ts';

/** Of each interval by itself. */
const CONFIDENCE = 0.95;

/**
 * @param over a factor that is varied; left out: the first
 * @throws InputError where the folder is not of an experiment, or has no such figure or factor
 */
export async function chartOfSweep(
  folder: string,
  figure: string,
  over: string | undefined,
): Promise<ChartSpec> {
  const rows = await readDataSet(folder, figure);
  const varied = variedFactors(rows);
  // Of several traces each has its own panel, unless there is nothing else to draw over.
  const parameter = over ?? varied.find((name) => name !== 'trace') ?? varied[0];
  if (parameter === undefined)
    throw new InputError(
      'OPTION_CONFLICT',
      'varies nothing that a chart could be drawn over; `mesolab compare` shows its runs',
      { file: folder },
    );
  if (!varied.includes(parameter))
    throw new InputError(
      'OPTION_VALUE',
      `--over ${parameter}: the experiment does not vary it${suggestion(parameter, varied)}`,
    );
  return sweepChart(sweepPoints(rows, parameter, CONFIDENCE), {
    parameter,
    figure: figureTitle(figure),
    confidence: CONFIDENCE,
  });
}
