/** The machine's Docker daemon, as an agent needs it: whether it is there, and that nothing of ended executors is left in it. */
import Docker from 'dockerode';
import { AGENT_LABEL, dockerName } from '../executor/docker/run-options.ts';

const NOT_FOUND = 404;

export class DockerDaemon {
  readonly socket: string;
  private readonly docker: Docker;
  private readonly agentLabel: string;

  constructor(socket: string, agentLabel: string) {
    this.socket = socket;
    this.docker = new Docker({ socketPath: socket });
    this.agentLabel = agentLabel;
  }

  /** For people. @throws Error where no daemon answers */
  async describe(): Promise<string> {
    const { Version } = await this.docker.version();
    return `Docker ${Version} at ${this.socket} runs tasks that want an image`;
  }

  /** What an executor that was killed left. @param container the executor's */
  async remove(container: string): Promise<void> {
    await this.removeDocker(dockerName(container));
  }

  /** Those of this agent's executors that run no more. @param running containers of executors */
  async removeOthers(running: readonly string[]): Promise<void> {
    const kept = new Set(running.map((container) => `/${dockerName(container)}`));
    const own = { label: [`${AGENT_LABEL}=${this.agentLabel}`] };
    for (const { Id, Names } of await this.docker.listContainers({ all: true, filters: own }))
      if (!Names.some((name) => kept.has(name))) await this.removeDocker(Id);
  }

  private async removeDocker(id: string): Promise<void> {
    try {
      await this.docker.getContainer(id).remove({ force: true, v: true });
    } catch (error) {
      if ((error as { readonly statusCode?: number }).statusCode !== NOT_FOUND) throw error;
    }
  }
}
