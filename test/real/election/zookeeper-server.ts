/** A ZooKeeper server on this machine, from Debian's package `zookeeper`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './free-ports.ts';
import { until } from './until.ts';

const JARS = '/usr/share/java';

export class ZookeeperServer {
  readonly host: string;
  private readonly folder: string;
  private readonly child: ChildProcess;

  private constructor(port: number, folder: string) {
    this.host = `127.0.0.1:${port}`;
    this.folder = folder;
    const file = join(folder, 'zoo.cfg');
    writeFileSync(
      file,
      `tickTime=300\ndataDir=${join(folder, 'data')}\nclientPort=${port}\nclientPortAddress=127.0.0.1\nadmin.enableServer=false\n`,
    );
    const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
    this.child = spawn('java', ['-Xmx128m', '-cp', `${JARS}/zookeeper.jar:${JARS}/*`, main, file], {
      stdio: 'ignore',
    });
    this.child.once('error', (error) => {
      throw new Error(`ZooKeeper cannot be started (Debian: zookeeper): ${error.message}`);
    });
  }

  static async start(): Promise<ZookeeperServer> {
    const [port] = await freePorts(1);
    const server = new ZookeeperServer(port, mkdtempSync(join(tmpdir(), 'mesolab-zookeeper-server-')));
    await until('ZooKeeper listens', () => server.listens(port));
    return server;
  }

  url(path: string): string {
    return `zk://${this.host}/${path}`;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private listens(port: number): Promise<boolean> {
    if (this.child.exitCode !== null)
      throw new Error('ZooKeeper has ended; is Debian package zookeeper there?');
    return new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
  }
}
