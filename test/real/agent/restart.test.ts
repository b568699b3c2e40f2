import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startAgent } from '../../../src/real/agent/start-agent.ts';
import { folderOf } from '../../temporary-files.ts';
import { settingsOf } from './agent-under-test.ts';
import { ScriptedMaster } from './scripted-master.ts';

const PROGRAM = join(import.meta.dirname, 'agent-program.ts');

interface AgentProcess {
  readonly child: ChildProcess;
  readonly port: number;
}

async function startProcess(master: string, workDir: string, port: number): Promise<AgentProcess> {
  const args = ['--no-warnings', PROGRAM, master, workDir, String(port)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  for await (const line of createInterface(child.stdout!)) {
    const address = /^listening at .*:(\d+)$/.exec(line);
    if (address !== null) return { child, port: Number(address[1]) };
  }
  throw new Error('The agent ended');
}

async function kill({ child }: AgentProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Waits for a file to be, and ends well. */
const waitFor = (file: string) => ({ command: { value: `until [ -e ${file} ]; do sleep 0.05; done` } });

describe('an agent that is killed and started again', () => {
  it('finds its tasks as it left them, and hears how they end', async () => {
    const master = await ScriptedMaster.listen();
    const workDir = folderOf({});
    const done = join(workDir, 'done');
    const first = await startProcess(master.address, workDir, 0);
    await master.message('REGISTER');
    master.run('long', waitFor(done));
    await master.status('long', 'TASK_RUNNING');
    await kill(first);
    await startProcess(master.address, workDir, first.port);
    const { info, tasks } = await master.message('REREGISTER');
    expect(info.id).toEqual({ value: 'M-S0' });
    expect(tasks).toMatchObject([{ task_id: { value: 'long' }, state: 'TASK_RUNNING' }]);
    writeFileSync(done, '');
    await master.status('long', 'TASK_FINISHED');
    // What was not acknowledged when it was killed is told again.
    const states = new Set(master.statesOf('long'));
    expect([...states]).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
  });

  it('hears of the end of a task that came while it was away', async () => {
    const master = await ScriptedMaster.listen();
    const workDir = folderOf({});
    const done = join(workDir, 'done');
    const first = await startProcess(master.address, workDir, 0);
    await master.message('REGISTER');
    master.run('short', waitFor(done));
    await master.status('short', 'TASK_RUNNING');
    await kill(first);
    writeFileSync(done, '');
    // The command ends while nobody is there to be told.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await startProcess(master.address, workDir, first.port);
    await master.status('short', 'TASK_FINISHED');
  });

  it('says how an executor ended while it was away', async () => {
    const master = await ScriptedMaster.listen();
    const workDir = folderOf({});
    const first = await startProcess(master.address, workDir, 0);
    await master.message('REGISTER');
    master.run('t', { command: { value: 'exec sleep 1000' } });
    await master.status('t', 'TASK_RUNNING');
    const containers = await fetch(`http://127.0.0.1:${first.port}/containers`);
    const [{ status }] = (await containers.json()) as { status: { executor_pid: number } }[];
    await kill(first);
    process.kill(status.executor_pid, 'SIGKILL');
    await startProcess(master.address, workDir, first.port);
    const failed = await master.status('t', 'TASK_FAILED');
    expect(failed.status).toMatchObject({ source: 'SOURCE_AGENT', reason: 'REASON_EXECUTOR_TERMINATED' });
    expect(failed.status.message).toContain('signal 9');
  });

  it('kills what it finds, if that is wanted', async () => {
    const master = await ScriptedMaster.listen();
    const workDir = folderOf({});
    const first = await startProcess(master.address, workDir, 0);
    await master.message('REGISTER');
    master.run('long', { command: { value: 'echo $$ > pid; exec sleep 1000' } });
    await master.status('long', 'TASK_RUNNING');
    await kill(first);
    await startProcess(master.address, workDir, first.port);
    await master.message('REREGISTER');
    master.kill('long');
    const { status } = await master.status('long', 'TASK_KILLED');
    expect(status.source).toBe('SOURCE_EXECUTOR');
    const pid = readFileSync(
      join(workDir, 'slaves/M-S0/frameworks/F/executors/long/runs/latest/pid'),
      'utf8',
    ).trim();
    expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH');
  });
});

describe('an agent that is started', () => {
  it('refuses a work directory that another one has', async () => {
    const master = await ScriptedMaster.listen();
    const workDir = folderOf({});
    await startProcess(master.address, workDir, 0);
    await expect(startAgent(settingsOf(master.address, workDir), () => {})).rejects.toThrow(
      `--work_dir ${workDir} is in use by another agent`,
    );
  });

  it('refuses other settings than it had, unless they only add', async () => {
    const master = await ScriptedMaster.listen();
    const workDir = folderOf({});
    const registered = Promise.withResolvers<void>();
    const first = await startAgent(settingsOf(master.address, workDir), (line) => {
      if (line.startsWith('registered')) registered.resolve();
    });
    await registered.promise;
    const port = Number(first.address.split(':')[1]);
    await first.stop();
    const more = { port, attributes: 'rack:r1;zone:z' };
    await expect(startAgent(settingsOf(master.address, workDir, more), () => {})).rejects.toThrow(
      '--reconfiguration_policy=equal forbids it: attributes were added',
    );
    const additive = { ...more, reconfigurationPolicy: 'additive' } as const;
    const second = await startAgent(settingsOf(master.address, workDir, additive), () => {});
    onTestFinished(() => second.stop());
    expect((await master.message('REREGISTER')).info.attributes).toHaveLength(2);
  });
});
