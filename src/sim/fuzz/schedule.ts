/** A schedule: a small cluster, the work on it, and all that goes wrong. One is drawn from each seed. */
import { type RandomStream, stream } from '../../cluster/streams.ts';
import { US_PER_SECOND } from '../../cluster/time.ts';
import type { Fault } from '../protocol/fault.ts';
import { DEFAULT_NETWORK, type NetworkOptions } from '../protocol/network.ts';

export interface Schedule {
  readonly seed: string;
  readonly masters: number;
  readonly agents: number;
  /** Each a framework that runs so many tasks of so many seconds at most, in a role of its own. */
  readonly batches: readonly { readonly tasks: number; readonly seconds: number }[];
  /** Each a framework that keeps so many instances alive. */
  readonly services: readonly { readonly instances: number }[];
  /** `null`: offers do not time out. */
  readonly offerTimeoutUs: number | null;
  readonly network: NetworkOptions;
  readonly clocks: { readonly skewUs: number; readonly drift: number };
  readonly faults: readonly Fault[];
  readonly commands: readonly OperatorCommand[];
}

/** What an operator does, at the leader of that moment. */
export type OperatorCommand = { readonly atUs: number } & (
  | { readonly kind: 'drain' | 'deactivate' | 'reactivate' | 'gone'; readonly agent: number }
  | { readonly kind: 'weight'; readonly role: string; readonly weight: number }
  | { readonly kind: 'quota'; readonly role: string; readonly cpus: number }
  | { readonly kind: 'reserve' | 'unreserve'; readonly agent: number; readonly role: string }
);

const FIRST_FAULT_US = 3 * US_PER_SECOND;
const FAULTS_WITHIN_US = 90 * US_PER_SECOND;
const FAULTS_MAX = 7;
const COMMANDS_MAX = 3;
const CLOCK_SET_MAX_US = 100 * US_PER_SECOND;

export function drawSchedule(seed: string): Schedule {
  const random = stream(seed, 'schedule');
  const whole = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const maybe = (probability: number) => random() < probability;
  const masters = whole(1, 3);
  const agents = whole(1, 5);
  const batches = Array.from({ length: whole(1, 2) }, () => ({ tasks: whole(1, 12), seconds: whole(1, 30) }));
  const services = Array.from({ length: whole(0, 1) + 1 }, () => ({ instances: whole(1, 3) }));
  const roles = [...batches.map((_, b) => batchRole(b)), ...services.map((_, s) => serviceRole(s))];
  return {
    seed,
    masters,
    agents,
    batches,
    services,
    offerTimeoutUs: maybe(0.3) ? whole(5, 20) * US_PER_SECOND : null,
    network: {
      ...DEFAULT_NETWORK,
      loss: maybe(0.4) ? random() * 0.05 : 0,
      duplication: maybe(0.4) ? random() * 0.2 : 0,
      reordering: maybe(0.4) ? random() * 0.2 : 0,
      jitterUs: maybe(0.3) ? 20_000 : DEFAULT_NETWORK.jitterUs,
    },
    clocks: maybe(0.3) ? { skewUs: 400_000, drift: 0.001 } : { skewUs: 0, drift: 0 },
    faults: [
      ...Array.from({ length: whole(0, FAULTS_MAX) }, () => drawFault(random, masters, agents, roles)),
      ...drawClockFaults(stream(seed, 'schedule/clocks'), agents),
    ],
    commands: Array.from({ length: Math.max(0, whole(-2, COMMANDS_MAX)) }, () =>
      drawCommand(random, agents, roles),
    ),
  };
}

export function batchRole(index: number): string {
  return `batch-${index}`;
}

export function serviceRole(index: number): string {
  return `service-${index}`;
}

/** When the last of what goes wrong is over. */
export function endOfTrouble({ faults, commands }: Schedule): number {
  return Math.max(
    FIRST_FAULT_US,
    ...faults.map(({ atUs, durationUs }) => atUs + durationUs),
    ...commands.map(({ atUs }) => atUs),
  );
}

function drawFault(random: RandomStream, masters: number, agents: number, roles: readonly string[]): Fault {
  const pick = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)];
  const atUs = FIRST_FAULT_US + Math.floor(random() * FAULTS_WITHIN_US);
  const seconds = (most: number) => Math.ceil(random() * most * US_PER_SECOND);
  const agent = `agent-${Math.floor(random() * agents)}`;
  const anyone = pick(['leader', `master-${Math.floor(random() * masters)}`, agent, agent, ...roles]);
  switch (
    pick(['kill', 'kill', 'power-off', 'pause', 'partition', 'partition', 'executors', 'disk', 'store'])
  ) {
    case 'kill':
      return { kind: 'kill', target: anyone, atUs, durationUs: seconds(10) };
    case 'power-off':
      return { kind: 'power-off', target: anyone, atUs, durationUs: seconds(30) };
    case 'pause':
      return { kind: 'pause', target: anyone, atUs, durationUs: seconds(20) };
    case 'partition':
      return { kind: 'partition', target: anyone, atUs, durationUs: seconds(pick([5, 30, 120])) };
    case 'executors':
      return { kind: 'kill-executors', target: agent, atUs, durationUs: 0 };
    case 'disk':
      return { kind: 'slow-disk', target: agent, latencyUs: seconds(2), atUs, durationUs: seconds(20) };
    default:
      return { kind: 'store-down', atUs, durationUs: seconds(15) };
  }
}

/** From a stream of their own: what else goes wrong does not depend on them. */
function drawClockFaults(random: RandomStream, agents: number): Fault[] {
  if (random() < 0.7) return [];
  const target = random() < 0.5 ? 'leader' : `agent-${Math.floor(random() * agents)}`;
  const skewUs = Math.round((2 * random() - 1) * CLOCK_SET_MAX_US);
  const atUs = FIRST_FAULT_US + Math.floor(random() * FAULTS_WITHIN_US);
  const durationUs = Math.ceil(random() * FAULTS_WITHIN_US);
  return [{ kind: 'clock-skew', target, skewUs, atUs, durationUs }];
}

function drawCommand(random: RandomStream, agents: number, roles: readonly string[]): OperatorCommand {
  const pick = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)];
  const atUs = FIRST_FAULT_US + Math.floor(random() * FAULTS_WITHIN_US);
  const agent = Math.floor(random() * agents);
  const role = pick(roles);
  const kind = pick([
    'drain',
    'deactivate',
    'reactivate',
    'gone',
    'weight',
    'quota',
    'reserve',
    'unreserve',
  ] as const);
  if (kind === 'weight') return { kind, role, weight: 1 + Math.floor(random() * 4), atUs };
  if (kind === 'quota') return { kind, role, cpus: 2 + Math.floor(random() * 6), atUs };
  if (kind === 'reserve' || kind === 'unreserve') return { kind, role, agent, atUs };
  return { kind, agent, atUs };
}
