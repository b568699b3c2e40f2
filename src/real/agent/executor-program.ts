/** The programs of our own that an agent starts as executors (reference §6), in place of what a task or a group brings. */
import { fileURLToPath } from 'node:url';
import type { ContainerLaunch } from '../../agent/io.ts';
import type { CommandInfo } from '../../protocol/v1/mesos.ts';
import { Resources } from '../../resources/resources.ts';
import { parseResourcesText } from '../../resources/text.ts';

const program = (name: string) => fileURLToPath(new URL(`../executor/${name}.ts`, import.meta.url));
const COMMAND_EXECUTOR = program('command-executor');
const DEFAULT_EXECUTOR = program('default-executor');

/** What our executors need themselves; no offer pays for it. */
const OVERHEAD = parseResourcesText('cpus:0.1;mem:64');

/**
 * @returns the launch with the command that is to run, and with room for it
 * @throws Error where it wants an image: on the files of this machine it would not be what was asked for
 */
export function withProgram(launch: ContainerLaunch): ContainerLaunch {
  const { task, executor, command, resources, image } = launch;
  if (image?.type === 'DOCKER' || image?.mesos?.image !== undefined)
    throw new Error('this agent runs no images; leave the image out, or send the task to one that does');
  const file = task !== null ? COMMAND_EXECUTOR : executor.type === 'DEFAULT' ? DEFAULT_EXECUTOR : null;
  if (file === null) return launch;
  return {
    ...launch,
    command: nodeCommand(file, command),
    resources: Resources.of(resources).unallocated().plus(OVERHEAD).toWire(),
  };
}

/** Fetches what the command wants, and runs as its user. */
function nodeCommand(file: string, command: CommandInfo | null): CommandInfo {
  return {
    shell: false,
    value: process.execPath,
    arguments: [process.execPath, '--no-warnings', file],
    ...(command?.uris && { uris: command.uris }),
    ...(command?.user !== undefined && { user: command.user }),
  };
}
