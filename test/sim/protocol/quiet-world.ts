/** Options of a world in which nothing goes wrong, for tests to build on. */
import { DEFAULT_ELECTION } from '../../../src/master/elector.ts';
import { DEFAULT_NETWORK } from '../../../src/sim/protocol/network.ts';
import { DEFAULT_STORE } from '../../../src/sim/protocol/store-service.ts';
import type { WorldOptions } from '../../../src/sim/protocol/world.ts';

export const QUIET: Omit<WorldOptions, 'createMaster'> = {
  seed: '1',
  masters: 1,
  agents: [],
  schedulers: [],
  network: DEFAULT_NETWORK,
  store: DEFAULT_STORE,
  election: DEFAULT_ELECTION,
  diskLatencyUs: 1_000,
  clocks: { skewUs: 0, drift: 0 },
  restartDelayUs: { master: 1_000_000, agent: 1_000_000, scheduler: 1_000_000 },
  containerLaunchUs: 20_000,
  faults: [],
  registry: [],
};
