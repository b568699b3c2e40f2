/** Settings of agents in tests: on the loopback, at any port, quick to register. */
import type { AgentSettings } from '../../../src/real/agent/agent-settings.ts';
import type { RunningAgent } from '../../../src/real/agent/start-agent.ts';
import { createContainerRuntime } from '../../../src/real/containers/create-runtime.ts';
import { DEFAULT_RUNTIME } from '../../../src/real/containers/runtime-options.ts';
import { OPEN } from '../../../src/real/http/authentication.ts';

/** With all that the agent runs. */
export async function endAll(agent: RunningAgent): Promise<void> {
  agent.unregister();
  await agent.ended;
}

export function settingsOf(
  master: string,
  workDir: string,
  changes: Partial<AgentSettings> = {},
): AgentSettings {
  return {
    master,
    workDir,
    ip: '127.0.0.1',
    port: 0,
    advertiseIp: null,
    hostname: null,
    resources: 'cpus:4;mem:1024;disk:1024;ports:[31000-31010]',
    attributes: 'rack:r1',
    defaultRole: '*',
    domain: null,
    recover: 'reconnect',
    reconfigurationPolicy: 'equal',
    flags: { registrationBackoffFactorUs: 1000 },
    recoveryTimeoutUs: 10e6,
    diskWatchIntervalUs: 60e6,
    executorEnvironmentVariables: {},
    sandboxDirectory: '/mnt/mesos/sandbox',
    jwtSecretKey: null,
    authentication: { readonly: OPEN, readwrite: OPEN },
    credential: null,
    tls: null,
    docker: null,
    createContainers: (folder, events) =>
      createContainerRuntime({ ...DEFAULT_RUNTIME, workDir: folder }, events),
    shownFlags: { port: '0' },
    ...changes,
  };
}
