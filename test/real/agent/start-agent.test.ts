import { describe, expect, it, onTestFinished } from 'vitest';
import type { AgentSettings } from '../../../src/real/agent/agent-settings.ts';
import { startAgent } from '../../../src/real/agent/start-agent.ts';
import { folderOf } from '../../temporary-files.ts';
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
    expect(master.statesOf('t')).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
    expect(status.agent_id).toEqual(AGENT_ID);
    expect(lines).toContain(`registered with master ${master.address} as agent M-S0`);
  });
});
