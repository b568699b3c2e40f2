/** `mesolab agent`: offers this machine to a cluster, and runs its tasks; flags are named as Mesos names them. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { InputError } from '../../cluster/errors.ts';
import type { AgentSettings, AgentTls } from '../../real/agent/agent-settings.ts';
import type { createContainerRuntime } from '../../real/containers/create-runtime.ts';
import { DEFAULT_RUNTIME, type RuntimeOptions } from '../../real/containers/runtime-options.ts';
import {
  type Authentication,
  createAuthentication,
  OPEN,
  readCredentials,
} from '../../real/http/authentication.ts';
import { nextSignal } from '../signals.ts';
import { addDaemonFlags, DaemonFlags, type FlagDefinition } from './daemon-flags.ts';

const FLAGS = {
  master: {
    help: 'HOST:PORT of the masters, separated by commas, or zk://… or etcd://… as given to them',
    default: null,
  },
  work_dir: { help: 'state and sandboxes', default: null },
  ip: { help: 'address to listen at', default: '127.0.0.1' },
  port: { help: 'port to listen at; 0: any', default: '5051' },
  advertise_ip: { help: 'address told to others, where it is another', default: null },
  hostname: { help: "name told to others; the machine's, if there is none", default: null },
  resources: {
    help: "what is offered, such as 'cpus:4;mem:8192'; what is not named is the machine's",
    default: '',
  },
  attributes: { help: "such as 'rack:r1;zone:west'", default: '' },
  default_role: { help: 'role that resources are reserved for which name none', default: '*' },
  domain: { help: 'fault domain, as JSON', default: null },
  recover: {
    help: 'what becomes of executors of an earlier start: reconnect or cleanup',
    default: 'reconnect',
  },
  reconfiguration_policy: {
    help: 'what may have changed since the last start: equal or additive',
    default: 'equal',
  },
  recovery_timeout: { help: 'how long executors wait for an agent that is away', default: '15mins' },
  registration_backoff_factor: { help: 'longest first wait before registering', default: '1secs' },
  executor_registration_timeout: { help: 'how long an executor may take to subscribe', default: '1mins' },
  executor_reregistration_timeout: {
    help: 'how long an executor may take to come back after a restart of the agent',
    default: '2secs',
  },
  executor_shutdown_grace_period: { help: 'how long an executor may take to end', default: '5secs' },
  executor_environment_variables: { help: 'for all executors, as JSON', default: null },
  gc_delay: { help: 'how long sandboxes are kept', default: '1weeks' },
  gc_disk_headroom: { help: 'part of the disk that is to stay free, 0 to 1', default: '0.1' },
  disk_watch_interval: { help: 'time between looks at the disk', default: '1mins' },
  max_completed_executors_per_framework: { help: 'that are shown', default: '150' },
  containerizers: {
    help: 'mesos runs processes; docker, too, tasks that want an image: docker,mesos',
    default: 'mesos',
  },
  docker_socket: { help: "of the machine's Docker daemon", default: '/var/run/docker.sock' },
  isolation: {
    help: 'cgroups/… limits what runs by control groups, where this agent may write them, posix/… does not; disk/du looks at sandboxes, network/ports at what is listened on',
    default: 'cgroups/all,disk/du',
  },
  enforce_container_disk_quota: {
    help: 'a container whose sandbox is larger than its disk is ended',
    default: 'false',
    isSwitch: true,
  },
  container_disk_watch_interval: { help: 'time between looks at sandboxes', default: '15secs' },
  container_ports_watch_interval: { help: 'time between looks at ports', default: '30secs' },
  container_log_size: { help: 'a larger stdout or stderr of a container is begun anew', default: '10MB' },
  container_log_files: { help: 'earlier ones that are kept of each', default: '9' },
  cgroups_root: { help: "name of this machine's control groups of agents", default: 'mesolab' },
  cgroups_enable_cfs: { help: 'no more cpus than asked for', default: 'false', isSwitch: true },
  max_processes: { help: 'in one container; without it, any number', default: null },
  fetcher_cache_size: { help: 'of fetched files that may be wanted again', default: '2GB' },
  fetcher_stall_timeout: { help: 'a download is given up without a byte for so long', default: '1mins' },
  switch_user: { help: 'run tasks as the user that they name', default: 'true', isSwitch: true },
  sandbox_directory: {
    help: "the sandbox's path in containers with an image",
    default: '/mnt/mesos/sandbox',
  },
  jwt_secret_key: { help: 'file with the key of tokens that executors have to show', default: null },
  http_credentials: { help: 'file with principals and secrets of operators, as JSON', default: null },
  authenticate_http_readonly: { help: 'who reads shows credentials', default: 'false', isSwitch: true },
  authenticate_http_readwrite: {
    help: 'who calls /api/v1 shows credentials',
    default: 'false',
    isSwitch: true,
  },
  credential: { help: 'file with principal and secret of this agent, as JSON', default: null },
  tls_certificate: { help: 'file (PEM); with it, connections are encrypted', default: null },
  tls_key: { help: 'file (PEM) with the key of the certificate', default: null },
  tls_ca: { help: "file (PEM) with the certificate that vouches for the master's", default: null },
} satisfies Record<string, FlagDefinition>;

/** Its master did not want it: whoever looks after the process should know. */
const EXIT_SENT_AWAY = 1;

type Flags = DaemonFlags<keyof typeof FLAGS>;

export function addAgentCommand(program: Command): void {
  const command = program.command('agent').description('offer this machine to a cluster, and run its tasks');
  addDaemonFlags(command, FLAGS);
  command.action(agent);
}

async function agent(options: Readonly<Record<string, unknown>>): Promise<void> {
  // The servers' libraries are loaded by those who need them.
  const { cleanUpAgent, startAgent } = await import('../../real/agent/start-agent.ts');
  const containers = await import('../../real/containers/create-runtime.ts');
  const flags: Flags = new DaemonFlags(FLAGS, options, process.env);
  const settings = readSettings(flags, containers.createContainerRuntime);
  const log = (line: string) => process.stdout.write(`${new Date().toISOString()} ${line}\n`);
  if (settings.recover === 'cleanup') {
    await cleanUpAgent(settings, log);
    return;
  }
  const told = nextSignal(['SIGTERM', 'SIGINT', 'SIGUSR1']);
  const running = await startAgent(settings, log);
  log(`agent listens at ${running.address}`);
  try {
    const signal = await Promise.race([told, running.ended.then(() => null)]);
    if (signal === null) process.exitCode = EXIT_SENT_AWAY;
    else if (signal === 'SIGUSR1') running.unregister();
    else await running.stop();
    log(await running.ended);
  } finally {
    await running.stop();
  }
}

function readSettings(flags: Flags, createRuntime: typeof createContainerRuntime): AgentSettings {
  const key = flags.text('jwt_secret_key');
  const credential = flags.text('credential');
  const runtime = runtimeOf(flags);
  return {
    master: flags.required('master'),
    workDir: flags.required('work_dir'),
    ip: flags.required('ip'),
    port: flags.number('port', 0, 65_535),
    advertiseIp: flags.text('advertise_ip'),
    hostname: flags.text('hostname'),
    resources: flags.text('resources') ?? '',
    attributes: flags.text('attributes') ?? '',
    defaultRole: flags.required('default_role'),
    domain: flags.json('domain') as AgentSettings['domain'],
    recover: flags.choice('recover', ['reconnect', 'cleanup']),
    reconfigurationPolicy: flags.choice('reconfiguration_policy', ['equal', 'additive']),
    flags: {
      registrationBackoffFactorUs: flags.durationUs('registration_backoff_factor'),
      executorRegistrationTimeoutUs: flags.durationUs('executor_registration_timeout'),
      executorReregistrationTimeoutUs: flags.durationUs('executor_reregistration_timeout'),
      executorShutdownGracePeriodUs: flags.durationUs('executor_shutdown_grace_period'),
      gcDelayUs: flags.durationUs('gc_delay'),
      gcDiskHeadroom: flags.number('gc_disk_headroom', 0, 1),
      maxCompletedExecutorsPerFramework: flags.number('max_completed_executors_per_framework'),
    },
    recoveryTimeoutUs: flags.durationUs('recovery_timeout'),
    diskWatchIntervalUs: flags.durationUs('disk_watch_interval'),
    executorEnvironmentVariables: (flags.json('executor_environment_variables') ?? {}) as Record<
      string,
      string
    >,
    sandboxDirectory: flags.required('sandbox_directory'),
    jwtSecretKey: key === null ? null : readBytes(key),
    credential: credential === null ? null : readCredential(credential),
    tls: readTls(flags),
    authentication: {
      readonly: authenticationOf(flags, 'authenticate_http_readonly'),
      readwrite: authenticationOf(flags, 'authenticate_http_readwrite'),
    },
    shownFlags: flags.shown(),
    docker: dockerOf(flags),
    createContainers: (workDir, events) => createRuntime({ ...runtime, workDir }, events),
  };
}

function authenticationOf(
  flags: Flags,
  isRequired: 'authenticate_http_readonly' | 'authenticate_http_readwrite',
): Authentication {
  if (!flags.isOn(isRequired)) return OPEN;
  return createAuthentication(readCredentials(flags.required('http_credentials')), null, true);
}

function dockerOf(flags: Flags): AgentSettings['docker'] {
  if (!flags.required('containerizers').split(',').includes('docker')) return null;
  return { socket: flags.required('docker_socket'), isCpuBounded: flags.isOn('cgroups_enable_cfs') };
}

function runtimeOf(flags: Flags): Omit<RuntimeOptions, 'workDir'> {
  const isolators = flags.required('isolation').split(',');
  return {
    ...DEFAULT_RUNTIME,
    fetcherCacheBytes: flags.bytes('fetcher_cache_size'),
    fetcherStallTimeoutMs: flags.durationUs('fetcher_stall_timeout') / 1000,
    cgroupsRoot: flags.required('cgroups_root'),
    usesCgroups: isolators.some((name) => name.startsWith('cgroups/')),
    enforceContainerDiskQuota: isolators.includes('disk/du') && flags.isOn('enforce_container_disk_quota'),
    containerDiskWatchIntervalMs: flags.durationUs('container_disk_watch_interval') / 1000,
    isolatesPorts: isolators.includes('network/ports'),
    containerPortsWatchIntervalMs: flags.durationUs('container_ports_watch_interval') / 1000,
    logRotation: {
      maxBytes: flags.bytes('container_log_size'),
      keptFiles: flags.number('container_log_files', 0),
    },
    cgroupsEnableCfs: flags.isOn('cgroups_enable_cfs'),
    maxProcesses: flags.text('max_processes') === null ? null : flags.number('max_processes', 1),
    switchUser: flags.isOn('switch_user'),
  };
}

function readTls(flags: Flags): AgentTls | null {
  const [certificate, key, ca] = [flags.text('tls_certificate'), flags.text('tls_key'), flags.text('tls_ca')];
  if (certificate === null && key === null && ca === null) return null;
  if (certificate === null || key === null)
    throw new InputError('OPTION_CONFLICT', '--tls_certificate and --tls_key go together; give both');
  const text = (file: string) => readBytes(file).toString();
  return { certificate: text(certificate), key: text(key), ca: ca === null ? undefined : text(ca) };
}

/** As JSON, or two words. */
function readCredential(file: string): NonNullable<AgentSettings['credential']> {
  const text = readBytes(file).toString().trim();
  const words = /^(\S+)\s+(\S+)$/.exec(text);
  try {
    const { principal, secret } =
      words === null
        ? (JSON.parse(text) as { readonly principal?: unknown; readonly secret?: unknown })
        : { principal: words[1], secret: words[2] };
    if (typeof principal === 'string' && typeof secret === 'string') return { principal, secret };
  } catch {
    // Neither form; what the file holds is a secret, and is not shown.
  }
  throw new InputError('CONFIG_INVALID', 'expected {"principal": "…", "secret": "…"}', { file });
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new InputError('FILE_MISSING', `cannot be read (${(error as NodeJS.ErrnoException).code})`, {
      file,
    });
  }
}
