/** Starts an agent: its disk, its containers, its server and its link to the master around one machine. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { Agent } from '../../agent/agent.ts';
import { AGENT_KEY, RESOURCES_KEY } from '../../agent/checkpoint.ts';
import { DEFAULT_FLAGS, HISTORY_FLAGS } from '../../agent/flags.ts';
import type { CheckpointEntries, ContainerEnd, ContainerLaunch } from '../../agent/io.ts';
import { reconfigurationProblem } from '../../agent/reconfiguration.ts';
import { InputError } from '../../cluster/errors.ts';
import { stream } from '../../cluster/streams.ts';
import type { AgentInfo, VersionInfo } from '../../protocol/v1/mesos.ts';
import type { ContainerRuntime } from '../containers/container-runtime.ts';
import { DockerDaemon } from '../containers/docker-daemon.ts';
import { OPEN } from '../http/authentication.ts';
import { ShownFiles } from '../http/shown-files.ts';
import { agentHostname, isLoopback, reachableIp } from './agent-address.ts';
import { AgentCalls } from './agent-calls.ts';
import { AgentDriver } from './agent-driver.ts';
import { AgentServer } from './agent-server.ts';
import type { AgentSettings } from './agent-settings.ts';
import { CheckpointStore } from './checkpoint-store.ts';
import { executorEnvironment } from './executor-environment.ts';
import { withProgram } from './executor-program.ts';
import { ExecutorRoute } from './executor-route.ts';
import { ExecutorTokens } from './executor-token.ts';
import { readLegacy } from './legacy/routes.ts';
import type { AgentFacts } from './legacy/state.ts';
import { MasterLink } from './master-link.ts';
import { operatorRoute } from './operator-route.ts';
import { agentAttributes, agentResources, machineSize } from './resources.ts';
import { sandboxRoots, shownFolders } from './sandbox-roots.ts';

export interface RunningAgent {
  /** `ip:port` at which others reach it. */
  readonly address: string;
  /** Ends the agent; what it runs goes on, and is found again at the next start. */
  stop(): Promise<void>;
  /** Ends what it runs, and tells the master that it leaves; `ended` follows. */
  unregister(): void;
  /** Once the agent is over, with the reason: it was stopped, it unregistered, or its master told it to go. */
  readonly ended: Promise<string>;
}

export type Log = (line: string) => void;

/** Of the protocol that it speaks. */
const VERSION: VersionInfo = { version: '1.11.0', build_user: 'mesolab' };
/** Executors wait up to as long as the agent between two tries; the last of these is not to come too late. */
const REREGISTRATION_SLACK_US = 1e6;
const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id';

/**
 * Resolves once the agent listens and has its earlier containers back; it may not yet be registered.
 * @throws InputError where the settings are wrong, or another agent has the work directory
 */
export async function startAgent(settings: AgentSettings, log: Log): Promise<RunningAgent> {
  const closing = new Closing();
  try {
    return await start(settings, log, closing);
  } catch (error) {
    await closing.close();
    throw error;
  }
}

/** `--recover=cleanup`: ends what an earlier start left running, and forgets it. */
export async function cleanUpAgent(settings: AgentSettings, log: Log): Promise<void> {
  const workDir = openWorkDir(settings);
  const store = new CheckpointStore(workDir, {
    saved() {},
    failed(error) {
      throw error;
    },
  });
  const left = new Set<string>();
  const done = Promise.withResolvers<void>();
  const ended = (container: string) => {
    left.delete(container);
    if (left.size === 0) done.resolve();
  };
  const containers = settings.createContainers(workDir, { launched() {}, ended });
  for (const container of await containers.recover()) left.add(container);
  log(`ending ${left.size} containers of an earlier start`);
  for (const container of left) containers.destroy(container);
  if (left.size > 0) await done.promise;
  containers.stop();
  store.keepOnly([RESOURCES_KEY]);
  store.close();
}

async function start(settings: AgentSettings, log: Log, closing: Closing): Promise<RunningAgent> {
  const startedUs = Date.now() * 1000;
  const workDir = openWorkDir(settings);
  const over = Promise.withResolvers<string>();
  // Who wants to know asks for it.
  over.promise.catch(() => {});
  const store = new CheckpointStore(workDir, {
    saved: (revision) => driver.step({ kind: 'checkpointed', revision }),
    failed: (error) =>
      over.reject(
        new InputError(
          'OUTPUT_UNWRITABLE',
          `the agent's state cannot be written any more: ${error.message}; what it runs goes on: mend it, and start it again`,
          { file: workDir },
        ),
      ),
  });
  closing.add(() => store.close());
  const entries = store.entries();

  const docker = settings.docker && { ...settings.docker, agentLabel: workDir };
  const daemon = docker && new DockerDaemon(docker.socket, docker.agentLabel);
  if (daemon !== null) log(await describeDocker(daemon));

  /** Of containers that ended while no agent was there. */
  const earlyEnds = new Map<string, ContainerEnd>();
  let isStarted = false;
  const containers: ContainerRuntime = settings.createContainers(workDir, {
    launched: (container) => driver.launched(container),
    async ended(container, end) {
      await daemon?.remove(container).catch((error: Error) => log(`Docker: ${error.message}`));
      if (isStarted) driver.ended(container, end);
      else earlyEnds.set(container, end);
    },
  });

  closing.add(() => containers.stop());
  for (const line of containers.capabilities) log(line);

  const server = await AgentServer.listen(settings);
  closing.add(() => server.close());
  if (!isLoopback(settings.ip) && settings.authentication.readwrite === OPEN)
    log(
      `warning: whoever reaches ${settings.ip}:${server.port} can run programs here; see --authenticate_http_readwrite`,
    );
  const address = { ip: reachableIp(settings), port: server.port };
  const info = describe(settings, workDir, server.port);
  refuseReconfiguration(settings, entries, info);

  const flags = { ...DEFAULT_FLAGS, ...HISTORY_FLAGS, ...settings.flags };
  const agent = new Agent({
    info,
    ip: address.ip,
    flags: {
      ...flags,
      executorReregistrationTimeoutUs: flags.executorReregistrationTimeoutUs + REREGISTRATION_SLACK_US,
    },
    random: stream(randomBytes(16).toString('hex'), 'agent'),
  });
  const tokens = settings.jwtSecretKey === null ? null : new ExecutorTokens(settings.jwtSecretKey);
  const link = new MasterLink(
    { master: settings.master, authorization: authorizationOf(settings), tls: settings.tls },
    {
      opened: (name) => driver.step({ kind: 'master', link: name }),
      message(name, message) {
        driver.step({ kind: 'master-message', link: name, message });
        if (message.type === 'REGISTERED' || message.type === 'REREGISTERED')
          log(`registered with master ${link.master} as agent ${message.agentId.value}`);
      },
      broken(name) {
        log('the link to the master broke');
        driver.step({ kind: 'link-broken', link: name });
      },
      trouble: log,
    },
  );
  const executors = new ExecutorRoute(agent, (input) => driver.step(input), tokens !== null);
  const launch = async (wanted: ContainerLaunch) => {
    const { container, framework, executor } = wanted;
    const claims = { fid: framework.id!.value, eid: executor.executor_id.value, cid: container };
    const token = tokens === null ? null : await tokens.sign(claims);
    const host = {
      ...address,
      agentId: agent.state.id!,
      isSecure: settings.tls !== null,
      workDir,
      sandboxDirectory: settings.sandboxDirectory,
      flags,
      recoveryTimeoutUs: settings.recoveryTimeoutUs,
      variables: settings.executorEnvironmentVariables,
    };
    containers.launch(withProgram(wanted, docker), executorEnvironment(wanted, host, token));
  };
  const driver = new AgentDriver(agent, {
    store,
    containers,
    executors,
    send: (name, message) => link.send(name, message),
    launch,
    workDir,
    bootId: readFileSync(BOOT_ID_FILE, 'utf8').trim(),
    diskWatchIntervalUs: settings.diskWatchIntervalUs,
    exited: (reason) => void closing.close().then(() => over.resolve(reason), over.reject),
  });

  const running = await containers.recover();
  await daemon?.removeOthers(running);
  isStarted = true;
  driver.start(entries, [...new Set([...running, ...earlyEnds.keys()])], earlyEnds);
  closing.add(() => driver.stop());
  closing.add(() => executors.stop());
  const facts: AgentFacts = {
    info,
    pid: `slave(1)@${address.ip}:${address.port}`,
    startedUs,
    version: VERSION,
    flags: settings.shownFlags,
    workDir,
    masterHostname: () => link.master?.replace(/:\d+$/, '') ?? null,
  };
  const files = new ShownFiles(() => sandboxRoots(agent, workDir), shownFolders(workDir));
  const calls = new AgentCalls(agent, facts, containers, files);
  server.serve({
    tokens,
    executor: (exchange) => executors.handle(exchange),
    operator: (exchange) => operatorRoute(calls, exchange),
    read: (path, query) => readLegacy(agent, facts, containers, files, path, query),
  });
  closing.add(() => link.stop());
  link.start();
  return {
    address: `${address.ip}:${address.port}`,
    async stop() {
      await closing.close();
      over.resolve('Agent was stopped');
    },
    unregister: () => driver.step({ kind: 'unregister' }),
    ended: over.promise,
  };
}

async function describeDocker(daemon: DockerDaemon): Promise<string> {
  try {
    return await daemon.describe();
  } catch (error) {
    throw new InputError(
      'OPTION_VALUE',
      `--containerizers asks for Docker, but no daemon answers: ${(error as Error).message}; start one, or name its socket with --docker_socket`,
      { file: daemon.socket },
    );
  }
}

/** What is open, closed in the opposite order. */
class Closing {
  private readonly actions: (() => unknown)[] = [];

  add(action: () => unknown): void {
    this.actions.push(action);
  }

  async close(): Promise<void> {
    for (let action = this.actions.pop(); action !== undefined; action = this.actions.pop()) await action();
  }
}

function openWorkDir({ workDir }: AgentSettings): string {
  try {
    mkdirSync(workDir, { recursive: true });
    return realpathSync(workDir);
  } catch (error) {
    throw new InputError('OUTPUT_UNWRITABLE', `--work_dir: ${(error as Error).message}`, { file: workDir });
  }
}

function describe(settings: AgentSettings, workDir: string, port: number): AgentInfo {
  const { resources, defaultRole, attributes, domain } = settings;
  return {
    hostname: agentHostname(settings),
    port,
    resources: agentResources(resources, defaultRole, machineSize(workDir)).toWire(),
    attributes: agentAttributes(attributes),
    ...(domain !== null && { domain }),
  };
}

function refuseReconfiguration(
  { reconfigurationPolicy: policy, workDir }: AgentSettings,
  entries: CheckpointEntries,
  info: AgentInfo,
): void {
  const before = entries[AGENT_KEY] as AgentInfo | undefined;
  const problem = before === undefined ? null : reconfigurationProblem(before, info, policy);
  if (problem !== null)
    throw new InputError(
      'OPTION_CONFLICT',
      `--reconfiguration_policy=${policy} forbids it: ${problem}; start it as it was, or end what it ran ` +
        `with --recover=cleanup --work_dir=${workDir} and start it as a new agent`,
    );
}

function authorizationOf({ credential }: AgentSettings): string | null {
  if (credential === null) return null;
  return `Basic ${Buffer.from(`${credential.principal}:${credential.secret}`).toString('base64')}`;
}
