/** The documentation as a site: built offline, searched offline (`npm run docs`, `npm run docs:serve`). */
import { defineConfig } from 'vitepress';

// VitePress looks for a default export.
// biome-ignore lint/style/noDefaultExport: see above
export default defineConfig({
  title: 'mesolab',
  description: 'A laboratory for cluster resource allocation',
  outDir: '../dist/docs',
  cacheDir: '../node_modules/.vitepress',
  cleanUrls: false,
  srcExclude: ['decisions/**', 'examples/**'],
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    sidebar: [
      {
        text: 'Start',
        items: [{ text: 'Ten minutes: from a trace to a chart', link: '/tutorial' }],
      },
      {
        text: 'Simulate',
        items: [
          { text: 'Allocation models', link: '/allocation-models' },
          { text: 'Protocol simulation', link: '/protocol-simulation' },
          { text: 'Writing a policy', link: '/writing-a-policy' },
          { text: 'Reading the report', link: '/report' },
          { text: 'Experiments', link: '/experiments' },
          { text: 'Charts', link: '/charts' },
          { text: 'Notebooks', link: '/notebooks' },
        ],
      },
      {
        text: 'Run a cluster',
        items: [
          { text: 'A cluster of your own', link: '/real-mode' },
          { text: 'Containers', link: '/containers' },
          { text: 'Jobs', link: '/jobs' },
          { text: 'Services', link: '/services' },
          { text: 'Writing a framework', link: '/writing-a-framework' },
          { text: 'Several masters', link: '/high-availability' },
          { text: 'The console', link: '/console' },
        ],
      },
      {
        text: 'Reference',
        items: [
          { text: 'Commands', link: '/reference/commands' },
          { text: 'Policies', link: '/reference/policies' },
          { text: 'Metrics', link: '/metrics' },
          { text: 'Trace format', link: '/trace-format' },
          { text: 'Run folders', link: '/reference/run-folders' },
          { text: 'Errors', link: '/errors' },
          { text: 'Compatibility with Mesos', link: '/compatibility' },
        ],
      },
      {
        text: 'How it is made',
        items: [
          { text: 'Dividing a cluster', link: '/divisible' },
          { text: 'Hierarchical DRF', link: '/hdrf' },
          { text: 'The master’s allocator', link: '/hierarchical-allocator' },
          { text: 'FCFS and EASY against the archive', link: '/backfilling' },
          { text: 'Fuzzing the cluster core', link: '/fuzzing' },
        ],
      },
    ],
  },
});
