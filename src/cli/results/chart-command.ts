/** `mesolab chart KIND DIR…`: one chart over finished runs, or over a sweep, as a file. */
import type { Command } from 'commander';
import { CHART_FILE_ENDS, chartFileEnd, renderChartFile } from '../../charts/chart-file.ts';
import { CHART_KINDS, type ChartKind } from '../../charts/kinds.ts';
import { InputError } from '../../cluster/errors.ts';
import { figureTitle } from '../../experiments/figures.ts';
import { writeFileAtomically } from '../../files/atomic-write.ts';
import { findRuns } from '../../results/find-runs.ts';
import { readTables } from '../../results/run-directory.ts';
import { suggestion } from '../nearest.ts';
import { chartOfSweep } from './chart-sweep.ts';
import { comparisonWarnings } from './compare-runs.ts';

const KINDS: Readonly<Record<string, ChartKind>> = CHART_KINDS;
/** The kind that is drawn of an experiment, not of single runs. */
const SWEEP = 'sweep';

interface ChartFlags {
  readonly out: string;
  readonly figure?: string;
  readonly over?: string;
}

export function addChartCommand(program: Command): void {
  program
    .command('chart')
    .description('draw one chart over finished runs; docs/charts.md shows the kinds')
    .argument('<kind>', [...Object.keys(KINDS), SWEEP].join(', '))
    .argument('<dirs...>', `folders of runs, or folders above them; for ${SWEEP} the folder of an experiment`)
    .requiredOption('-o, --out <file>', `where to draw it; the end says how: ${CHART_FILE_ENDS.join(', ')}`)
    .option('--figure <name>', `for ${SWEEP}: which figure (waitMean)`)
    .option('--over <factor>', `for ${SWEEP}: over which factor (the first that is varied)`)
    .action(async (name: string, directories: string[], { out, figure, over }: ChartFlags) => {
      const end = chartFileEnd(out);
      if (end === undefined)
        throw new InputError(
          'OPTION_VALUE',
          `--out ${out}: the name says what is drawn; let it end in one of ${CHART_FILE_ENDS.join(', ')}`,
        );
      if (name === SWEEP) {
        if (directories.length > 1)
          throw new InputError('OPTION_CONFLICT', `${SWEEP} draws one experiment at a time`);
        const chosen = figure ?? 'waitMean';
        const spec = await chartOfSweep(directories[0], chosen, over);
        await writeFileAtomically(out, await renderChartFile(spec, figureTitle(chosen), end));
      } else {
        if (figure !== undefined || over !== undefined)
          throw new InputError('OPTION_CONFLICT', `--figure and --over are for ${SWEEP}`);
        const kind = chosenKind(name);
        const stored = await findRuns(directories);
        for (const warning of comparisonWarnings(stored)) process.stderr.write(`warning: ${warning}\n`);
        const runs = await Promise.all(stored.map(readTables));
        await writeFileAtomically(out, await renderChartFile(kind.draw(runs), kind.title, end));
      }
      process.stdout.write(`${out}\n`);
    });
}

function chosenKind(name: string): ChartKind {
  if (Object.hasOwn(KINDS, name)) return KINDS[name];
  const names = [...Object.keys(KINDS), SWEEP];
  throw new InputError('OPTION_VALUE', `there is no chart "${name}"${suggestion(name, names)}`);
}
