/**
 * Files that the version before wrote are taken over; those of a newer one are refused. `before-versions` holds a registry
 * (an agent, a weight, a quota) and an agent's checkpoint from before files had versions.
 */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Agent } from '../../../src/agent/agent.ts';
import { AGENT_KEY } from '../../../src/agent/checkpoint.ts';
import { stream } from '../../../src/cluster/streams.ts';
import type { AgentInfo } from '../../../src/protocol/v1/mesos.ts';
import { CheckpointStore } from '../../../src/real/agent/checkpoint-store.ts';
import { SqliteStore } from '../../../src/real/store/sqlite-store.ts';
import { DrivenMaster } from '../../master/driven-master.ts';
import { folderOf } from '../../temporary-files.ts';
import { MasterUnderTest } from '../master/master-under-test.ts';

const BEFORE = join(import.meta.dirname, 'before-versions');
const AGENT = '613d15e0-bf2e-4654-8f37-e17c4d2eb5be-S0';
const NEWER = /newer mesolab wrote/;

/** @returns a work directory with the file of before in it */
function workDirWith(file: string, ...folder: readonly string[]): string {
  const workDir = folderOf({});
  mkdirSync(join(workDir, ...folder), { recursive: true });
  copyFileSync(join(BEFORE, file), join(workDir, ...folder, file));
  return workDir;
}

function claimForNewer(file: string): void {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA user_version = 99');
  database.close();
}

const openCheckpoint = (workDir: string) =>
  new CheckpointStore(workDir, {
    saved() {},
    failed(error) {
      throw error;
    },
  });

describe('a registry', () => {
  it('of the version before is taken over', async () => {
    const master = await MasterUnderTest.open(workDirWith('registry.db'));
    onTestFinished(() => master.stop());
    const read = async (type: 'GET_AGENTS' | 'GET_WEIGHTS' | 'GET_QUOTA') =>
      JSON.parse((await master.operator({ type })).text);
    const { recovered_agents } = (await read('GET_AGENTS')).get_agents;
    expect(recovered_agents).toMatchObject([{ id: { value: AGENT } }]);
    expect((await read('GET_WEIGHTS')).get_weights.weight_infos).toEqual([{ role: 'web', weight: 2 }]);
    expect((await read('GET_QUOTA')).get_quota.status.configs).toMatchObject([{ role: 'web' }]);
  });

  it('of a newer version is refused', () => {
    const workDir = workDirWith('registry.db');
    claimForNewer(join(workDir, 'registry.db'));
    expect(() => new SqliteStore(join(workDir, 'registry.db'))).toThrow(NEWER);
  });

  it('that masters share and a newer one wrote makes an older one end, before it writes', () => {
    const driven = DrivenMaster.leading({}, { version: 99 });
    expect(driven.aborts).toEqual([expect.stringMatching(NEWER)]);
    expect(driven.stored).toEqual([]);
  });
});

describe("an agent's checkpoint", () => {
  it('of the version before is taken over: the agent comes back under its id', () => {
    const store = openCheckpoint(workDirWith('checkpoint.db', 'meta'));
    onTestFinished(() => store.close());
    const entries = store.entries();
    const info = entries[AGENT_KEY] as AgentInfo;
    const agent = new Agent({ info, ip: '127.0.0.1', random: stream('upgrade', 'agent') });
    const start = { kind: 'start', entries, liveContainers: [], sandboxes: [], bootId: 'after' } as const;
    agent.step(start, 0);
    expect(agent.state.id).toBe(AGENT);
  });

  it('of a newer version is refused', () => {
    const workDir = workDirWith('checkpoint.db', 'meta');
    claimForNewer(join(workDir, 'meta', 'checkpoint.db'));
    expect(() => openCheckpoint(workDir)).toThrow(NEWER);
  });
});
