/** `mesolab report DIR…` */
import type { Command } from 'commander';
import { renderReport } from '../../charts/report.ts';
import { writeFileAtomically } from '../../files/atomic-write.ts';
import { findRuns } from '../../results/find-runs.ts';
import { readTables } from '../../results/run-directory.ts';
import { comparisonWarnings } from './compare-runs.ts';

export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description('write an HTML report over finished runs; it opens without any network')
    .argument('<dirs...>', 'folders of runs, or folders above them')
    .option('--out <file>', 'where to write it', 'report.html')
    .action(async (directories: string[], { out }: { out: string }) => {
      const stored = await findRuns(directories);
      for (const warning of comparisonWarnings(stored)) process.stderr.write(`warning: ${warning}\n`);
      await writeFileAtomically(out, renderReport(await Promise.all(stored.map(readTables))));
      process.stdout.write(`${out}\n`);
    });
}
