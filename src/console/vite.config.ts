/** How the console becomes the files that a master serves: `npm run build:console`, which `npm ci` does as well. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

// vite looks for a default export.
// biome-ignore lint/style/noDefaultExport: see above
export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  build: {
    outDir: fileURLToPath(new URL('../../dist/console', import.meta.url)),
    emptyOutDir: true,
    // The content policy refuses `data:` addresses of scripts and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
