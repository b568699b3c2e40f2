/** From standby to leader (reference §11.3): the registry is read, this master written into it, and then it serves. */
import type { MasterContext } from './context.ts';
import type { RegistryEntries } from './io.ts';
import { type AdmittedAgent, AGENT_PREFIX, MASTER_KEY } from './registry.ts';

export function elected(master: MasterContext, entries: RegistryEntries): void {
  const { state } = master;
  if (state.phase !== 'standby') return;
  state.phase = 'recovering';
  state.leader = master.info;
  state.electedUs = master.nowUs;
  for (const [key, value] of Object.entries(entries)) {
    if (!key.startsWith(AGENT_PREFIX)) continue;
    const id = key.slice(AGENT_PREFIX.length);
    const { info, drainInfo, isDeactivated } = value as AdmittedAgent;
    state.recoveredAgents.set(id, { id: { value: id }, info, sinceUs: null, drainInfo, isDeactivated });
  }
  master.registrar.commit([{ key: MASTER_KEY, value: master.info }], () => {
    state.phase = 'leading';
  });
}
