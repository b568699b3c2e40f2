/** One policy object decides in replay, in protocol simulation and on a real cluster, and decides alike. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MESOS_FAIRNESS } from '../../src/allocator/hierarchical/terms.ts';
import { buildCluster } from '../../src/cluster/cluster.ts';
import { stream } from '../../src/cluster/streams.ts';
import { Scheduler } from '../../src/frameworks/scheduler.ts';
import { Trace } from '../../src/frameworks/trace.ts';
import type { JournalEntry, JournalHeader } from '../../src/master/journal.ts';
import type { RunTables } from '../../src/metrics/tables.ts';
import type { Policy } from '../../src/policies/policy.ts';
import { startAgent } from '../../src/real/agent/start-agent.ts';
import { listedMasters } from '../../src/real/coordination/masters.ts';
import { OPEN } from '../../src/real/http/authentication.ts';
import { startMaster } from '../../src/real/master/start-master.ts';
import { runScheduler } from '../../src/real/scheduler-client/run-scheduler.ts';
import { FORGETFUL } from '../../src/real/scheduler-client/saved-state.ts';
import { JournalReplay } from '../../src/sim/journal-replay.ts';
import { DEFAULT_PROTOCOL } from '../../src/sim/protocol/options.ts';
import { ProtocolSimulation } from '../../src/sim/protocol/simulation.ts';
import { WorkloadBuilder } from '../../src/workload/builder.ts';
import { play } from '../sim/play.ts';
import { folderOf } from '../temporary-files.ts';
import { endAll, settingsOf } from './agent/agent-under-test.ts';

const AGENTS = 6;
const WEIGHTS = new Map([
  ['a', 3],
  ['b', 2],
  ['c', 1],
]);
const ROLES = [...WEIGHTS.keys()];

/** A user's own: cpus by weight, with no two keys ever equal. */
let asked = 0;
const policy: Policy = {
  name: 'cpus-by-weight',
  title: 'cpus by weight',
  source: 'this test',
  order: {
    kind: 'roles',
    key({ resources, usage, weight }) {
      asked++;
      return (usage[resources.indexOf('cpus')] + 700) / weight;
    },
  },
};

/** Each agent has room for one task of any role, and comes when all of them wait. */
const SIZE = { cpus: 1, mem: 64 };
const agents = Array.from({ length: AGENTS }, (_, index) => ({ id: `agent-${index}`, resources: SIZE }));

function workload() {
  const builder = new WorkloadBuilder('one policy');
  const request = builder.request(SIZE, null);
  for (const role of ROLES) {
    builder.job({ role, submitUs: 0 });
    builder.tasks(AGENTS, request, 3600e6);
  }
  return builder.finish(null, new Map());
}

/** Roles of the tasks in the order of their starts. */
function served({ jobs, tasks }: Pick<RunTables, 'jobs' | 'tasks'>): string[] {
  return [...tasks.startSeconds.keys()]
    .filter((task) => Number.isFinite(tasks.startSeconds[task]))
    .sort((one, other) => tasks.startSeconds[one] - tasks.startSeconds[other])
    .map((task) => jobs.role[tasks.job[task]]);
}

test('replay, protocol simulation and a real cluster serve roles in one order', {
  timeout: 120_000,
}, async () => {
  const joins = agents.map(({ id }, index) => ({
    timeUs: (index + 1) * 1e6,
    agentId: id,
    kind: 'join' as const,
  }));
  const absent = agents.map((agent) => ({ ...agent, isAbsent: true }));
  const cluster = buildCluster(absent, joins);
  const replay = play(workload(), cluster, policy, { weights: WEIGHTS, untilUs: 100e6 });
  const inReplay = served(replay.tables());
  expect(inReplay).toEqual(['a', 'b', 'a', 'c', 'b', 'a']);
  const askedInReplay = asked;

  const simulation = new ProtocolSimulation(workload(), {
    seed: '1',
    cluster,
    policy,
    weights: WEIGHTS,
    limits: new Map(),
    guarantees: new Map(),
    model: { kind: 'protocol', intervalUs: 1e6, holdUs: Infinity, refuseUs: 5e6, world: DEFAULT_PROTOCOL },
    failures: null,
    untilUs: 100e6,
    isChecked: false,
  });
  while (!simulation.advance(10_000));
  expect(served(simulation.tables())).toEqual(inReplay);
  expect(asked).toBeGreaterThan(askedInReplay);

  const askedInSimulation = asked;
  const journal = folderOf({});
  expect(await onRealCluster(journal)).toEqual(inReplay);
  expect(asked).toBeGreaterThan(askedInSimulation);

  // The same inputs once more: what the real master did, a simulated one does.
  const [file] = readdirSync(journal);
  const [head, ...lines] = readFileSync(join(journal, file), 'utf8').trim().split('\n');
  const again = new JournalReplay(JSON.parse(head) as JournalHeader, policy, null);
  expect(lines.length).toBeGreaterThan(50);
  for (const line of lines) expect(again.step(JSON.parse(line) as JournalEntry)).toBe(true);
});

async function onRealCluster(journal: string): Promise<string[]> {
  const master = await startMaster(
    {
      workDir: folderOf({}),
      ip: '127.0.0.1',
      port: 0,
      hostname: null,
      advertiseIp: null,
      policy,
      policyFile: null,
      flags: { weights: Object.fromEntries(WEIGHTS) },
      allocation: {
        minAllocatable: [{ cpus: 10 }],
        excludedResources: [],
        filterGpuResources: true,
        fairness: MESOS_FAIRNESS,
      },
      region: null,
      authentications: { schedulers: OPEN, operators: OPEN, agents: OPEN },
      console: 'off',
      tls: null,
      registry: null,
      journal,
      shownFlags: {},
      version: { version: '1.11.0' },
    },
    () => {},
  );
  const order: string[] = [];
  const work = workload();
  const addresses = {
    masters: listedMasters([`http://${master.address}`]),
    encoding: 'protobuf',
    authorization: null,
    dispatcher: null,
  } as const;
  let subscribed = 0;
  const schedulers = ROLES.map((role, index) => {
    const info = { user: 'root', name: role, roles: [role], capabilities: [{ type: 'MULTI_ROLE' as const }] };
    const application = new Trace(work, index, { ...OPTIONS, startUs: Date.now() * 1000 });
    return runScheduler(new Scheduler(info, application, stream(role, 'scheduler')), addresses, FORGETFUL, {
      event: ({ type }) => {
        if (type === 'SUBSCRIBED') subscribed++;
      },
      called: ({ accept }) => {
        for (const { launch } of accept?.operations ?? [])
          order.push(...(launch?.task_infos ?? []).map(() => role));
      },
    });
  });
  await until(() => subscribed === ROLES.length);
  const running = [];
  for (let index = 0; index < AGENTS; index++) {
    const settings = settingsOf(master.address, folderOf({}), {
      resources: 'cpus:1;mem:64;disk:0;ports:[31000-31000]',
    });
    running.push(await startAgent(settings, () => {}));
    await until(() => order.length > index);
  }
  for (const scheduler of schedulers) scheduler.stop();
  await Promise.all(running.map(endAll));
  await master.stop();
  return order;
}

const OPTIONS = { refuseUs: 5e6, holdUs: 5e6, replaceUnreachableAfterUs: 60e6 };

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}
