/** Hosts of their own for some processes: network namespaces, each of which can be cut off. Needs root and iproute2. */
import { execFileSync } from 'node:child_process';

const PREFIX_LENGTH = 24;

export class Namespaces {
  /** Of this machine, as the hosts see it. */
  readonly hostIp: string;
  private readonly subnet: string;
  private readonly name: string;
  private readonly count: number;

  constructor(count: number) {
    this.count = count;
    // Names of interfaces have 15 characters at most.
    this.name = `ml${process.pid % 100_000}`;
    this.subnet = `10.77.${process.pid % 250}`;
    this.hostIp = `${this.subnet}.1`;
    this.remove();
    ip('link', 'add', this.name, 'type', 'bridge');
    ip('addr', 'add', `${this.hostIp}/${PREFIX_LENGTH}`, 'dev', this.name);
    ip('link', 'set', this.name, 'up');
    for (let host = 0; host < count; host++) {
      const space = this.space(host);
      ip('netns', 'add', space);
      ip('link', 'add', space, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space);
      ip('link', 'set', space, 'master', this.name, 'up');
      ip('-n', space, 'addr', 'add', `${this.ipOf(host)}/${PREFIX_LENGTH}`, 'dev', 'eth0');
      for (const device of ['eth0', 'lo']) ip('-n', space, 'link', 'set', device, 'up');
    }
  }

  ipOf(host: number): string {
    return `${this.subnet}.${10 + host}`;
  }

  /** What a command is begun with to run there. */
  prefix(host: number): readonly string[] {
    return ['ip', 'netns', 'exec', this.space(host)];
  }

  /** Nothing gets out or in, and nobody is told. */
  cutOff(host: number): void {
    ip('link', 'set', this.space(host), 'down');
  }

  join(host: number): void {
    ip('link', 'set', this.space(host), 'up');
  }

  remove(): void {
    for (let host = 0; host < this.count; host++) attempt('netns', 'del', this.space(host));
    attempt('link', 'del', this.name);
  }

  private space(host: number): string {
    return `${this.name}-${host}`;
  }
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** What is not there need not go. */
function attempt(...args: readonly string[]): void {
  try {
    ip(...args);
  } catch {
    // It is not there.
  }
}
