/** Jupyter notebooks, executed by the Deno kernel without a browser: the template on runs, the study to its kept outputs. */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeRun } from '../../src/results/run-directory.ts';
import { sampleRuns } from '../charts/sample-runs.ts';
import { pythonWith } from '../python.ts';
import { folderOf } from '../temporary-files.ts';
import { lacksTraces, tracePath } from '../traces.ts';

const HOME = join(import.meta.dirname, '../..');
const NOTEBOOKS = join(HOME, 'notebooks/jupyter');
const CACHE = join(HOME, 'node_modules/.cache/mesolab-jupyter');
const run = promisify(execFile);
let python: string;

interface Notebook {
  readonly cells: readonly { readonly cell_type: string; readonly outputs?: readonly unknown[] }[];
}

describe.skipIf(lacksTraces)('notebooks of Jupyter', { timeout: 240_000 }, () => {
  beforeAll(async () => {
    python = await pythonWith('nbclient==0.11.0', 'nbformat==5.11.1');
    const kernel = join(CACHE, 'kernels/deno');
    mkdirSync(kernel, { recursive: true });
    const argv = [join(HOME, 'node_modules/.bin/deno'), 'jupyter', '--kernel', '--conn', '{connection_file}'];
    writeFileSync(
      join(kernel, 'kernel.json'),
      JSON.stringify({ argv, display_name: 'Deno', language: 'typescript' }),
    );
  }, 240_000);

  it('the template shows all charts of the runs that it names', async () => {
    // Beside runs of its own, so that those of the user stay what they are.
    const folder = folderOf({});
    for (const one of sampleRuns()) await writeRun(join(folder, 'runs/demo', one.summary.policy), one);
    for (const name of ['src', 'node_modules', 'package.json'])
      symlinkSync(join(HOME, name), join(folder, name));
    mkdirSync(join(folder, 'notebooks/jupyter'), { recursive: true });
    const file = join(folder, 'notebooks/jupyter/mine.ipynb');
    copyFileSync(join(NOTEBOOKS, 'compare-policies.ipynb'), file);
    const text = JSON.stringify(await executed(file, join(folder, 'notebooks/jupyter')));
    expect(text.match(/"image\/svg\+xml"/g)).toHaveLength(10);
    expect(text).toContain('<th>wait, mean</th>');
  });

  it('the study gives its kept outputs', async () => {
    const file = join(NOTEBOOKS, 'who-pays-for-fairness.ipynb');
    const now = await executed(file, NOTEBOOKS);
    if (process.env.MESOLAB_RECORD === '1') writeFileSync(file, `${JSON.stringify(now, null, 1)}\n`);
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Notebook;
    const outputs = ({ cells }: Notebook) => cells.map((cell) => cell.outputs ?? []);
    expect(outputs(now).flat()).toHaveLength(5);
    expect(outputs(now)).toEqual(outputs(kept));
  });
});

/** @returns the notebook with its outputs; fails where a cell does */
async function executed(file: string, folder: string): Promise<Notebook> {
  const out = join(folderOf({}), 'out.ipynb');
  await run(python, [join(import.meta.dirname, 'execute_notebook.py'), file, folder, out], {
    env: { ...process.env, JUPYTER_PATH: CACHE, MESOLAB_TRACES: tracePath('') },
  });
  return JSON.parse(readFileSync(out, 'utf8')) as Notebook;
}
