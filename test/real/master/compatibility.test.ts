/** docs/compatibility.md says which calls and endpoints there are; master and agent are asked for each. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningAgent, startAgent } from '../../../src/real/agent/start-agent.ts';
import type { MessageName } from '../../../src/real/wire/message-type.ts';
import { planOf } from '../../../src/real/wire/type-plan.ts';
import { settingsOf } from '../agent/agent-under-test.ts';
import { MasterUnderTest } from './master-under-test.ts';

const DOCUMENT = readFileSync(join(import.meta.dirname, '../../../docs/compatibility.md'), 'utf8');
const APIS = [
  ['scheduler', 'mesos.v1.scheduler.Call', 'master', '/api/v1/scheduler'],
  ['executor', 'mesos.v1.executor.Call', 'agent', '/api/v1/executor'],
  ['operator, master', 'mesos.v1.master.Call', 'master', '/api/v1'],
  ['operator, agent', 'mesos.v1.agent.Call', 'agent', '/api/v1'],
] as const;

/** Rows of the table below a heading: call or endpoint, and whether it is there. */
function rowsBelow(heading: string): Map<string, string> {
  const section = DOCUMENT.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return new Map(
    section.split('\n').flatMap((line) => {
      const match = /^\| `([^`]+)` +\| (\w+)/.exec(line);
      return match === null ? [] : [[match[1], match[2]] as const];
    }),
  );
}

const typesOf = (message: MessageName) =>
  [...planOf(message).byName.get('type')!.numberOf.keys()].filter((type) => type !== 'UNKNOWN');

describe.each(APIS)('the %s API', (name, message) => {
  test('has every call of the schema in the table', () => {
    expect([...rowsBelow(`Calls: ${name}`).keys()].sort()).toEqual(typesOf(message).sort());
  });
});

describe('asked', () => {
  let master: MasterUnderTest;
  let agent: RunningAgent;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mesolab-'));
    master = await MasterUnderTest.open(join(folder, 'master'));
    agent = await startAgent(settingsOf(master.address, join(folder, 'agent')), () => {});
  });
  afterAll(async () => {
    agent.unregister();
    await agent.ended;
    await master.stop();
    rmSync(folder, { recursive: true });
  });

  const cases = APIS.flatMap(([name, message, daemon, path]) =>
    typesOf(message).map((type) => ({ name, type, daemon, path })),
  );
  test.each(cases)('$name $type', async ({ name, type, daemon, path }) => {
    const isThere = rowsBelow(`Calls: ${name}`).get(type) === 'yes';
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const call = { type, framework_id: { value: 'F' }, executor_id: { value: 'E' } };
    const address = daemon === 'master' ? master.address : agent.address;
    const aborted = new AbortController();
    const answer = await fetch(`http://${address}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(call),
      signal: aborted.signal,
    });
    if (isThere) expect(answer.status).not.toBe(501);
    else expect([answer.status, await answer.text()]).toEqual([501, expect.stringContaining(type)]);
    aborted.abort();
  });

  test.each([
    ['master', () => master.address],
    ['agent', () => agent.address],
  ] as const)('endpoints of the %s', async (daemon, address) => {
    const rows = rowsBelow(`Endpoints: ${daemon}`);
    expect(rows.size).toBeGreaterThan(5);
    for (const [path, isThere] of rows) {
      const { status } = await fetch(`http://${address()}${path}`, { redirect: 'manual' });
      if (isThere === 'yes') expect(status, path).not.toBe(404);
      else expect(status, path).toBe(404);
    }
  });
});
