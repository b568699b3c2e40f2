/** Tasks that want an image, by a real Docker daemon (reference §6.3); needs root and Debian's docker.io and busybox-static. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ContainerInfo, TaskInfo } from '../../../src/protocol/v1/mesos.ts';
import { type RunningAgent, startAgent } from '../../../src/real/agent/start-agent.ts';
import { parseResourcesText } from '../../../src/resources/text.ts';
import { folderOf } from '../../temporary-files.ts';
import { endAll, settingsOf } from '../agent/agent-under-test.ts';
import { ScriptedMaster } from '../agent/scripted-master.ts';
import { hasDocker, IMAGE, useDocker } from './docker-under-test.ts';

test.runIf(process.env.CI === 'true')('this machine has Docker', () => {
  expect(hasDocker()).toBe(true);
});

describe.runIf(hasDocker())('with Docker', () => {
  const docker = useDocker();

  async function start() {
    const master = await ScriptedMaster.listen();
    const workDir = folderOf({});
    const settings = { docker: { socket: docker().socket, isCpuBounded: false } };
    const begin = (port: number) =>
      startAgent(settingsOf(master.address, workDir, { ...settings, port }), () => {});
    let agent: RunningAgent = await begin(0);
    onTestFinished(() => endAll(agent));
    await master.message('REGISTER');
    return {
      master,
      sandbox: (id: string) => join(workDir, `slaves/M-S0/frameworks/F/executors/${id}/runs/latest`),
      async restart() {
        await agent.stop();
        agent = await begin(Number(agent.address.split(':')[1]));
        await master.message('REREGISTER');
      },
      run(id: string, value: string, rest: Partial<TaskInfo> = {}, info: Partial<ContainerInfo> = {}) {
        const container: ContainerInfo = {
          type: 'DOCKER',
          docker: { image: IMAGE, network: 'HOST' },
          ...info,
        };
        master.run(id, { command: { value }, container, ...rest });
      },
    };
  }

  const containers = async () =>
    (await docker().docker.listContainers({ all: true })).map(({ Names }) => Names[0]);

  test('the command runs in the image; what it writes is in the sandbox, and so is what it leaves there', async () => {
    const { master, run, sandbox } = await start();
    run('t', 'echo out; echo err >&2; echo kept > $MESOS_SANDBOX/file; test ! -e /usr; exit 3');
    const { status } = await master.status('t', 'TASK_FAILED');
    expect(status.message).toContain('exited with status 3');
    const read = (name: string) => readFileSync(join(sandbox('t'), name), 'utf8');
    expect([read('stdout'), read('stderr'), read('file')]).toEqual(['out\n', 'err\n', 'kept\n']);
    expect(master.statesOf('t')).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FAILED']);
  });

  test('volumes, variables, options of Docker and programs without a shell are given to it', async () => {
    const { master, run, sandbox } = await start();
    const outside = folderOf({ 'given.txt': 'given' });
    const docker = {
      image: IMAGE,
      parameters: [
        { key: 'env', value: 'MORE=2' },
        { key: 'workdir', value: '/mnt' },
      ],
    };
    const command = {
      shell: false,
      value: 'sh',
      arguments: [
        '-c',
        'cat /data/given.txt; echo " $ONE $MORE"; touch /data/x 2>/dev/null || echo read-only; touch made/y; pwd',
      ],
      environment: { variables: [{ name: 'ONE', value: '1' }] },
    };
    const volumes = [
      { container_path: '/data', host_path: outside, mode: 'RO' },
      { container_path: '/mnt/made', host_path: 'inner', mode: 'RW' },
    ] as const;
    run('t', '', { command }, { docker, volumes });
    await master.status('t', 'TASK_FINISHED');
    expect(readFileSync(join(sandbox('t'), 'stdout'), 'utf8')).toBe('given 1 2\nread-only\n/mnt\n');
    expect(readFileSync(join(sandbox('t'), 'inner/y'), 'utf8')).toBe('');
  });

  test('a container with an image of type MESOS runs there, too', async () => {
    const { master, run, sandbox } = await start();
    const mesos = { image: { type: 'DOCKER', docker: { name: IMAGE } } } as const;
    run('t', 'test ! -e /usr && echo inside', {}, { type: 'MESOS', mesos, docker: undefined });
    await master.status('t', 'TASK_FINISHED');
    expect(readFileSync(join(sandbox('t'), 'stdout'), 'utf8')).toBe('inside\n');
  });

  test('memory is limited, and the reason is told', async () => {
    const { master, run } = await start();
    run('t', 'exec dd if=/dev/zero of=/dev/null bs=200M count=1', {
      resources: parseResourcesText('cpus:0.1;mem:64').toWire(),
    });
    const { status } = await master.status('t', 'TASK_FAILED');
    expect(status).toMatchObject({ reason: 'REASON_CONTAINER_LIMITATION_MEMORY' });
    expect(status.message).toContain('limit 64 MiB');
  });

  test('a task is killed, first with SIGTERM', async () => {
    const { master, run, sandbox } = await start();
    run('t', 'trap "echo bye; exit 0" TERM; echo up; while :; do sleep 0.1; done');
    await master.status('t', 'TASK_RUNNING');
    await expect
      .poll(() => readFileSync(join(sandbox('t'), 'stdout'), 'utf8'), { timeout: 20_000 })
      .toBe('up\n');
    master.kill('t');
    await master.status('t', 'TASK_KILLED');
    expect(readFileSync(join(sandbox('t'), 'stdout'), 'utf8')).toBe('up\nbye\n');
  });

  test('what runs goes on while the agent is away, and is found again', async () => {
    const { master, run, sandbox, restart } = await start();
    run('t', 'while test ! -e $MESOS_SANDBOX/go; do sleep 0.1; done; echo done');
    await master.status('t', 'TASK_RUNNING');
    await restart();
    expect(await containers()).toHaveLength(1);
    writeFileSync(join(sandbox('t'), 'go'), '');
    await master.status('t', 'TASK_FINISHED');
    expect(readFileSync(join(sandbox('t'), 'stdout'), 'utf8')).toBe('done\n');
    await expect.poll(containers, { timeout: 20_000 }).toEqual([]);
  });

  test('nothing is left in Docker of an executor that was killed', async () => {
    const { master, run } = await start();
    run('t', 'sleep 1000');
    const { status } = await master.status('t', 'TASK_RUNNING');
    expect(status.container_status?.executor_pid).toBeGreaterThan(0);
    const { Id } = (await docker().docker.listContainers())[0];
    const { Name } = await docker().docker.getContainer(Id).inspect();
    expect(Name).toMatch(/^\/mesos-/);
    const executor = executorOf(Name.slice('/mesos-'.length));
    process.kill(executor, 'SIGKILL');
    await master.status('t', 'TASK_FAILED');
    await expect.poll(containers, { timeout: 20_000 }).not.toContain(Name);
  });

  test('a command checks the health of what runs in the container', async () => {
    const { master, run } = await start();
    run('t', 'sleep 2; touch /tmp/ready; exec sleep 1000', {
      health_check: {
        type: 'COMMAND',
        command: { value: 'test -e /tmp/ready' },
        delay_seconds: 0,
        interval_seconds: 0.2,
        grace_period_seconds: 60,
      },
    });
    const healthy = await master.message('STATUS_UPDATE', ({ status }) => status.healthy === true);
    expect(healthy.status.state).toBe('TASK_RUNNING');
  });

  test.each([
    [{ image: 'no-such-image:1' }, 'no-such-image'],
    [
      { image: IMAGE, parameters: [{ key: 'gpus', value: 'all' }] },
      "Docker's option 'gpus' is not understood",
    ],
    [
      { image: IMAGE, port_mappings: [{ host_port: 31000, container_port: 80 }] },
      'Port mappings are only supported',
    ],
    [{ image: IMAGE, network: 'USER' as const }, 'has no name'],
  ])('%j is refused with the reason', async (info, reason) => {
    const { master, run } = await start();
    run('t', 'true', {}, { docker: info });
    const { status } = await master.status('t', 'TASK_FAILED');
    expect(status).toMatchObject({ reason: 'REASON_CONTAINER_LAUNCH_FAILED' });
    expect(status.message).toContain(reason);
  });
});

test('an agent that is to have Docker does not start without', async () => {
  const settings = settingsOf('127.0.0.1:1', folderOf({}), {
    docker: { socket: '/nowhere/docker.sock', isCpuBounded: false },
  });
  await expect(startAgent(settings, () => {})).rejects.toThrow('no daemon answers');
});

/** Process id of an executor, which has its container's name on its command line. */
function executorOf(container: string): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      if (words[2]?.endsWith('docker-executor.ts') && words.includes(container)) return Number(pid);
    } catch {
      // It has ended meanwhile.
    }
  }
  throw new Error(`no executor of ${container} runs`);
}
