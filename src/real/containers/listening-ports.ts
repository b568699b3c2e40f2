/** TCP ports that processes listen on, and the end of a container that listens on one it does not have (`network/ports`). */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { ContainerEnd } from '../../agent/io.ts';
import type { Resource, ValueRange } from '../../protocol/v1/mesos.ts';

const LISTENS = '0A';
const [LOCAL, STATE, INODE] = [1, 3, 9];

/** Of this machine's network, by the inode of the socket. */
export function listeningSockets(): ReadonlyMap<string, number> {
  const ports = new Map<string, number>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6'])
    for (const line of readTable(table).slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields[STATE] === LISTENS)
        ports.set(fields[INODE], Number.parseInt(fields[LOCAL].split(':').at(-1)!, 16));
    }
  return ports;
}

export function portsOf(
  processes: readonly number[],
  sockets: ReadonlyMap<string, number>,
): readonly number[] {
  const found = new Set<number>();
  for (const pid of processes)
    for (const inode of socketInodes(pid)) {
      const port = sockets.get(inode);
      if (port !== undefined) found.add(port);
    }
  return [...found].sort((a, b) => a - b);
}

/** `null`: it keeps to what it has. */
export function portsLimitation(
  listening: readonly number[],
  allowed: readonly ValueRange[],
): Partial<ContainerEnd> | null {
  const wrong = listening.filter((port) => !allowed.some(({ begin, end }) => begin <= port && port <= end));
  if (wrong.length === 0) return null;
  return {
    reason: 'REASON_CONTAINER_LIMITATION',
    message: `Container is listening on unallocated port(s): ${wrong.join(', ')}`,
    limitation: [
      {
        name: 'ports',
        type: 'RANGES',
        ranges: { range: wrong.map((port) => ({ begin: port, end: port })) },
        role: '*',
      },
    ],
  };
}

export function portRanges(resources: readonly Resource[]): readonly ValueRange[] {
  return resources.flatMap(({ name, ranges }) => (name === 'ports' ? (ranges?.range ?? []) : []));
}

function socketInodes(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).flatMap(
      (name) => /^socket:\[(\d+)\]$/.exec(linkTarget(`${folder}/${name}`))?.[1] ?? [],
    );
  } catch {
    return [];
  }
}

function linkTarget(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function readTable(file: string): readonly string[] {
  try {
    return readFileSync(file, 'latin1').split('\n').filter(Boolean);
  } catch {
    // A machine without IPv6.
    return [];
  }
}
