/** `mesolab report DIR…` */
import type { Command } from 'commander';
import { renderReport } from '../charts/report.ts';
import { writeFileAtomically } from '../files/atomic-write.ts';
import { findRuns } from '../results/find-runs.ts';
import { readRun } from '../results/run-directory.ts';

export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description('write an HTML report over finished runs; it opens without any network')
    .argument('<dirs...>', 'folders of runs, or folders above them')
    .option('--out <file>', 'where to write it', 'report.html')
    .action(async (directories: string[], { out }: { out: string }) => {
      const runs = await Promise.all((await findRuns(directories)).map(readRun));
      await writeFileAtomically(out, renderReport(runs));
      process.stdout.write(`${out}\n`);
    });
}
