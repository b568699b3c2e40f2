/** The resources and attributes that an agent offers: as its operator gives them, the rest as the machine has it (reference §13). */
import { execFileSync } from 'node:child_process';
import { readFileSync, statfsSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { InputError } from '../../cluster/errors.ts';
import type { Attribute } from '../../protocol/v1/mesos.ts';
import { ResourceError } from '../../resources/resource-error.ts';
import type { Resources } from '../../resources/resources.ts';
import { parseAttributesText, parseResourcesText } from '../../resources/text.ts';

export interface MachineSize {
  readonly cpus: number;
  readonly memoryBytes: number;
  /** Of the file system that the work directory is on. */
  readonly diskBytes: number;
  readonly gpus: number;
}

const MIB = 2 ** 20;
const GIB = 2 ** 30;
const PORTS = '[31000-32000]';

export function machineSize(workDir: string): MachineSize {
  const { blocks, bsize } = statfsSync(workDir);
  return {
    cpus: availableParallelism(),
    memoryBytes: totalmem(),
    diskBytes: blocks * bsize,
    gpus: countGpus(),
  };
}

/**
 * @param text of --resources: `cpus:4;mem:1024`, a JSON array, or `file://` and the path of a file with either
 * @param defaultRole of what names none, and of what is the machine's
 * @throws InputError
 */
export function agentResources(text: string, defaultRole: string, machine: MachineSize): Resources {
  const given = parsed('--resources', text, (content) => parseResourcesText(content, defaultRole));
  const named = new Set(given.toWire().map(({ name }) => name));
  const rest = Object.entries(defaults(machine)).filter(([name]) => !named.has(name));
  return given.plus(
    parseResourcesText(rest.map(([name, value]) => `${name}:${value}`).join(';'), defaultRole),
  );
}

/** @param text of --attributes: `rack:r1;level:10`, or `file://` and the path of a file with it; @throws InputError */
export function agentAttributes(text: string): readonly Attribute[] {
  return parsed('--attributes', text, parseAttributesText);
}

/** Room is left for the system and for the agent itself. */
function defaults({ cpus, memoryBytes, diskBytes, gpus }: MachineSize): Record<string, number | string> {
  return {
    cpus,
    mem: mib(withReserve(memoryBytes, GIB)),
    disk: mib(withReserve(diskBytes, 5 * GIB)),
    ports: PORTS,
    ...(gpus > 0 && { gpus }),
  };
}

function withReserve(bytes: number, reserve: number): number {
  return bytes > 2 * reserve ? bytes - reserve : bytes / 2;
}

const mib = (bytes: number) => Math.floor(bytes / MIB);

function parsed<T>(flag: string, text: string, parse: (content: string) => T): T {
  const file = text.startsWith('file://') ? text.slice('file://'.length) : null;
  try {
    return parse(file === null ? text : readFileSync(file, 'utf8').trim());
  } catch (error) {
    if (error instanceof ResourceError)
      throw new InputError('OPTION_VALUE', `${flag}: ${error.message}`, file === null ? {} : { file });
    if (file === null) throw error;
    throw new InputError('FILE_UNREADABLE', `${flag} names this file: ${(error as Error).message}`, {
      file,
    });
  }
}

/** 0 where there is no NVIDIA driver. */
function countGpus(): number {
  try {
    const list = execFileSync('nvidia-smi', ['--list-gpus'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 10_000,
    });
    return list.split('\n').filter((line) => line.startsWith('GPU ')).length;
  } catch {
    return 0;
  }
}
