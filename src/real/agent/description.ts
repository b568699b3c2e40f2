/** The agent's HTTP API, described (`/openapi.json`). */
import { type DescribedCall, type DescribedRead, openApi } from '../http/openapi.ts';

const CALLS: readonly DescribedCall[] = [
  {
    path: '/api/v1/executor',
    summary: 'Executor API: a SUBSCRIBE opens a stream of events',
    call: 'mesos.v1.executor.Call',
    answer: null,
    event: 'mesos.v1.executor.Event',
  },
  {
    path: '/api/v1',
    summary:
      'Operator API, with containers in containers; some calls are answered with a stream of their output',
    call: 'mesos.v1.agent.Call',
    answer: 'mesos.v1.agent.Response',
    event: 'mesos.v1.agent.ProcessIO',
  },
];

const READS: readonly DescribedRead[] = [
  { path: '/health', summary: 'Whether it is there' },
  { path: '/version', summary: 'Versions' },
  { path: '/flags', summary: 'How it was started' },
  { path: '/metrics/snapshot', summary: 'Figures by name' },
  { path: '/metrics', summary: 'Figures, as Prometheus reads them' },
  { path: '/system/stats.json', summary: 'Figures of the machine' },
  { path: '/state', summary: 'All: resources, frameworks, executors, tasks' },
  { path: '/monitor/statistics', summary: 'What executors use' },
  { path: '/containers', summary: 'Containers; container_id: one' },
  { path: '/files/browse', summary: 'A folder that is shown; path' },
  { path: '/files/read', summary: 'Part of a file that is shown; path, offset, length' },
  { path: '/files/download', summary: 'A file that is shown; path' },
  { path: '/files/debug', summary: 'Which folders are shown' },
  { path: '/openapi.json', summary: 'This description' },
];

export function agentDescription() {
  return openApi('mesolab agent', CALLS, READS);
}
