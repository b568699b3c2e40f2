/**
 * A master's journal: all that it was made of, then every input with its time and a digest of what came out. Stepped
 * into a master made anew, the inputs bring about the same effects, bit for bit, wherever the journal was written.
 */
import { HierarchicalAllocator } from '../allocator/hierarchical/hierarchical-allocator.ts';
import type { Fairness } from '../allocator/hierarchical/terms.ts';
import { stream } from '../cluster/streams.ts';
import type { Policy } from '../policies/policy.ts';
import type { Tick } from '../protocol/machine.ts';
import type { MasterInfo } from '../protocol/v1/mesos.ts';
import { Quantities } from '../resources/quantities.ts';
import type { MasterFlags } from './flags.ts';
import type { MasterEffect, MasterInput } from './io.ts';
import { Master } from './master.ts';

export const JOURNAL_LAYOUT = 2;

/** What a master is made of, as plain JSON; its policy goes by name, and by its file if it has one. */
export interface MasterSettings {
  readonly info: MasterInfo;
  readonly flags: Partial<MasterFlags>;
  /** Of its random streams. */
  readonly seed: string;
  readonly startUs: number;
  readonly policy: string;
  /** Thousandths by name: an offer contains one of these. None: any will do. */
  readonly minAllocatable: readonly Readonly<Record<string, number>>[];
  readonly excludedResources: readonly string[];
  readonly filterGpuResources: boolean;
  readonly region: string | null;
  readonly fairness: Fairness;
}

/** A user's own file that a policy comes from; the digest (SHA-256, hexadecimal) is of that file alone. */
export interface PolicyFile {
  readonly path: string;
  readonly digest: string;
}

export interface JournalHeader extends MasterSettings {
  readonly layout: typeof JOURNAL_LAYOUT;
  /** Of mesolab. */
  readonly version: string;
  /** `null`: the policy is one of the built-in ones. */
  readonly policyFile: PolicyFile | null;
}

export interface JournalEntry {
  readonly nowUs: number;
  readonly input: MasterInput | Tick;
  /** Of the effects. */
  readonly digest: string;
}

export type JournalListener = (entry: JournalEntry) => void;

/** @param listener told of every step; `null`: nobody keeps a journal */
export function createMaster(
  settings: MasterSettings,
  policy: Policy,
  listener: JournalListener | null = null,
): Master {
  const { info, flags, seed, startUs, minAllocatable } = settings;
  const allocator = new HierarchicalAllocator({
    policy,
    random: stream(seed, 'allocator'),
    intervalUs: flags.allocationIntervalUs ?? 1_000_000,
    startUs,
    minAllocatable: minAllocatable.map((amounts) => Quantities.of(Object.entries(amounts))),
    excludedResources: settings.excludedResources,
    filterGpuResources: settings.filterGpuResources,
    region: settings.region,
    fairness: settings.fairness,
  });
  const options = { info, flags, allocator, random: stream(seed, 'master') };
  return listener === null ? new Master(options) : new JournalledMaster(options, listener);
}

class JournalledMaster extends Master {
  private readonly listener: JournalListener;

  constructor(options: ConstructorParameters<typeof Master>[0], listener: JournalListener) {
    super(options);
    this.listener = listener;
  }

  override step(input: MasterInput | Tick, nowUs: number): readonly MasterEffect[] {
    const effects = super.step(input, nowUs);
    this.listener({ nowUs, input, digest: effectsDigest(effects) });
    return effects;
  }
}

/** FNV-1a over the effects' JSON, 64 bits in two lanes; 16 hexadecimal digits. */
export function effectsDigest(effects: readonly MasterEffect[]): string {
  let [a, b] = [0x811c9dc5, 0x01000193];
  const text = JSON.stringify(effects);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b) ^ (a >>> 15);
  }
  return [a, b].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}
