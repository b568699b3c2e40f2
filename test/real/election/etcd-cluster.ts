/** Three members of etcd on this machine, as processes of their own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EtcdClient } from '../../../src/real/coordination/etcd-client.ts';
import { freePorts } from './free-ports.ts';
import { until } from './until.ts';

const MEMBERS = 3;

export class EtcdCluster {
  readonly hosts: readonly string[];
  private readonly peers: readonly string[];
  private readonly folder: string;
  private readonly members: (ChildProcess | null)[];

  private constructor(ip: string, ports: readonly number[], folder: string) {
    const half = ports.length / 2;
    this.hosts = ports.slice(0, half).map((port) => `${ip}:${port}`);
    this.peers = ports.slice(half).map((port) => `${ip}:${port}`);
    this.folder = folder;
    this.members = this.hosts.map(() => null);
  }

  static async start(ip = '127.0.0.1'): Promise<EtcdCluster> {
    const folder = mkdtempSync(join(tmpdir(), 'mesolab-etcd-'));
    const cluster = new EtcdCluster(ip, await freePorts(2 * MEMBERS), folder);
    for (const index of cluster.hosts.keys()) cluster.begin(index);
    await cluster.answers();
    return cluster;
  }

  url(path: string): string {
    return `etcd://${this.hosts.join(',')}/${path}`;
  }

  /** kill -9 */
  async kill(index: number): Promise<void> {
    const member = this.members[index]!;
    const ended = new Promise((resolve) => member.once('exit', resolve));
    member.kill('SIGKILL');
    await ended;
  }

  begin(index: number): void {
    const name = (of: number) => `member-${of}`;
    this.members[index] = spawn(
      'etcd',
      [
        `--name=${name(index)}`,
        `--data-dir=${join(this.folder, name(index))}`,
        `--listen-client-urls=http://${this.hosts[index]}`,
        `--advertise-client-urls=http://${this.hosts[index]}`,
        `--listen-peer-urls=http://${this.peers[index]}`,
        `--initial-advertise-peer-urls=http://${this.peers[index]}`,
        `--initial-cluster=${this.peers.map((peer, of) => `${name(of)}=http://${peer}`).join(',')}`,
        '--logger=zap',
        '--log-level=fatal',
      ],
      { stdio: ['ignore', 'ignore', 'ignore'] },
    );
    this.members[index].once('error', (error) => {
      throw new Error(`etcd cannot be started (Debian: etcd-server): ${error.message}`);
    });
  }

  /** A majority does. */
  async answers(): Promise<void> {
    const client = new EtcdClient(this.hosts);
    await until('etcd answers', () =>
      client.call('/v3/kv/range', { key: 'YQ==' }).then(
        () => true,
        () => false,
      ),
    );
    client.close();
  }

  async stop(): Promise<void> {
    for (const member of this.members)
      if (member?.exitCode === null && member.signalCode === null) {
        const ended = new Promise((resolve) => member.once('exit', resolve));
        member.kill('SIGKILL');
        await ended;
      }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
