/** A task as a Docker container; what it writes goes to the executor's own output, which is that of the sandbox. */
import Docker from 'dockerode';
import type { ContainerStatus, TaskInfo } from '../../../protocol/v1/mesos.ts';
import type { CommandRunner } from '../probe.ts';
import type { TaskDriver, TaskInput } from '../run-executor.ts';
import { type DockerHost, runOptions } from './run-options.ts';

const SIGTERM = 15;
const SIGKILL_EXIT = 137;
const MAX_SIGNAL = 64;
const MIB = 2 ** 20;

export class DockerTasks implements TaskDriver {
  private readonly docker: Docker;
  private readonly host: DockerHost;
  private readonly tell: (input: TaskInput) => void;
  private container: Docker.Container | null = null;
  /** The last that was wanted. */
  private ending: 'SIGTERM' | 'SIGKILL' | null = null;

  constructor(socket: string, host: DockerHost, tell: (input: TaskInput) => void) {
    this.docker = new Docker({ socketPath: socket });
    this.host = host;
    this.tell = tell;
  }

  start(task: TaskInfo): void {
    const taskId = task.task_id.value;
    this.run(task).then(
      (end) => this.tell({ kind: 'task-ended', taskId, ...end }),
      (error: Error) =>
        this.tell({
          kind: 'task-ended',
          taskId,
          status: null,
          reason: 'REASON_CONTAINER_LAUNCH_FAILED',
          message: `Failed to run the container: ${error.message}`,
        }),
    );
  }

  signal(_taskId: string, isForced: boolean): void {
    this.ending = isForced ? 'SIGKILL' : 'SIGTERM';
    // One that has ended meanwhile, or is not started yet, is not there to be signalled.
    this.container?.kill({ signal: this.ending }).catch(() => {});
  }

  runner(): CommandRunner {
    return async ({ value = '', shell = true, arguments: argv = [] }, signal) => {
      const command = shell ? ['/bin/sh', '-c', value] : [value, ...argv.slice(1)];
      const exec = await this.container!.exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
      const stream = await exec.start({});
      const abort = () => stream.destroy(new Error('no answer in time'));
      signal.addEventListener('abort', abort, { once: true });
      stream.resume();
      await new Promise((resolve, reject) => stream.once('end', resolve).once('error', reject));
      signal.removeEventListener('abort', abort);
      return (await exec.inspect()).ExitCode;
    };
  }

  private async run(
    task: TaskInfo,
  ): Promise<Pick<Extract<TaskInput, { kind: 'task-ended' }>, 'status' | 'reason' | 'message'>> {
    const options = runOptions(task, this.host);
    await this.provide(options.Image!, task.container!.docker?.force_pull_image ?? false);
    const container = await this.docker.createContainer(options);
    try {
      const output = await container.attach({ stream: true, stdout: true, stderr: true });
      container.modem.demuxStream(output, process.stdout, process.stderr);
      const drained = new Promise((resolve) => output.once('end', resolve).once('close', resolve));
      if (this.ending !== null) return { status: SIGTERM, reason: null, message: null };
      await container.start();
      this.container = container;
      if (this.ending !== null) await container.kill({ signal: this.ending });
      const { State, NetworkSettings } = await container.inspect();
      this.tell({
        kind: 'task-started',
        taskId: task.task_id.value,
        containerStatus: statusOf(State.Pid, NetworkSettings.Networks),
      });
      const { StatusCode: code } = (await container.wait()) as { readonly StatusCode: number };
      await drained;
      return await this.endOf(container, code);
    } finally {
      await container.remove({ force: true, v: true }).catch(() => {});
    }
  }

  /** @throws Error where the image cannot be had */
  private async provide(image: string, isForced: boolean): Promise<void> {
    if (
      !isForced &&
      (await this.docker
        .getImage(image)
        .inspect()
        .catch(() => null)) !== null
    )
      return;
    const name = /[:@][^/]*$/.test(image) ? image : `${image}:latest`;
    try {
      const stream = await this.docker.pull(name);
      await new Promise<void>((resolve, reject) =>
        this.docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve())),
      );
    } catch (error) {
      throw new Error(`image ${name} cannot be had: ${(error as Error).message}`);
    }
  }

  private async endOf(container: Docker.Container, code: number) {
    const { State, HostConfig } = await container.inspect();
    const status = code > 128 && code <= 128 + MAX_SIGNAL ? code - 128 : code << 8;
    if (!State.OOMKilled || code !== SIGKILL_EXIT) return { status, reason: null, message: null };
    return {
      status,
      reason: 'REASON_CONTAINER_LIMITATION_MEMORY' as const,
      message: `Memory limit exceeded: limit ${Math.round((HostConfig.Memory ?? 0) / MIB)} MiB`,
    };
  }
}

function statusOf(
  pid: number,
  networks: Docker.ContainerInspectInfo['NetworkSettings']['Networks'],
): ContainerStatus {
  const addresses = Object.entries(networks).flatMap(([name, { IPAddress: ip }]) =>
    ip ? [{ name, ip_addresses: [{ protocol: 'IPv4' as const, ip_address: ip }] }] : [],
  );
  return { executor_pid: pid, ...(addresses.length > 0 && { network_infos: addresses }) };
}
