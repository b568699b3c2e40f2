/** Simulates what `mesolab play` did on a real cluster: the same workload and agents, several seeds. */
import { buildCluster } from '../../cluster/cluster.ts';
import { InputError } from '../../cluster/errors.ts';
import type { RunTables } from '../../metrics/tables.ts';
import type { StoredRun } from '../../results/run-directory.ts';
import { ProtocolSimulation } from '../../sim/protocol/simulation.ts';
import { choosePolicies } from '../policies/choose-policies.ts';
import { loadPlayed, type PlaySettings, playOptions } from './play-settings.ts';

const EVENTS_PER_TURN = 100_000;

/**
 * @param seeds 1 … so many
 * @param changed settings other than those of the run
 * @throws InputError where the trace is not what was played
 */
export async function simulatePlayed(
  real: StoredRun,
  seeds: number,
  changed: Partial<PlaySettings>,
): Promise<RunTables[]> {
  const settings = { ...(real.manifest.options as unknown as PlaySettings), ...changed };
  const { input, workload } = await loadPlayed(settings);
  if (input.digest !== real.manifest.trace.digest)
    throw new InputError('RUN_INVALID', 'has changed since it was played', { file: settings.trace });
  const agents = await real.table('agents');
  const cluster = buildCluster(
    agents.agentId.map((id, agent) => ({
      id,
      resources: Object.fromEntries(
        Object.entries(agents.resources).map(([name, amounts]) => [name, amounts[agent]]),
      ),
    })),
  );
  const [{ policy }] = await choosePolicies({
    policy: [real.manifest.policyFile?.path ?? real.manifest.policy],
  });
  return Array.from({ length: seeds }, (_, index) => {
    const options = {
      ...playOptions(settings, cluster, policy, settings.launchUs!),
      seed: String(index + 1),
    };
    const simulation = new ProtocolSimulation(workload, options);
    while (!simulation.advance(EVENTS_PER_TURN));
    return simulation.tables();
  });
}
