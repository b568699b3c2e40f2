/** Makes what runs an agent's containers, out of what this machine has. */
import { join } from 'node:path';
import { openCgroupsV1 } from './cgroup-v1.ts';
import { openCgroupsV2 } from './cgroup-v2.ts';
import type { Cgroups } from './cgroups.ts';
import type { ContainerEvents, ContainerRuntime } from './container-runtime.ts';
import { ProcessRuntime } from './process-runtime.ts';
import { agentName, type RuntimeOptions } from './runtime-options.ts';
import { isRoot } from './users.ts';

const MOUNT = '/sys/fs/cgroup';

export function createContainerRuntime(options: RuntimeOptions, events: ContainerEvents): ContainerRuntime {
  const cgroups = options.usesCgroups ? openCgroups(join(options.cgroupsRoot, agentName(options))) : null;
  return new ProcessRuntime(options, cgroups, events, capabilitiesOf(options, cgroups));
}

/** A machine with both versions has its controllers in the first. */
function openCgroups(root: string): Cgroups | null {
  return openCgroupsV1(MOUNT, root) ?? openCgroupsV2(MOUNT, root);
}

function capabilitiesOf(
  { usesCgroups, switchUser }: RuntimeOptions,
  cgroups: Cgroups | null,
): readonly string[] {
  const user = !switchUser
    ? 'containers run as the agent does (--switch_user=false)'
    : isRoot
      ? 'containers run as the user of their command or framework'
      : 'containers run as the agent does: only root can switch users';
  if (cgroups !== null) return [cgroups.description, user];
  const why = usesCgroups ? 'there are no cgroups that this agent may write' : '--isolation asks for none';
  return [
    `no limits hold: ${why}; containers are ended by session, descent and a mark in their environment`,
    user,
  ];
}
