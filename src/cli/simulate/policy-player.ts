/** Plays policies over one workload, one after the other; worker-player.ts does so in a thread of its own. */
import { join, resolve } from 'node:path';
import type { PolicyFile } from '../../master/journal.ts';
import type { RunSummary } from '../../metrics/summary.ts';
import type { Policy } from '../../policies/policy.ts';
import type { Manifest, Run } from '../../results/run.ts';
import { writeRunFiles } from '../../results/run-directory.ts';
import { type AnyReplay, createReplay, engineOf } from '../../sim/create-replay.ts';
import type { ReplayOptions } from '../../sim/options.ts';
import { ProtocolSimulation } from '../../sim/protocol/simulation.ts';
import type { Workload } from '../../workload/workload.ts';
import { hostDescription } from '../host.ts';
import { policyFolder } from '../policies/choose-policies.ts';
import type { ChosenPolicy } from '../policies/policy-file.ts';
import type { Engine } from './choose-engine.ts';
import { type JournalWriter, startJournals } from './journal-writer.ts';
import { playReplay } from './play-replay.ts';
import { unplacedGangsWarning } from './unplaced-gangs.ts';

/** What the policies of one command have in common. */
export interface Experiment {
  readonly workload: Workload;
  readonly options: Omit<ReplayOptions, 'policy'>;
  readonly engine: Engine;
  readonly policies: readonly ChosenPolicy[];
  /** By policy. */
  readonly causes: readonly RunCauses[];
  /** Where journals of masters are kept; `null`: nowhere. */
  readonly journal: string | null;
}

/** The part of a manifest that is known before the run: all that its results depend on. */
export type RunCauses = Omit<
  Manifest,
  'decisionDigest' | 'status' | 'engine' | 'host' | 'startedAt' | 'wallSeconds' | 'tasksPerSecond'
>;

/** A run without its tables: they are large, and stay where it was played. */
export interface PlayedRun extends Pick<Run, 'manifest' | 'summary'> {
  /** What the user should know of it. */
  readonly warnings: readonly string[];
}

export interface PolicyPlayer {
  /** @param place of the policy in the experiment; @returns `null` where it was to stop before it began */
  play(
    place: number,
    startedAt: string,
    onProgress: (endedTasks: number, nowUs: number) => void,
  ): Promise<PlayedRun | null>;
  /** Writes the files of the run played last into a folder, and forgets that run. */
  writeRun(folder: string): Promise<void>;
  /** Gives up what is under way. */
  end(): Promise<void>;
}

/** @param shouldStop asked several times a second */
export function createPolicyPlayer(experiment: Experiment, shouldStop: () => boolean): PolicyPlayer {
  const { workload, options, engine, policies, causes } = experiment;
  let last: (() => Run) | null = null;
  return {
    async play(place, startedAt, onProgress) {
      if (shouldStop()) return null;
      const { policy, file } = policies[place];
      last = null;
      const replay = createReplay(workload, { ...options, policy }, engine.native, engine.isDemanded);
      const journals = startJournalsOf(experiment, policy, file, replay);
      const { isOver, wallSeconds } = await playReplay(replay, onProgress, shouldStop);
      journals?.finish();
      const summary = replay.summary();
      const manifest: Manifest = {
        ...causes[place],
        decisionDigest: summary.decisionDigest,
        status: isOver ? 'complete' : 'partial',
        engine: engineOf(replay),
        host: hostDescription(),
        startedAt,
        wallSeconds,
        tasksPerSecond: replay.progress.endedTasks / Math.max(wallSeconds, 1e-9),
      };
      last = () => ({ manifest, summary, tables: replay.tables() });
      return { manifest, summary, warnings: isOver ? warningsOf(experiment, place, replay, summary) : [] };
    },
    async writeRun(folder) {
      if (last === null) throw new Error('no policy has been played since the last run was written');
      const run = last();
      last = null;
      await writeRunFiles(folder, run);
    },
    async end() {},
  };
}

function startJournalsOf(
  { journal }: Experiment,
  policy: Policy,
  file: PolicyFile | undefined,
  replay: AnyReplay,
): JournalWriter | null {
  if (journal === null || !(replay instanceof ProtocolSimulation)) return null;
  const policyFile = file === undefined ? null : { ...file, path: resolve(file.path) };
  const journals = startJournals(join(journal, policyFolder(policy)), policyFile);
  replay.journal = (settings, entry) => journals.write(settings, entry);
  return journals;
}

function warningsOf(
  { workload, options, policies }: Experiment,
  place: number,
  replay: AnyReplay,
  { metrics }: RunSummary,
): readonly string[] {
  if (replay instanceof ProtocolSimulation) return replay.warnings;
  const warning = unplacedGangsWarning(workload, policies[place].policy, options.model, metrics.unplaced);
  return warning === null ? [] : [warning];
}
