import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AgentSettings } from '../../../src/real/agent/agent-settings.ts';
import { cleanUpAgent, startAgent } from '../../../src/real/agent/start-agent.ts';
import { folderOf } from '../../temporary-files.ts';
import { TEST_CERTIFICATE, TEST_KEY } from '../certificate.ts';
import { endAll, settingsOf } from './agent-under-test.ts';
import { AGENT_ID, ScriptedMaster } from './scripted-master.ts';

async function startRegistered(changes: Partial<AgentSettings> = {}) {
  const master = await ScriptedMaster.listen();
  const workDir = folderOf({});
  const lines: string[] = [];
  const agent = await startAgent(settingsOf(master.address, workDir, changes), (line) => lines.push(line));
  onTestFinished(() => endAll(agent));
  await master.message('REGISTER');
  return { master, agent, workDir, lines };
}

describe('an agent', () => {
  it('registers, and runs a task with a command', async () => {
    const { master, agent, lines } = await startRegistered();
    const { info } = await master.message('REGISTER');
    expect(info).toMatchObject({ hostname: 'localhost', port: Number(agent.address.split(':')[1]) });
    master.run('t', { command: { value: 'echo hello' } });
    const { status } = await master.status('t', 'TASK_FINISHED');
    // One that was on its way while the agent registered may be told twice.
    expect([...new Set(master.statesOf('t'))]).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
    expect(status.agent_id).toEqual(AGENT_ID);
    expect(lines).toContain(`registered with master ${master.address} as agent M-S0`);
  });

  it('that is stopped lets its tasks run; one that cleans up ends them, and is forgotten', async () => {
    const { master, agent, workDir } = await startRegistered();
    master.run('t', { command: { value: 'echo $$ > pid; exec sleep 1000' } });
    await master.status('t', 'TASK_RUNNING');
    await agent.stop();
    const pid = Number(
      readFileSync(join(workDir, 'slaves/M-S0/frameworks/F/executors/t/runs/latest/pid'), 'utf8'),
    );
    expect(isThere(pid)).toBe(true);
    const lines: string[] = [];
    await cleanUpAgent(settingsOf(master.address, workDir), (line) => lines.push(line));
    expect(lines).toEqual(['ending 1 containers of an earlier start']);
    await expect.poll(() => isThere(pid)).toBe(false);
    const next = await startAgent(settingsOf(master.address, workDir), () => {});
    onTestFinished(() => next.stop());
    await expect.poll(() => master.heard.filter(({ type }) => type === 'REGISTER').length).toBe(2);
  });

  it('does not run on its own files what wants an image', async () => {
    const { master } = await startRegistered();
    const container = { type: 'DOCKER', docker: { image: 'busybox' } } as const;
    master.run('t', { command: { value: 'true' }, container });
    const { status } = await master.status('t', 'TASK_FAILED');
    expect(status).toMatchObject({ reason: 'REASON_CONTAINER_LAUNCH_FAILED' });
    expect(status.message).toContain('runs no images');
  });

  it('that unregisters ends its tasks, and comes back as another', async () => {
    const { master, agent, workDir } = await startRegistered();
    master.run('t', { command: { value: 'exec sleep 1000' } });
    await master.status('t', 'TASK_RUNNING');
    agent.unregister();
    expect(await agent.ended).toBe('Agent was told to unregister');
    await master.message('UNREGISTER');
    const next = await startAgent(settingsOf(master.address, workDir), () => {});
    onTestFinished(() => next.stop());
    await expect.poll(() => master.heard.filter(({ type }) => type === 'REGISTER').length).toBe(2);
  });

  it('goes when its master sends it away', async () => {
    const { master, agent } = await startRegistered();
    master.tell({ type: 'SHUTDOWN', reason: 'Agent is gone' });
    expect(await agent.ended).toBe('Agent is gone');
  });

  it('encrypts its connections, to its master and to its executors', async () => {
    const tls = { certificate: TEST_CERTIFICATE, key: TEST_KEY, ca: TEST_CERTIFICATE };
    const master = await ScriptedMaster.listen({ cert: TEST_CERTIFICATE, key: TEST_KEY });
    const agent = await startAgent(settingsOf(master.address, folderOf({}), { tls }), () => {});
    onTestFinished(() => endAll(agent));
    await master.message('REGISTER');
    master.run('t', { command: { value: 'true' } });
    await master.status('t', 'TASK_FINISHED');
    await expect(fetch(`http://${agent.address}/health`)).rejects.toThrow();
  });

  it('does not trust a master whom nobody vouches for', async () => {
    const master = await ScriptedMaster.listen({ cert: TEST_CERTIFICATE, key: TEST_KEY });
    const tls = { certificate: TEST_CERTIFICATE, key: TEST_KEY, ca: undefined };
    const lines: string[] = [];
    const agent = await startAgent(settingsOf(master.address, folderOf({}), { tls }), (line) =>
      lines.push(line),
    );
    onTestFinished(() => agent.stop());
    const problem = `master ${master.address} cannot be reached: DEPTH_ZERO_SELF_SIGNED_CERT`;
    await expect.poll(() => lines).toContain(problem);
  });

  it('says when its address is taken', async () => {
    const { agent } = await startRegistered();
    const port = Number(agent.address.split(':')[1]);
    const other = settingsOf('127.0.0.1:1', folderOf({}), { port });
    await expect(startAgent(other, () => {})).rejects.toThrow(`--ip 127.0.0.1 --port ${port}: EADDRINUSE`);
  });
});

/** Not even as a zombie. */
function isThere(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
