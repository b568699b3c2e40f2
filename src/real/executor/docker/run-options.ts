/** What Docker is told of a task's container (reference §6.3): pure, from the task and where it is to run. */
import { join } from 'node:path';
import type Docker from 'dockerode';
import type { CommandInfo, ContainerInfo, TaskInfo, Volume } from '../../../protocol/v1/mesos.ts';
import { environmentOf } from '../../containers/environment.ts';
import { limitsOf } from '../../containers/limits.ts';
import { applyParameters } from './parameters.ts';

export interface DockerHost {
  /** Of the container, by which the agent finds it again. */
  readonly name: string;
  /** Of the agent, put on all its containers. */
  readonly agentLabel: string;
  /** On this machine. */
  readonly sandbox: string;
  /** In the container. */
  readonly sandboxDirectory: string;
  readonly isCpuBounded: boolean;
}

export const AGENT_LABEL = 'mesolab.agent';
const PERIOD_US = 100_000;
const MIN_SHARES = 2;

/** By which the agent knows the container of an executor. */
export function dockerName(container: string): string {
  return `mesos-${container}`;
}

export function imageOf({ docker, mesos }: ContainerInfo): string {
  return docker?.image ?? mesos?.image?.docker?.name ?? '';
}

/** @throws Error where Docker cannot be told what the task wants */
export function runOptions(task: TaskInfo, host: DockerHost): Docker.ContainerCreateOptions {
  const container = task.container!;
  const { docker, hostname } = container;
  const { cpus, cpusMax, memBytes, memMaxBytes } = limitsOf(
    task.resources ?? [],
    task.limits,
    host.isCpuBounded,
  );
  const network = networkOf(container);
  const options = {
    name: host.name,
    Image: imageOf(container),
    ...programOf(task.command ?? {}),
    Env: Object.entries({
      MESOS_SANDBOX: host.sandboxDirectory,
      MESOS_CONTAINER_NAME: host.name,
      MESOS_TASK_ID: task.task_id.value,
      ...environmentOf(task.command?.environment),
    }).map(([name, value]) => `${name}=${value}`),
    Labels: { [AGENT_LABEL]: host.agentLabel, MESOS_TASK_ID: task.task_id.value },
    ...(hostname !== undefined && { Hostname: hostname }),
    ...portsOf(container, network),
    HostConfig: {
      NetworkMode: network,
      Binds: [
        `${host.sandbox}:${host.sandboxDirectory}`,
        ...(container.volumes ?? []).map((volume) => bind(volume, host)),
      ],
      Privileged: docker?.privileged ?? false,
      CpuShares: Math.max(MIN_SHARES, Math.round(cpus * 1024)),
      ...(cpusMax !== null && { CpuPeriod: PERIOD_US, CpuQuota: Math.round(cpusMax * PERIOD_US) }),
      ...(memMaxBytes !== null && { Memory: Math.floor(memMaxBytes), MemorySwap: Math.floor(memMaxBytes) }),
      MemoryReservation: Math.floor(memBytes),
      ...(docker?.port_mappings && { PortBindings: bindingsOf(docker.port_mappings) }),
    },
  };
  applyParameters(options, options.HostConfig, docker?.parameters ?? []);
  return options;
}

/** A shell stands in for the image's own entry point; a program and its arguments are given to it. */
function programOf({
  shell = true,
  value,
  arguments: argv = [],
}: CommandInfo): Pick<Docker.ContainerCreateOptions, 'Entrypoint' | 'Cmd'> {
  if (shell) {
    if (value === undefined) throw new Error('Shell specified but no command value provided');
    return { Entrypoint: ['/bin/sh'], Cmd: ['-c', value] };
  }
  const words = value === undefined ? [...argv] : [value, ...argv];
  return words.length === 0 ? {} : { Cmd: words };
}

function networkOf({ docker, network_infos }: ContainerInfo): string {
  switch (docker?.network ?? 'HOST') {
    case 'NONE':
      return 'none';
    case 'BRIDGE':
      return 'bridge';
    case 'USER': {
      const name = network_infos?.[0]?.name;
      if (name === undefined) throw new Error("the network of type USER has no name in 'network_infos'");
      return name;
    }
    default:
      return 'host';
  }
}

function portsOf(
  { docker }: ContainerInfo,
  network: string,
): Pick<Docker.ContainerCreateOptions, 'ExposedPorts'> {
  const mappings = docker?.port_mappings ?? [];
  if (mappings.length === 0) return {};
  if (network === 'host' || network === 'none')
    throw new Error('Port mappings are only supported for bridge and user-defined networks');
  return { ExposedPorts: Object.fromEntries(mappings.map((mapping) => [portKey(mapping), {}])) };
}

type Mapping = NonNullable<NonNullable<ContainerInfo['docker']>['port_mappings']>[number];

function bindingsOf(mappings: readonly Mapping[]) {
  return Object.fromEntries(
    mappings.map((mapping) => [portKey(mapping), [{ HostPort: `${mapping.host_port}` }]]),
  );
}

function portKey({ container_port, protocol = 'tcp' }: Mapping): string {
  return `${container_port}/${protocol.toLowerCase()}`;
}

/** What is relative, inside or outside, is in the sandbox. */
function bind({ container_path, host_path, source, mode }: Volume, host: DockerHost): string {
  const inside = container_path.startsWith('/')
    ? container_path
    : join(host.sandboxDirectory, container_path);
  const volume = source?.docker_volume?.name;
  const outside = volume ?? host_path ?? source?.host_path?.path ?? source?.sandbox_path?.path;
  if (outside === undefined)
    throw new Error(
      `volume ${container_path}: this agent mounts paths of the host and the sandbox, and Docker's volumes`,
    );
  const path = volume !== undefined || outside.startsWith('/') ? outside : join(host.sandbox, outside);
  return `${path}:${inside}:${mode.toLowerCase()}`;
}
