import { defineConfig } from 'vitest/config';

/** Continuous integration reads the figures of the last run from here. */
const RESULTS_FILE = 'runs/test-results.json';

// vitest looks for a default export.
// biome-ignore lint/style/noDefaultExport: see above
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests of the command line start processes, page tests a browser: slow on a busy machine, never hanging.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: process.env.CI ? ['default', ['json', { outputFile: RESULTS_FILE }]] : ['default'],
  },
});
