/** A whole cluster of processes on this machine: etcd, masters that share it, agents, and what is asked of them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { Daemon } from './daemon.ts';
import { EtcdCluster } from './etcd-cluster.ts';
import { freePorts } from './free-ports.ts';
import { until } from './until.ts';

const IP = '127.0.0.1';

export interface ClusterOptions {
  readonly masters: number;
  readonly agents: number;
  /** How long a process that ended stays away. */
  readonly restartMs: number;
  /** Such as `5secs`. */
  readonly lease: string;
}

export interface TaskSeen {
  readonly id: string;
  readonly state: string;
}

export class RealCluster {
  readonly folder: string;
  readonly etcd: EtcdCluster;
  readonly masters: readonly Daemon[];
  readonly agents: readonly Daemon[];
  readonly addresses: readonly string[];
  /** For --master. */
  readonly url: string;

  private constructor(
    etcd: EtcdCluster,
    ports: readonly number[],
    { masters, agents, lease, restartMs }: ClusterOptions,
  ) {
    this.etcd = etcd;
    this.url = etcd.url('cluster');
    this.folder = mkdtempSync(join(tmpdir(), 'mesolab-cluster-'));
    const inside = (name: string) => join(this.folder, name);
    this.addresses = ports.slice(0, masters).map((port) => `${IP}:${port}`);
    this.masters = ports
      .slice(0, masters)
      .map(
        (port, index) =>
          new Daemon(`master-${index}`, this.folder, restartMs, [
            'master',
            `--port=${port}`,
            `--work_dir=${inside(`master-${index}`)}`,
            `--registry=${this.url}`,
            `--registry_lease=${lease}`,
          ]),
      );
    this.agents = ports
      .slice(masters, masters + agents)
      .map(
        (port, index) =>
          new Daemon(`agent-${index}`, this.folder, restartMs, [
            'agent',
            `--port=${port}`,
            `--hostname=agent-${index}`,
            `--master=${this.url}`,
            `--work_dir=${inside(`agent-${index}`)}`,
            '--resources=cpus:4;mem:2048;disk:1024;ports:[31000-31999]',
            `--cgroups_root=mesolab-${process.pid}-${index}`,
            '--isolation=posix/cpu',
            '--executor_reregistration_timeout=10secs',
          ]),
      );
  }

  static async start(options: ClusterOptions): Promise<RealCluster> {
    const etcd = await EtcdCluster.start();
    const cluster = new RealCluster(etcd, await freePorts(options.masters + options.agents), options);
    try {
      await cluster.isWhole();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  async isWhole(): Promise<void> {
    const broken = this.agents.find(({ starts }) => starts > 20);
    if (broken)
      throw new Error(`${broken.name} does not stay: ${readFileSync(broken.log, 'utf8').slice(-500)}`);
    await until(
      'all agents registered',
      async () => (await this.activeAgents()) === this.agents.length,
      90_000,
    );
  }

  /** Index of the master that serves as leader now; `null`: none does. */
  async leader(): Promise<number | null> {
    const statuses = await Promise.all(
      this.addresses.map((address) => this.get(`http://${address}/state`).then((answer) => answer.status)),
    );
    const leader = statuses.indexOf(200);
    return leader < 0 ? null : leader;
  }

  /** What a master answers without following it elsewhere. */
  async get(url: string): Promise<{ status: number; text: string; location: string | undefined }> {
    try {
      const { statusCode, body, headers } = await request(url, { headersTimeout: 2_000, bodyTimeout: 2_000 });
      return {
        status: statusCode,
        text: await body.text(),
        location: headers.location as string | undefined,
      };
    } catch {
      return { status: 0, text: '', location: undefined };
    }
  }

  /** Of the leader, with frameworks and their tasks; `null`: nobody leads. */
  async state(): Promise<State | null> {
    for (const address of this.addresses) {
      const { status, text } = await this.get(`http://${address}/state`);
      if (status === 200) return JSON.parse(text) as State;
    }
    return null;
  }

  async activeAgents(): Promise<number> {
    return (await this.state())?.slaves.filter(({ active }) => active).length ?? 0;
  }

  async stop(): Promise<void> {
    await Promise.all(this.agents.map((agent) => agent.stop('SIGUSR1')));
    await Promise.all(this.masters.map((master) => master.stop('SIGTERM')));
    await this.etcd.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface State {
  readonly slaves: readonly { readonly id: string; readonly active: boolean }[];
  readonly frameworks: readonly { readonly name: string; readonly tasks: readonly TaskSeen[] }[];
  readonly pid: string;
}
