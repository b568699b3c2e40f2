/** The master's HTTP API, described (`/openapi.json`). */
import { type DescribedCall, type DescribedRead, openApi } from '../http/openapi.ts';

const CALLS: readonly DescribedCall[] = [
  {
    path: '/api/v1/scheduler',
    summary:
      'Scheduler API: a SUBSCRIBE opens a stream of events, other calls belong to it by its Mesos-Stream-Id',
    call: 'mesos.v1.scheduler.Call',
    answer: 'mesos.v1.scheduler.Response',
    event: 'mesos.v1.scheduler.Event',
  },
  {
    path: '/api/v1',
    summary: 'Operator API',
    call: 'mesos.v1.master.Call',
    answer: 'mesos.v1.master.Response',
    event: 'mesos.v1.master.Event',
  },
];

export const MASTER_READS: readonly DescribedRead[] = [
  { path: '/health', summary: 'Whether it is there' },
  { path: '/redirect', summary: 'Where the leader is' },
  { path: '/version', summary: 'Versions' },
  { path: '/flags', summary: 'How it was started' },
  { path: '/metrics/snapshot', summary: 'Figures by name' },
  { path: '/metrics', summary: 'Figures, as Prometheus reads them' },
  { path: '/system/stats.json', summary: 'Figures of the machine' },
  { path: '/state', summary: 'All: agents, frameworks, tasks' },
  { path: '/state-summary', summary: 'Agents and frameworks, with counts of tasks' },
  { path: '/slaves', summary: 'Agents; slave_id: one' },
  { path: '/frameworks', summary: 'Frameworks with their tasks; framework_id: one' },
  { path: '/tasks', summary: 'Tasks; limit, offset, order, framework_id, task_id' },
  { path: '/roles', summary: 'Roles' },
  { path: '/quota', summary: 'Guarantees of roles' },
  { path: '/weights', summary: 'Weights of roles' },
  { path: '/maintenance/schedule', summary: 'When machines are to be away' },
  { path: '/maintenance/status', summary: 'Machines that drain or are down' },
  { path: '/files/browse', summary: 'A folder that is shown; path' },
  { path: '/files/read', summary: 'Part of a file that is shown; path, offset, length' },
  { path: '/files/download', summary: 'A file that is shown; path' },
  { path: '/files/debug', summary: 'Which folders are shown' },
  { path: '/why-not', summary: 'Why a framework is offered no more; framework' },
  { path: '/agent-files/browse', summary: 'A folder of an agent; agent, path' },
  { path: '/agent-files/read', summary: 'Part of a file of an agent; agent, path, offset, length' },
  { path: '/agent-files/download', summary: 'A file of an agent; agent, path' },
  { path: '/openapi.json', summary: 'This description' },
];

export function masterDescription() {
  return openApi('mesolab master', CALLS, MASTER_READS);
}
