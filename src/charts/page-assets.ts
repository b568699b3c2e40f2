/** What a self-contained page needs, from node_modules and from beside this file: the only file access of charts. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** What a page of charts runs, in this order; the last one is our own. */
export function chartScripts(): string[] {
  return [
    packageFile('vega', 'build/vega.min.js'),
    packageFile('vega-lite', 'build/vega-lite.min.js'),
    packageFile('vega-embed', 'build/vega-embed.min.js'),
    pageScript('charts-page.ts'),
  ];
}

/** What the report runs: charts, and the timeline. */
export function pageScripts(): string[] {
  return [
    ...chartScripts(),
    packageFile('d3', 'dist/d3.min.js'),
    ...['timeline-lanes.ts', 'timeline-density.ts', 'timeline-run.ts', 'timeline-page.ts'].map(pageScript),
  ];
}

export function pageStyle(): string {
  return readFileSync(join(import.meta.dirname, 'report.css'), 'utf8');
}

/** A module beside this one as a plain script: without types, imports (all are types) and the word `export`. */
function pageScript(name: string): string {
  const source = readFileSync(join(import.meta.dirname, name), 'utf8');
  return stripTypeScriptTypes(source).replace(/^export /gm, '');
}

/** Packages keep their built files out of `exports`, so the folder is looked for as Node looks for packages. */
function packageFile(name: string, file: string): string {
  const roots = require.resolve.paths(name) ?? [];
  const path = roots.map((root) => join(root, name, file)).find(existsSync);
  if (path === undefined)
    throw new Error(`${name} is not installed in ${dirname(import.meta.dirname)}; run npm ci`);
  return readFileSync(path, 'utf8');
}
