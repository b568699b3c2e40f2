/** Scripts that a self-contained page needs, from node_modules: the only file access of charts. */
import { readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** vega, vega-lite and vega-embed, in the order they must be loaded in. */
export function vegaScripts(): string[] {
  return [
    readFileSync(packageFile('vega', 'build/vega.min.js'), 'utf8'),
    readFileSync(packageFile('vega-lite', 'build/vega-lite.min.js'), 'utf8'),
    readFileSync(packageFile('vega-embed', 'build/vega-embed.min.js'), 'utf8'),
  ];
}

export function d3Script(): string {
  return readFileSync(packageFile('d3', 'dist/d3.min.js'), 'utf8');
}

/** A script of our own for pages: a module beside this one, without its types, imports and exports. */
export function pageScript(name: string): string {
  const source = readFileSync(new URL(name, import.meta.url), 'utf8');
  const script = stripTypeScriptTypes(source);
  return script.replace(/^import .*$/gm, '').replace(/^export /gm, '');
}

/** Packages keep their built files out of `exports`, so the folder is found from the main file. */
function packageFile(name: string, file: string): string {
  for (const root of require.resolve.paths(name) ?? []) {
    try {
      const folder = join(root, name);
      readFileSync(join(folder, 'package.json'));
      return join(folder, file);
    } catch {
      // Not in this folder: Node's own search goes on with the next one, too.
    }
  }
  throw new Error(`the package ${name} is not installed in ${dirname(import.meta.dirname)}; run npm ci`);
}
