/** `docker.parameters` of a container (reference §6.3): options of `docker run`, of which these are understood. */
import type { Parameter } from '../../../protocol/v1/mesos.ts';

type Values = Record<string, unknown>;

/** How Docker's API calls an option, what it makes of its text, and whether it may be given more than once. */
interface Option {
  readonly name: string;
  readonly isOfHost: boolean;
  readonly isList: boolean;
  convert(text: string): unknown;
}

const BYTES = /^(\d+(?:\.\d+)?)([bkmg]?)$/i;
const UNITS = ['b', 'k', 'm', 'g'];

const asIs = (text: string) => text;
const own = (name: string, convert: Option['convert'] = asIs): Option => ({
  name,
  isOfHost: false,
  isList: false,
  convert,
});
const host = (name: string, convert: Option['convert'] = asIs): Option => ({
  ...own(name, convert),
  isOfHost: true,
});
const hostList = (name: string, convert: Option['convert'] = asIs): Option => ({
  ...host(name, convert),
  isList: true,
});
const isOn = (text: string) => text !== 'false';

const OPTIONS: Readonly<Record<string, Option>> = {
  env: { ...own('Env'), isList: true },
  hostname: own('Hostname'),
  user: own('User'),
  workdir: own('WorkingDir'),
  entrypoint: own('Entrypoint', (text) => [text]),
  volume: hostList('Binds'),
  'add-host': hostList('ExtraHosts'),
  'cap-add': hostList('CapAdd'),
  'cap-drop': hostList('CapDrop'),
  'security-opt': hostList('SecurityOpt'),
  dns: hostList('Dns'),
  device: hostList('Devices', device),
  ulimit: hostList('Ulimits', ulimit),
  ipc: host('IpcMode'),
  pid: host('PidMode'),
  'shm-size': host('ShmSize', bytes),
  'cpuset-cpus': host('CpusetCpus'),
  'pids-limit': host('PidsLimit', Number),
  'read-only': host('ReadonlyRootfs', isOn),
  init: host('Init', isOn),
};

/** @param options and @param hostOptions are changed @throws Error that names the parameter */
export function applyParameters(
  options: Values,
  hostOptions: Values,
  parameters: readonly Parameter[],
): void {
  for (const { key, value } of parameters) {
    const option = OPTIONS[key];
    if (option === undefined)
      throw new Error(
        `Docker's option '${key}' is not understood; expected one of ${Object.keys(OPTIONS).join(', ')}`,
      );
    const { name, isOfHost, isList, convert } = option;
    const target = isOfHost ? hostOptions : options;
    target[name] = isList ? [...((target[name] as unknown[]) ?? []), convert(value)] : convert(value);
  }
}

function device(text: string) {
  const [outside, inside = outside, permissions = 'rwm'] = text.split(':');
  return { PathOnHost: outside, PathInContainer: inside, CgroupPermissions: permissions };
}

function ulimit(text: string) {
  const [name, limits = ''] = text.split('=');
  const [soft, hard = soft] = limits.split(':').map(Number);
  return { Name: name, Soft: soft, Hard: hard };
}

function bytes(text: string): number {
  const match = BYTES.exec(text);
  if (match === null) throw new Error(`'${text}' is no size; expected such as 64m`);
  return Math.floor(Number(match[1]) * 1024 ** Math.max(0, UNITS.indexOf(match[2].toLowerCase())));
}
