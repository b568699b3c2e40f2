/** `mesolab service`: instances that are kept alive on a cluster. */
import type { Command } from 'commander';
import { request } from 'undici';
import { InputError } from '../../cluster/errors.ts';
import { SERVICE_SCHEMA, type ServiceEntry } from '../../frameworks/service-definition.ts';
import { openStateFile } from '../../real/scheduler-client/state-file.ts';
import type { ServiceReport } from '../../real/services/service-server.ts';
import { startServices } from '../../real/services/start-services.ts';
import { readConfigFile } from '../config-file.ts';
import { parseCount } from '../option-values.ts';
import { withGentleInterrupt } from '../signals.ts';
import { textTable } from '../text-table.ts';
import { addMasterOptions, type MasterFlags, masterAddresses } from './master-options.ts';
import { frameworkInfo, tellOnce } from './run-batch.ts';

interface DaemonFlags extends MasterFlags {
  readonly host: string;
  readonly port: number;
  readonly state: string;
  readonly role: string;
  readonly user?: string;
}

interface AtFlag {
  readonly at: string;
}

/** Beside the ports of a lab, which go up from 5050. */
const DEFAULT_PORT = 5040;
/** So long the master keeps instances whose framework is away. */
const FAILOVER_SECONDS = 7 * 24 * 3600;

export function addServiceCommand(program: Command): void {
  const service = program.command('service').description('keep instances of tasks alive on a cluster');
  const daemon = service
    .command('daemon')
    .description('the framework that keeps services alive; the other commands talk to it')
    .option('--host <address>', 'address to listen at', '127.0.0.1')
    .option('--port <port>', 'port to listen at', (text) => parseCount('--port', text), DEFAULT_PORT)
    .option('--state <file>', 'keeps what it knows, so that it can be restarted', 'mesolab-services.db')
    .option('--role <role>', 'role whose share pays for the services', 'services')
    .option('--user <user>', 'user that runs instances');
  addMasterOptions(daemon).action(runDaemon);
  const addAction = (name: string, description: string) =>
    service
      .command(name)
      .description(description)
      .option('--at <address>', 'HOST:PORT of `mesolab service daemon`', `127.0.0.1:${DEFAULT_PORT}`);
  addAction('apply', 'start a service, or change it: one instance at a time')
    .argument('<file>', 'YAML or JSON, see docs/services.md')
    .action(apply);
  addAction('list', 'services and their instances').option('--json', 'as JSON').action(list);
  addAction('scale', 'change how many instances a service has')
    .argument('<name>', 'of the service')
    .argument('<instances>', 'how many')
    .action(scale);
  addAction('stop', 'end a service and its instances').argument('<name>', 'of the service').action(stop);
}

async function runDaemon(flags: DaemonFlags): Promise<void> {
  const { host, port, state, role, ...who } = flags;
  const file = openStateFile(state);
  const info = frameworkInfo({ name: 'mesolab services', role, failoverSeconds: FAILOVER_SECONDS, ...who });
  const services = await startServices(
    info,
    masterAddresses(flags),
    file,
    { host, port },
    {
      disconnected: tellOnce(),
    },
  );
  process.stderr.write(
    `services are ordered at ${services.origin}; Ctrl-C ends this, and leaves them running\n`,
  );
  const interrupted = Promise.withResolvers<null>();
  const problem = await withGentleInterrupt(
    () => interrupted.resolve(null),
    () => Promise.race([services.refused, interrupted.promise]),
  );
  await services.stop();
  file.close();
  if (problem !== null) {
    process.stderr.write(`error: the master refused: ${problem}\n`);
    process.exitCode = 1;
  }
}

async function apply(path: string, { at }: AtFlag): Promise<void> {
  const { value } = readConfigFile<ServiceEntry>(path, SERVICE_SCHEMA);
  const { name, wanted } = (await order(at, 'PUT', `/${value.name}`, value)) as ServiceReport;
  process.stdout.write(`${name}: ${wanted} instances wanted\n`);
}

async function scale(name: string, count: string, { at }: AtFlag): Promise<void> {
  const instances = Number(count);
  const { wanted } = (await order(at, 'POST', `/${name}/scale`, { instances })) as ServiceReport;
  process.stdout.write(`${name}: ${wanted} instances wanted\n`);
}

async function stop(name: string, { at }: AtFlag): Promise<void> {
  await order(at, 'DELETE', `/${name}`);
  process.stdout.write(`${name}: its instances are being killed\n`);
}

async function list({ at, json }: AtFlag & { readonly json?: boolean }): Promise<void> {
  const services = (await order(at, 'GET', '')) as readonly ServiceReport[];
  if (json) {
    process.stdout.write(`${JSON.stringify(services, null, 2)}\n`);
    return;
  }
  const rows = services.flatMap(({ name, wanted, running, instances }) => [
    [name, `${running} of ${wanted} run`, '', ''],
    ...instances.map(({ taskId, agentId, state, isHealthy, isPresentVersion }) => [
      `  ${taskId}`,
      state.slice('TASK_'.length).toLowerCase() + (isPresentVersion ? '' : ', old version'),
      isHealthy === null ? '' : isHealthy ? 'healthy' : 'unhealthy',
      agentId ?? '',
    ]),
  ]);
  process.stdout.write(`${textTable(['service', 'state', 'health', 'agent'], rows, 'left')}\n`);
}

async function order(at: string, method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, content?: unknown) {
  const url = `http://${at}/v1/services${path}`;
  const answer = await request(url, {
    method,
    ...(content !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(content),
    }),
  }).catch((error: Error) => {
    throw new InputError(
      'OPTION_VALUE',
      `nobody answers at ${at} (${error.message}); start "mesolab service daemon", or say --at HOST:PORT`,
    );
  });
  const text = await answer.body.text();
  const body: unknown = text === '' ? null : JSON.parse(text);
  if (answer.statusCode < 300) return body;
  throw new InputError('CONFIG_INVALID', (body as { readonly message: string }).message);
}
