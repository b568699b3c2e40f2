/** `mesolab policies` */
import type { Command } from 'commander';
import { policies } from '../../policies/registry.ts';
import { textTable } from '../text-table.ts';

export function addPoliciesCommand(program: Command): void {
  program
    .command('policies')
    .description('list the built-in policies')
    .option('--json', 'print one JSON document in place of a table')
    .action(({ json }: { json?: true }) => {
      const listed = policies.map(({ name, title, source }) => ({ name, title, source }));
      process.stdout.write(json ? `${JSON.stringify(listed, null, 2)}\n` : `${policiesText(listed)}\n`);
    });
}

function policiesText(listed: readonly { name: string; title: string; source: string }[]): string {
  const rows = listed.map(({ name, title, source }) => [name, `${title}\n${source}`]);
  return textTable(['policy', 'what it does, and where it is published'], rows, 'left');
}
