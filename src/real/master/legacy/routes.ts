/** A master's endpoints from before v1 (reference §9) that are read with GET. */
import type { Master } from '../../../master/master.ts';
import type { OperatorCallType, OperatorResponse } from '../../../protocol/v1/master.ts';
import type { MasterInfo } from '../../../protocol/v1/mesos.ts';
import { Resources } from '../../../resources/resources.ts';
import { readFiles } from '../../http/file-endpoints.ts';
import { jsonInSlices } from '../../http/json-slices.ts';
import { prometheusReading } from '../../http/prometheus.ts';
import { jsonReading, jsonTextReading, type Reading, textReading } from '../../http/reading.ts';
import type { ShownFiles } from '../../http/shown-files.ts';
import { flatResources } from '../../legacy/flat-resources.ts';
import { masterDescription } from '../description.ts';
import type { MasterFacts } from '../master-facts.ts';
import { legacyFrameworks, legacySlaves, legacyState, legacySummary, legacyTasks } from './state.ts';

export interface LegacySurroundings {
  readonly master: Master;
  readonly info: MasterInfo;
  readonly facts: MasterFacts;
  readonly files: ShownFiles;
}

/** Also of masters that do not lead. */
const OF_THE_PROCESS = new Set([
  '/health',
  '/metrics/snapshot',
  '/metrics',
  '/version',
  '/flags',
  '/system/stats.json',
  '/openapi.json',
]);

export function isOfTheProcess(path: string): boolean {
  return OF_THE_PROCESS.has(path) || path.startsWith('/files/');
}

/** `null`: there is no such endpoint. */
export async function readLegacy(
  { master, info, facts, files }: LegacySurroundings,
  path: string,
  query: URLSearchParams,
): Promise<Reading | null> {
  const json = (value: unknown): Reading => jsonReading(value, query.get('jsonp'));
  const large = async (document: Readonly<Record<string, unknown>>): Promise<Reading> =>
    jsonTextReading(await jsonInSlices(document), query.get('jsonp'));
  const read = (type: OperatorCallType): OperatorResponse => master.read(type)!;
  const whole = () => read('GET_STATE').get_state!;
  switch (path) {
    case '/health':
      return textReading(200, '');
    case '/version':
      return json(facts.version);
    case '/openapi.json':
      return json(masterDescription());
    case '/flags':
      return json({ flags: facts.flags });
    case '/metrics/snapshot':
      return json({ ...metricsOf(read('GET_METRICS')), ...Object.fromEntries(facts.measures()) });
    case '/metrics':
      return prometheusReading([...Object.entries(metricsOf(read('GET_METRICS'))), ...facts.measures()]);
    case '/system/stats.json': {
      const measures = [...facts.measures()].filter(([name]) => name.startsWith('system/'));
      return json(Object.fromEntries(measures.map(([name, value]) => [name.slice('system/'.length), value])));
    }
    case '/state':
      return large(
        legacyState(whole(), info, master.state.electedUs / 1e6, master.state.unreachableAgents.size, facts),
      );
    case '/state-summary':
      return large(legacySummary(whole(), info, facts.flags.cluster));
    case '/slaves':
      return large(legacySlaves(whole(), query.get('slave_id')));
    case '/frameworks':
      return large(legacyFrameworks(whole(), query.get('framework_id')));
    case '/tasks':
      return json(legacyTasks(whole(), query));
    case '/roles':
      return json({ roles: rolesOf(read) });
    case '/quota':
      return json({ infos: quotaInfos(read) });
    case '/weights':
      return json(read('GET_WEIGHTS').get_weights?.weight_infos ?? []);
    case '/maintenance/schedule':
      return json(read('GET_MAINTENANCE_SCHEDULE').get_maintenance_schedule?.schedule ?? {});
    case '/maintenance/status':
      return json(read('GET_MAINTENANCE_STATUS').get_maintenance_status?.status ?? {});
    default:
      return readFiles(files, path, query);
  }
}

function metricsOf({ get_metrics }: OperatorResponse): Readonly<Record<string, number | undefined>> {
  return Object.fromEntries((get_metrics?.metrics ?? []).map(({ name, value }) => [name, value]));
}

function rolesOf(read: (type: OperatorCallType) => OperatorResponse) {
  const configs = new Map(
    (read('GET_QUOTA').get_quota?.status.configs ?? []).map((config) => [config.role, config] as const),
  );
  return (read('GET_ROLES').get_roles?.roles ?? []).map(({ name, weight, frameworks = [], resources }) => {
    const config = configs.get(name);
    const amounts = (scalars: Readonly<Record<string, { readonly value: number }>> = {}) =>
      Object.fromEntries(Object.entries(scalars).map(([resource, { value }]) => [resource, value]));
    return {
      name,
      weight,
      frameworks: frameworks.map(({ value }) => value),
      resources: flatResources(Resources.of(resources)),
      ...(config && {
        quota: { role: name, guarantee: amounts(config.guarantees), limit: amounts(config.limits) },
      }),
    };
  });
}

/** Before limits there were guarantees only. */
function quotaInfos(read: (type: OperatorCallType) => OperatorResponse) {
  return (read('GET_QUOTA').get_quota?.status.configs ?? []).map(({ role, guarantees = {} }) => ({
    role,
    guarantee: Object.entries(guarantees).map(([name, scalar]) => ({
      name,
      type: 'SCALAR',
      scalar,
      role: '*',
    })),
  }));
}
