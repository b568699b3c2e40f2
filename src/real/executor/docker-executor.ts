/**
 * The program that an agent starts for a task that wants an image (reference §6.3):
 * `node docker-executor.ts SOCKET AGENT CONTAINER bounded|unbounded`, the last saying whether cpus are an upper limit, too.
 */
import { DockerTasks } from './docker/docker-tasks.ts';
import { dockerName } from './docker/run-options.ts';
import { readEnvironment } from './environment.ts';
import { runExecutor } from './run-executor.ts';

const environment = readEnvironment(process.env);
const [socket, agentLabel, container, bounds] = process.argv.slice(2);
const host = {
  name: dockerName(container),
  agentLabel,
  sandbox: process.env.MESOS_DIRECTORY!,
  sandboxDirectory: environment.sandbox,
  isCpuBounded: bounds === 'bounded',
};
process.exitCode = await runExecutor(environment, true, (tell) => new DockerTasks(socket, host, tell));
