/**
 * How long a cluster has no leader: `npx node bench/real/failover.ts [--kills 100] [--agents 1000] [--lease 5secs]`. Three
 * members of etcd, three masters, simulated agents and a framework on this machine; the leading master is killed (kill -9),
 * and the time is taken until the framework has the first offer from the next.
 */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startFramework } from '../../src/real/sdk/framework.ts';
import { RealCluster } from '../../test/real/election/real-cluster.ts';
import { until } from '../../test/real/election/until.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    agents: { type: 'string', default: '1000' },
    lease: { type: 'string', default: '5secs' },
  },
});
const agents = Number(values.agents);
/** The killed master's start is not part of the failover, and would take a core from it. */
const RESTART_MS = 3_000;

const cluster = await RealCluster.start({
  masters: 3,
  agents: 0,
  lease: values.lease,
  restartMs: RESTART_MS,
});
await until('a leader', async () => (await cluster.leader()) !== null);
const simulated = fork(join(import.meta.dirname, 'agents.ts'), [cluster.url, values.agents]);
await new Promise((resolve) => simulated.once('message', resolve));
let offered = Promise.withResolvers<number>();
startFramework(
  { master: cluster.url, name: 'failover', refuseSeconds: 0 },
  { offer: () => offered.resolve(performance.now()), update: () => {} },
);
const times: number[] = [];
for (let kill = 0; kill < Number(values.kills); kill++) {
  await until('all agents', async () => (await cluster.activeAgents()) === agents);
  await until('all masters', async () => (await standing()) === cluster.addresses.length);
  const leader = (await cluster.leader())!;
  const killed = performance.now();
  await cluster.masters[leader].kill();
  // Offers that had been sent before are not of the next.
  offered = Promise.withResolvers<number>();
  times.push((await offered.promise) - killed);
  console.log(`kill ${kill + 1}: ${times.at(-1)!.toFixed(0)} ms`);
}
times.sort((a, b) => a - b);
const quantile = (part: number) =>
  times[Math.min(times.length - 1, Math.ceil(part * times.length) - 1)].toFixed(0);
console.log(
  `${times.length} kills, ${agents} agents: p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms, longest ${times.at(-1)!.toFixed(0)} ms`,
);
simulated.kill();
await cluster.stop();
process.exit();

async function standing(): Promise<number> {
  const answers = await Promise.all(
    cluster.addresses.map((address) => cluster.get(`http://${address}/health`)),
  );
  return answers.filter(({ status }) => status === 200).length;
}
