/** `mesolab compare DIR…` */
import type { Command } from 'commander';
import { findRuns } from '../../results/find-runs.ts';
import { VERSION } from '../version.ts';
import { comparisonOutput, comparisonTable, comparisonWarnings } from './compare-runs.ts';

export function addCompareCommand(program: Command): void {
  program
    .command('compare')
    .description('show how finished runs differ; the first one is the base')
    .argument('<dirs...>', 'folders of runs, or folders above them')
    .option('--json', 'print one JSON document in place of a table')
    .action(async (directories: string[], { json }: { json?: true }) => {
      const runs = await findRuns(directories);
      if (json) {
        process.stdout.write(`${JSON.stringify(comparisonOutput(VERSION, runs), null, 2)}\n`);
        return;
      }
      for (const warning of comparisonWarnings(runs)) process.stderr.write(`warning: ${warning}\n`);
      process.stdout.write(`${comparisonTable(runs)}\n`);
    });
}
