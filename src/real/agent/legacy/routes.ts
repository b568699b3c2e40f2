/** The agent's endpoints from before v1 (reference §9): everything that is read with GET. */
import type { ContainerRuntime } from '../../containers/container-runtime.ts';
import { readFiles } from '../../http/file-endpoints.ts';
import { prometheusReading } from '../../http/prometheus.ts';
import { jsonReading, type Reading, textReading } from '../../http/reading.ts';
import type { ShownFiles } from '../../http/shown-files.ts';
import { legacyContainers, legacyStatistics } from '../container-views.ts';
import { agentDescription } from '../description.ts';
import { agentMetrics } from '../metrics.ts';
import type { AgentView } from '../views.ts';
import { type AgentFacts, legacyState } from './state.ts';

/** `null`: there is no such endpoint. */
export async function readLegacy(
  agent: AgentView,
  facts: AgentFacts,
  containers: ContainerRuntime,
  files: ShownFiles,
  path: string,
  query: URLSearchParams,
): Promise<Reading | null> {
  const json = (value: unknown): Reading => jsonReading(value, query.get('jsonp'));
  switch (path) {
    case '/health':
      return textReading(200, '');
    case '/version':
      return json(facts.version);
    case '/openapi.json':
      return json(agentDescription());
    case '/flags':
      return json({ flags: facts.flags });
    case '/state':
      return json(legacyState(agent, facts));
    case '/metrics/snapshot':
      return json(Object.fromEntries(agentMetrics(agent, facts.startedUs, Date.now() * 1000)));
    case '/metrics':
      return prometheusReading(agentMetrics(agent, facts.startedUs, Date.now() * 1000));
    case '/system/stats.json':
      return json(systemStatistics(agent, facts));
    case '/monitor/statistics':
      return json(await legacyStatistics(agent, containers));
    case '/containers':
      return json(await legacyContainers(agent, containers, query.get('container_id')));
    default:
      return readFiles(files, path, query);
  }
}

function systemStatistics(agent: AgentView, { startedUs }: AgentFacts): Readonly<Record<string, number>> {
  const measures = agentMetrics(agent, startedUs, Date.now() * 1000);
  const names = [
    ['avg_load_1min', 'load_1min'],
    ['avg_load_5min', 'load_5min'],
    ['avg_load_15min', 'load_15min'],
    ['cpus_total', 'cpus_total'],
    ['mem_total_bytes', 'mem_total_bytes'],
    ['mem_free_bytes', 'mem_free_bytes'],
  ];
  return Object.fromEntries(names.map(([name, measure]) => [name, measures.get(`system/${measure}`)!]));
}
