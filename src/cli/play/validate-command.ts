/** `mesolab validate`: simulates what `mesolab play` did on a real cluster, and says how far the simulation is from it. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { validationChart } from '../../charts/validation.ts';
import { InputError } from '../../cluster/errors.ts';
import { writeFileAtomically } from '../../files/atomic-write.ts';
import { type Validation, validate } from '../../metrics/validation.ts';
import { openRun } from '../../results/run-directory.ts';
import { parseCount, parseDuration } from '../option-values.ts';
import { textTable } from '../text-table.ts';
import { simulatePlayed } from './simulate-played.ts';

interface ValidateFlags {
  readonly containerLaunch?: number;
  readonly seeds: number;
  readonly json?: boolean;
}

const DEFAULT_SEEDS = 20;

export function addValidateCommand(program: Command): void {
  program
    .command('validate')
    .description('simulate a run that `mesolab play` made on a real cluster, and compare')
    .argument('<run>', 'folder of the run')
    .option(
      '--container-launch <time>',
      'from an agent that is told to launch to a task that runs (the median that play measured)',
      (text) => parseDuration('--container-launch', text),
    )
    .option('--seeds <count>', 'how many simulations', (text) => parseCount('--seeds', text), DEFAULT_SEEDS)
    .option('--json', 'the comparison as JSON')
    .action(run);
}

async function run(folder: string, { containerLaunch, seeds, json }: ValidateFlags): Promise<void> {
  const real = await openRun(folder);
  if (real.manifest.seed !== 'real')
    throw new InputError('RUN_INVALID', 'is not a run on a real cluster; make one with mesolab play', {
      file: folder,
    });
  const comparison = validate(
    { jobs: await real.table('jobs'), rolesOverTime: await real.table('rolesOverTime') },
    await simulatePlayed(real, seeds, containerLaunch === undefined ? {} : { launchUs: containerLaunch }),
  );
  if (json) {
    process.stdout.write(`${JSON.stringify(comparison, null, 2)}\n`);
    return;
  }
  // Vega takes a while to load.
  const { renderSvg } = await import('../../charts/render-svg.ts');
  const chart = join(folder, '..', `${folder.split('/').filter(Boolean).at(-1)}-validation.svg`);
  const { policy, trace } = real.manifest;
  const title = `${trace.name} under ${policy}: simulated against real`;
  await writeFileAtomically(chart, await renderSvg(validationChart(comparison, title)));
  process.stdout.write(
    `${table(comparison)}\n\nmedian error: ${percent(comparison.medianError)}\nchart: ${chart}\n`,
  );
}

const percent = (part: number) => `${(100 * part).toFixed(1)} %`;

function table({ rows }: Validation): string {
  return textTable(
    ['figure', 'real', 'simulated', 'range', 'error'],
    rows.map(({ figure, unit, real, simulated, range, error }) => {
      const text = (value: number) => (unit === 's' ? `${value.toFixed(2)} s` : percent(value));
      return [figure, text(real), text(simulated), range.map(text).join(' – '), percent(error)];
    }),
  );
}
