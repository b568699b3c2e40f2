import { mkdirSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_FLAGS } from '../../../src/agent/flags.ts';
import type { ContainerLaunch } from '../../../src/agent/io.ts';
import { endedSandboxes } from '../../../src/real/agent/ended-sandboxes.ts';
import { executorEnvironment } from '../../../src/real/agent/executor-environment.ts';
import { ExecutorTokens } from '../../../src/real/agent/executor-token.ts';
import { readEnvironment } from '../../../src/real/executor/environment.ts';
import { folderOf } from '../../temporary-files.ts';

const LAUNCH: ContainerLaunch = {
  container: 'c',
  framework: { user: 'u', name: 'n', id: { value: 'F' }, checkpoint: true },
  executor: { executor_id: { value: 'E' } },
  task: null,
  command: {
    value: 'x',
    environment: {
      variables: [
        { name: 'A', value: '1' },
        {
          name: 'B',
          type: 'SECRET',
          secret: { type: 'VALUE', value: { data: Buffer.from('s3').toString('base64') } },
        },
        { name: 'MESOS_CHECKPOINT', value: 'mine' },
      ],
    },
  },
  image: null,
  resources: [],
  sandbox: 'slaves/S/frameworks/F/executors/E/runs/c',
  isCheckpointed: true,
};
const HOST = {
  agentId: 'S',
  ip: '127.0.0.1',
  port: 5051,
  isSecure: false,
  workDir: '/w',
  sandboxDirectory: '/mnt/mesos/sandbox',
  flags: DEFAULT_FLAGS,
  recoveryTimeoutUs: 15 * 60e6,
  variables: { A: '0', LANG: 'C' },
};

describe('the environment of executors', () => {
  it('says where the agent is, and what the framework wants', () => {
    expect(executorEnvironment(LAUNCH, HOST, 'token')).toMatchObject({
      A: '1',
      B: 's3',
      LANG: 'C',
      MESOS_FRAMEWORK_ID: 'F',
      MESOS_EXECUTOR_ID: 'E',
      MESOS_DIRECTORY: '/w/slaves/S/frameworks/F/executors/E/runs/c',
      MESOS_SANDBOX: '/w/slaves/S/frameworks/F/executors/E/runs/c',
      MESOS_SLAVE_ID: 'S',
      MESOS_SLAVE_PID: 'slave(1)@127.0.0.1:5051',
      MESOS_AGENT_ENDPOINT: '127.0.0.1:5051',
      MESOS_CHECKPOINT: 'mine',
      MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: '5secs',
      MESOS_RECOVERY_TIMEOUT: '15mins',
      MESOS_SUBSCRIPTION_BACKOFF_MAX: '2secs',
      MESOS_EXECUTOR_AUTHENTICATION_TOKEN: 'token',
    });
  });

  it('says how long the executor may take to end, if its framework says so', () => {
    const executor = { ...LAUNCH.executor, shutdown_grace_period: { nanoseconds: 90e9 } };
    const environment = executorEnvironment({ ...LAUNCH, executor }, HOST, null);
    expect(environment.MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD).toBe('90secs');
  });

  it('is what our own executors read', () => {
    const launch = { ...LAUNCH, command: null };
    expect(readEnvironment(executorEnvironment(launch, { ...HOST, isSecure: true }, null))).toEqual({
      origin: 'https://127.0.0.1:5051',
      sandbox: '/w/slaves/S/frameworks/F/executors/E/runs/c',
      authorization: null,
      frameworkId: { value: 'F' },
      executorId: { value: 'E' },
      isCheckpointed: true,
      recoveryTimeoutUs: 15 * 60e6,
      subscriptionBackoffMaxUs: 2e6,
    });
  });

  it('names the sandbox as the container sees it', () => {
    const image = { type: 'MESOS', mesos: { image: { type: 'DOCKER', docker: { name: 'x' } } } } as const;
    const environment = executorEnvironment({ ...LAUNCH, image, isCheckpointed: false }, HOST, null);
    expect(environment.MESOS_SANDBOX).toBe('/mnt/mesos/sandbox');
    expect(environment).not.toHaveProperty('MESOS_RECOVERY_TIMEOUT');
  });
});

describe('the token of an executor', () => {
  const tokens = new ExecutorTokens(Buffer.alloc(32, 1));
  const claims = { fid: 'F', eid: 'E', cid: 'c' };

  it('tells who it is, and cannot be made up', async () => {
    const token = await tokens.sign(claims);
    expect(await tokens.verify(`Bearer ${token}`)).toEqual(claims);
    expect(await tokens.verify(undefined)).toBeNull();
    expect(await tokens.verify('Basic YTpi')).toBeNull();
    const forged = await new ExecutorTokens(Buffer.alloc(32, 2)).sign(claims);
    expect(await tokens.verify(`Bearer ${forged}`)).toBeNull();
    const [, payload] = token.split('.');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    expect(await tokens.verify(`Bearer ${unsigned}`)).toBeNull();
  });
});

describe('sandboxes that earlier executors left', () => {
  it('are found on disk, oldest first, without those in use', () => {
    const workDir = folderOf({});
    const sandbox = (executor: string, run: string, seconds: number) => {
      const path = `slaves/S/frameworks/F/executors/${executor}/runs/${run}`;
      mkdirSync(join(workDir, path), { recursive: true });
      utimesSync(join(workDir, path), seconds, seconds);
      return path;
    };
    const young = sandbox('a', 'young', 2000);
    const old = sandbox('b', 'old', 1000);
    sandbox('b', 'running', 1500);
    symlinkSync('old', join(workDir, 'slaves/S/frameworks/F/executors/b/runs/latest'));
    expect(endedSandboxes(workDir, new Set(['running']))).toEqual([
      { sandbox: old, endedUs: 1000e6 },
      { sandbox: young, endedUs: 2000e6 },
    ]);
    expect(endedSandboxes(folderOf({}), new Set())).toEqual([]);
  });
});
