/** A whole cluster of processes on this machine: etcd, masters that share it, agents, and what is asked of them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { Daemon } from './daemon.ts';
import { EtcdCluster } from './etcd-cluster.ts';
import { freePorts } from './free-ports.ts';
import { until } from './until.ts';

/** Where processes are. */
export interface Places {
  /** Of etcd and agents. */
  readonly ip: string;
  masterIp(index: number): string;
  /** What the master's command is begun with. */
  prefix(index: number): readonly string[];
}

export interface ClusterOptions {
  readonly masters: number;
  readonly agents: number;
  /** How long a process that ended stays away. */
  readonly restartMs: number;
  /** Such as `5secs`. */
  readonly lease: string;
  /** Loopback, where it is left out. */
  readonly places?: Places;
  /** Done before anything begins in the cluster's folder; `agent-0` in it is the first agent's. @returns what undoes it */
  prepare?(folder: string): () => void;
}

const LOOPBACK: Places = { ip: '127.0.0.1', masterIp: () => '127.0.0.1', prefix: () => [] };

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
  private readonly undo: (() => void) | undefined;

  private constructor(etcd: EtcdCluster, ports: readonly number[], options: ClusterOptions) {
    const { masters, lease, restartMs, places = LOOPBACK } = options;
    this.etcd = etcd;
    this.url = etcd.url('cluster');
    this.folder = mkdtempSync(join(tmpdir(), 'mesolab-cluster-'));
    this.undo = options.prepare?.(this.folder);
    this.addresses = ports.slice(0, masters).map((port, index) => `${places.masterIp(index)}:${port}`);
    this.masters = ports.slice(0, masters).map((port, index) => {
      const name = `master-${index}`;
      const flags = [
        `--ip=${places.masterIp(index)}`,
        `--port=${port}`,
        `--work_dir=${join(this.folder, name)}`,
        `--registry=${this.url}`,
        `--registry_lease=${lease}`,
      ];
      return new Daemon(name, this.folder, restartMs, ['master', ...flags], places.prefix(index));
    });
    this.agents = ports.slice(masters).map((port, index) => {
      const name = `agent-${index}`;
      const flags = [
        `--ip=${places.ip}`,
        `--port=${port}`,
        `--hostname=${name}`,
        `--master=${this.url}`,
        `--work_dir=${join(this.folder, name)}`,
        '--resources=cpus:4;mem:2048;disk:1024;ports:[31000-31999]',
        '--isolation=posix/cpu',
        '--executor_reregistration_timeout=10secs',
      ];
      return new Daemon(name, this.folder, restartMs, ['agent', ...flags]);
    });
  }

  static async start(options: ClusterOptions): Promise<RealCluster> {
    const etcd = await EtcdCluster.start(options.places?.ip);
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
    try {
      await until('all agents', async () => (await this.activeAgents()) === this.agents.length);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${this.lastWords()}`);
    }
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

  /** Ends of all logs. */
  lastWords(): string {
    return [...this.masters, ...this.agents]
      .map(({ name, log }) => `${name}: ${readFileSync(log, 'utf8').slice(-400)}`)
      .join('\n');
  }

  async stop(): Promise<void> {
    await Promise.all(this.agents.map((agent) => agent.stop('SIGUSR1')));
    await Promise.all(this.masters.map((master) => master.stop('SIGTERM')));
    await this.etcd.stop();
    this.undo?.();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface State {
  readonly slaves: readonly { readonly id: string; readonly active: boolean }[];
  readonly frameworks: readonly { readonly name: string; readonly tasks: readonly TaskSeen[] }[];
  readonly pid: string;
}
