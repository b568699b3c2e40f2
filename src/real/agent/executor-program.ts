/** The programs of our own that an agent starts as executors (reference §6), in place of what a task or a group brings. */
import { fileURLToPath } from 'node:url';
import type { ContainerLaunch } from '../../agent/io.ts';
import type { CommandInfo } from '../../protocol/v1/mesos.ts';
import { Resources } from '../../resources/resources.ts';
import { parseResourcesText } from '../../resources/text.ts';

const program = (name: string) => fileURLToPath(new URL(`../executor/${name}.ts`, import.meta.url));
const COMMAND_EXECUTOR = program('command-executor');
const DEFAULT_EXECUTOR = program('default-executor');
const DOCKER_EXECUTOR = program('docker-executor');

/** What our executors need themselves; no offer pays for it. */
const OVERHEAD = parseResourcesText('cpus:0.1;mem:64');
const DOCKER_OVERHEAD = parseResourcesText('cpus:0.1;mem:128');

/** What runs tasks that want an image. */
export interface DockerSettings {
  /** Of the daemon. */
  readonly socket: string;
  /** By which this agent's containers are told from those of others. */
  readonly agentLabel: string;
  readonly isCpuBounded: boolean;
}

/**
 * @param docker `null`: nothing does
 * @returns the launch with the command that is to run, and with room for it
 * @throws Error where it wants an image that cannot be run: on the files of this machine it would not be what was asked for
 */
export function withProgram(launch: ContainerLaunch, docker: DockerSettings | null): ContainerLaunch {
  const { task, executor, command, resources, image, container } = launch;
  if (image?.type === 'DOCKER' || image?.mesos?.image !== undefined) {
    if (docker === null)
      throw new Error(
        'this agent runs no images: start it with --containerizers=docker,mesos, or leave the image out',
      );
    if (task === null)
      throw new Error('an executor of a framework cannot be run from an image here; tasks can');
    const { socket, agentLabel, isCpuBounded } = docker;
    const options = [socket, agentLabel, container, isCpuBounded ? 'bounded' : 'unbounded'];
    // The task's own resources are those of its Docker container.
    return {
      ...launch,
      task: null,
      command: nodeCommand(DOCKER_EXECUTOR, command, options),
      resources: DOCKER_OVERHEAD.toWire(),
    };
  }
  const file = task !== null ? COMMAND_EXECUTOR : executor.type === 'DEFAULT' ? DEFAULT_EXECUTOR : null;
  if (file === null) return launch;
  return {
    ...launch,
    command: nodeCommand(file, command),
    resources: Resources.of(resources).unallocated().plus(OVERHEAD).toWire(),
  };
}

/** Fetches what the command wants, and runs as its user. */
function nodeCommand(
  file: string,
  command: CommandInfo | null,
  options: readonly string[] = [],
): CommandInfo {
  return {
    shell: false,
    value: process.execPath,
    arguments: [process.execPath, '--no-warnings', file, ...options],
    ...(command?.uris && { uris: command.uris }),
    ...(command?.user !== undefined && { user: command.user }),
  };
}
