/** `mesolab notebook [NAME]`: serves the notebooks of a folder on this machine, until Ctrl-C. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { InputError } from '../../cluster/errors.ts';
import { parseCount } from '../option-values.ts';

const OWN = join(import.meta.dirname, '../../../notebooks');

export function addNotebookCommand(program: Command): void {
  program
    .command('notebook')
    .description('serve notebooks to a browser on this machine, without any network')
    .argument('[name]', 'a notebook of the folder', 'compare-policies')
    .addOption(new Option('--folder <folder>', 'where the notebooks are').default(OWN, 'those of mesolab'))
    .option('--port <number>', 'of the server; without it, any', (text) => parseCount('--port', text))
    .action(async (name: string, { folder, port }: { folder: string; port?: number }) => {
      const root = resolve(folder);
      const file = `${name.replace(/\.html$/, '')}.html`;
      if (!existsSync(join(root, file)))
        throw new InputError('FILE_MISSING', 'is no notebook; see --folder', { file: join(root, file) });
      // Vite takes a while to load, and no other command needs it.
      const { serveNotebooks } = await import('../../notebooks/server.ts');
      const { url } = await serveNotebooks(root, process.cwd(), port ?? 0);
      process.stdout.write(`${url}${file}\n`);
    });
}
