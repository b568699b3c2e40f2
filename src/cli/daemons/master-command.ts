/** `mesolab master`: a Mesos-style master; flags and defaults are named as Mesos names them. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { MESOS_FAIRNESS } from '../../allocator/hierarchical/terms.ts';
import { InputError } from '../../cluster/errors.ts';
import { type Acls, aclsProblem } from '../../protocol/acls.ts';
import { parseServiceAddress, withoutSecret } from '../../real/coordination/service-address.ts';
import { createAuthentication, OPEN, readCredentials } from '../../real/http/authentication.ts';
import type { MasterOptions } from '../../real/master/start-master.ts';
import { choosePolicies } from '../policies/choose-policies.ts';
import { FAIRNESS_HELP, parseFairness } from '../policies/parse-fairness.ts';
import { nextSignal } from '../signals.ts';
import { gitCommit, VERSION } from '../version.ts';
import { addDaemonFlags, DaemonFlags, type FlagDefinition } from './daemon-flags.ts';
import { readBytes } from './read-bytes.ts';

const FLAGS = {
  ip: { help: 'address to listen at', default: '127.0.0.1' },
  port: { help: 'port to listen at', default: '5050' },
  hostname: { help: 'name that others are told', default: null },
  advertise_ip: { help: 'address that others are told', default: null },
  work_dir: { help: 'folder of the registry, where --registry is sqlite', default: null },
  registry: {
    help: 'sqlite for a single master, or etcd://HOST:PORT,…/PATH for several, of which one leads',
    default: 'sqlite',
  },
  registry_lease: {
    help: 'a leader that etcd hears nothing of for so long is followed by another',
    default: '5secs',
  },
  zk: { help: 'zk://HOST:PORT,…/PATH: election and registry in ZooKeeper', default: null },
  zk_session_timeout: {
    help: 'a leader that ZooKeeper hears nothing of for so long is followed by another',
    default: '10secs',
  },
  policy: { help: 'allocation policy, as for simulate: a name or a file', default: 'drf' },
  cluster: { help: 'name of the cluster, for people', default: null },
  journal: { help: 'folder for the journal of all inputs, which `mesolab replay` reads', default: null },
  allocation_interval: { help: 'between allocation runs', default: '1secs' },
  offer_timeout: { help: 'after which offers are rescinded', default: null },
  min_allocatable_resources: { help: 'an offer has one of these', default: 'cpus:0.01|mem:32' },
  fair_sharing_excluded_resource_names: { help: 'resources that no share counts', default: null },
  filter_gpu_resources: {
    help: 'GPU agents are for frameworks that ask for GPUs',
    default: 'true',
    isSwitch: true,
  },
  fairness: { help: FAIRNESS_HELP, default: null },
  weights: { help: 'of roles, such as a=2,b=1', default: null },
  roles: { help: 'those that frameworks may have; all, where it is not given', default: null },
  root_submissions: { help: 'frameworks and tasks may run as root', default: 'true', isSwitch: true },
  agent_ping_timeout: { help: 'for the answer to a ping', default: '15secs' },
  max_agent_ping_timeouts: { help: 'so many in a row make an agent unreachable', default: '5' },
  agent_reregister_timeout: { help: 'for agents to come back after an election', default: '10mins' },
  agent_removal_rate_limit: {
    help: 'most agents that are made unreachable in a time, such as 1/10mins',
    default: null,
  },
  allocator_agent_recovery_factor: {
    help: 'with quota, part of the agents to be back after an election before offers are made',
    default: '0.8',
  },
  allocator_recovery_timeout: { help: 'with quota, longest wait for these agents', default: '10mins' },
  recovery_agent_removal_limit: {
    help: 'beyond it the master gives up rather than remove agents',
    default: '100%',
  },
  registry_gc_interval: { help: 'between collections of old agents in the registry', default: '15mins' },
  registry_max_agent_age: { help: 'of gone and unreachable agents in the registry', default: '2weeks' },
  registry_max_agent_count: { help: 'of gone and unreachable agents in the registry', default: '102400' },
  max_completed_frameworks: { help: 'that are remembered', default: '50' },
  max_completed_tasks_per_framework: { help: 'that are remembered', default: '1000' },
  max_unreachable_tasks_per_framework: { help: 'that are remembered', default: '1000' },
  max_operator_event_stream_subscribers: { help: 'at once', default: '1000' },
  credentials: { help: 'file with principals and secrets, as JSON', default: null },
  jwt_secret_key: { help: 'file with the key of bearer tokens (HS256)', default: null },
  authenticate_http_frameworks: {
    help: 'frameworks must show credentials',
    default: 'false',
    isSwitch: true,
  },
  authenticate_http_readwrite: { help: 'operators must show credentials', default: 'false', isSwitch: true },
  acls: { help: 'access control lists, as JSON or the path of a file', default: null },
  authenticate_agents: { help: 'agents must show credentials', default: 'false', isSwitch: true },
  tls_certificate: { help: 'file (PEM); with it, connections are encrypted', default: null },
  tls_key: { help: 'file (PEM) with the key of the certificate', default: null },
  console: { help: 'the web console: on, read-only (it changes nothing) or off', default: 'on' },
} satisfies Record<string, FlagDefinition>;

/** etcd counts leases in whole seconds. */
const MIN_LEASE_US = 1e6;

type Flags = DaemonFlags<keyof typeof FLAGS>;

export function addMasterCommand(program: Command): void {
  const command = program
    .command('master')
    .description('lead a cluster: agents offer resources, frameworks run tasks');
  addDaemonFlags(command, FLAGS);
  command.action(master);
}

async function master(options: Readonly<Record<string, unknown>>): Promise<void> {
  // The servers' libraries are loaded by those who need them.
  const { startMaster } = await import('../../real/master/start-master.ts');
  const flags: Flags = new DaemonFlags(FLAGS, options, process.env);
  const settings = await readOptions(flags);
  const log = (line: string) => process.stdout.write(`${new Date().toISOString()} ${line}\n`);
  const told = nextSignal(['SIGTERM', 'SIGINT']);
  const running = await startMaster(settings, log);
  log(`master listens at ${running.address}, policy ${settings.policy.name}`);
  if (!settings.ip.startsWith('127.') && settings.authentications.schedulers === OPEN)
    log('warning: whoever reaches this address can run programs on the agents; see --credentials');
  const reason = await Promise.race([told, running.aborted]);
  await running.stop();
  if (reason === 'SIGTERM' || reason === 'SIGINT') return;
  log(`the master cannot go on: ${reason}`);
  process.exitCode = 1;
}

async function readOptions(flags: Flags): Promise<MasterOptions> {
  const [{ policy, file }] = await choosePolicies({ policy: [flags.required('policy')] });
  const fairness = flags.text('fairness');
  const removals = flags.rate('agent_removal_rate_limit');
  const offerTimeout = flags.text('offer_timeout');
  return {
    workDir: flags.required('work_dir'),
    ip: flags.required('ip'),
    port: flags.number('port', 0, 65_535),
    hostname: flags.text('hostname'),
    advertiseIp: flags.text('advertise_ip'),
    policy,
    policyFile: file === undefined ? null : { ...file, path: resolve(file.path) },
    flags: {
      allocationIntervalUs: flags.durationUs('allocation_interval'),
      offerTimeoutUs: offerTimeout === null ? null : flags.durationUs('offer_timeout'),
      agentPingTimeoutUs: flags.durationUs('agent_ping_timeout'),
      maxAgentPingTimeouts: flags.number('max_agent_ping_timeouts', 1),
      agentReregisterTimeoutUs: flags.durationUs('agent_reregister_timeout'),
      agentRemovalRateLimit: removals && { agents: removals.count, perUs: removals.perUs },
      allocatorAgentRecoveryFactor: flags.number('allocator_agent_recovery_factor', 0, 1),
      allocatorRecoveryTimeoutUs: flags.durationUs('allocator_recovery_timeout'),
      recoveryAgentRemovalLimit: percentage(flags.required('recovery_agent_removal_limit')),
      registryGcIntervalUs: flags.durationUs('registry_gc_interval'),
      registryMaxAgentAgeUs: flags.durationUs('registry_max_agent_age'),
      registryMaxAgentCount: flags.number('registry_max_agent_count'),
      roles: flags.text('roles')?.split(',') ?? null,
      weights: weightsOf(flags.text('weights')),
      rootSubmissions: flags.isOn('root_submissions'),
      acls: aclsOf(flags.json('acls')),
      maxCompletedFrameworks: flags.number('max_completed_frameworks'),
      maxCompletedTasksPerFramework: flags.number('max_completed_tasks_per_framework'),
      maxUnreachableTasksPerFramework: flags.number('max_unreachable_tasks_per_framework'),
      maxOperatorEventStreamSubscribers: flags.number('max_operator_event_stream_subscribers', 1),
    },
    allocation: {
      minAllocatable: minAllocatable(flags.required('min_allocatable_resources')),
      excludedResources: flags.text('fair_sharing_excluded_resource_names')?.split(',') ?? [],
      filterGpuResources: flags.isOn('filter_gpu_resources'),
      fairness: fairness === null ? MESOS_FAIRNESS : parseFairness(fairness),
    },
    region: null,
    authentications: authenticationsOf(flags),
    tls: tlsOf(flags),
    console: consoleOf(flags.required('console')),
    registry: registryOf(flags),
    journal: flags.text('journal'),
    shownFlags: flags.shown(),
    version: { version: '1.11.0', git_sha: gitCommit() ?? '', build_user: `mesolab ${VERSION}` },
  };
}

/** @throws InputError that says where */
function aclsOf(value: unknown): Acls | null {
  if (value === null) return null;
  const problem = aclsProblem(value);
  if (problem !== null) throw new InputError('OPTION_VALUE', `--acls${problem}`);
  return value as Acls;
}

function registryOf(flags: Flags): MasterOptions['registry'] {
  const [zk, registry] = [flags.text('zk'), flags.required('registry')];
  if (zk !== null && registry !== 'sqlite')
    throw new InputError('OPTION_CONFLICT', '--zk and --registry exclude each other; give one of them');
  if (zk === null && registry === 'sqlite') return null;
  const service = parseServiceAddress(zk ?? registry);
  if (service?.kind !== (zk === null ? 'etcd' : 'zookeeper'))
    throw new InputError(
      'OPTION_VALUE',
      zk === null
        ? `--registry ${withoutSecret(registry)}: expected sqlite or etcd://HOST:PORT,…/PATH`
        : `--zk ${withoutSecret(zk)}: expected zk://HOST:PORT,…/PATH`,
    );
  const leaseUs = flags.durationUs(zk === null ? 'registry_lease' : 'zk_session_timeout');
  if (leaseUs < MIN_LEASE_US)
    throw new InputError('OPTION_VALUE', 'a lease of leadership lasts 1secs at least');
  return { service, leaseUs };
}

function authenticationsOf(flags: Flags): MasterOptions['authentications'] {
  const file = flags.text('credentials');
  const key = flags.text('jwt_secret_key');
  const needs = [
    'authenticate_http_frameworks',
    'authenticate_http_readwrite',
    'authenticate_agents',
  ] as const;
  const wanted = needs.find((name) => flags.isOn(name));
  if (file === null && key === null) {
    if (wanted !== undefined)
      throw new InputError('OPTION_CONFLICT', `--${wanted} needs --credentials or --jwt_secret_key`);
    return { schedulers: OPEN, operators: OPEN, agents: OPEN };
  }
  const credentials = file === null ? [] : readCredentials(file);
  const bytes = key === null ? null : readBytes(key);
  const [schedulers, operators, agents] = needs.map((name) =>
    createAuthentication(credentials, bytes, flags.isOn(name)),
  );
  return { schedulers, operators, agents };
}

function consoleOf(text: string): MasterOptions['console'] {
  if (text === 'on' || text === 'read-only' || text === 'off') return text;
  throw new InputError('OPTION_VALUE', `--console ${text}: expected on, read-only or off`);
}

function tlsOf(flags: Flags): MasterOptions['tls'] {
  const [certificate, key] = [flags.text('tls_certificate'), flags.text('tls_key')];
  if (certificate === null && key === null) return null;
  if (certificate === null || key === null)
    throw new InputError('OPTION_CONFLICT', '--tls_certificate and --tls_key go together; give both');
  return { certificate: readBytes(certificate).toString(), key: readBytes(key).toString() };
}

/** `cpus:0.01|mem:32`: an offer has one of these, each of which may be several after semicolons. */
function minAllocatable(text: string): readonly Readonly<Record<string, number>>[] {
  return text.split('|').map((alternative) =>
    Object.fromEntries(
      alternative.split(';').map((part) => {
        const match = /^(\w+):(\d+(?:\.\d+)?)$/.exec(part.trim());
        if (match === null)
          throw new InputError(
            'OPTION_VALUE',
            `--min_allocatable_resources ${text}: "${part}" is not an amount; expected such as cpus:0.01|mem:32`,
          );
        return [match[1], Math.round(Number(match[2]) * 1000)];
      }),
    ),
  );
}

function weightsOf(text: string | null): Readonly<Record<string, number>> {
  if (text === null) return {};
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const match = /^(.+)=(\d+(?:\.\d+)?)$/.exec(pair.trim());
      if (match === null || Number(match[2]) === 0)
        throw new InputError(
          'OPTION_VALUE',
          `--weights ${text}: "${pair}" is not ROLE=WEIGHT, such as web=2`,
        );
      return [match[1], Number(match[2])];
    }),
  );
}

function percentage(text: string): number {
  const match = /^(\d+(?:\.\d+)?)%$/.exec(text);
  if (match === null || Number(match[1]) > 100)
    throw new InputError('OPTION_VALUE', `--recovery_agent_removal_limit ${text}: expected 0% to 100%`);
  return Number(match[1]) / 100;
}
