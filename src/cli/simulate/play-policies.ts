/** Shares the policies of a command out among players: each takes the next one when it is done with one. */
import { replaceRun } from '../../results/run-directory.ts';
import type { ProgressBars } from '../progress-bar.ts';
import type { PlayedRun, PolicyPlayer } from './policy-player.ts';

export interface PlannedRun {
  readonly label: string;
  /** Where the run is kept; `null`: nowhere. */
  readonly directory: string | null;
}

export interface PlayOutcome {
  /** By place in the plan; `null`: not played. */
  readonly runs: readonly (PlayedRun | null)[];
  /** Of the first policy of the plan that failed. */
  readonly failure: PlayFailure | null;
}

export interface PlayFailure {
  readonly place: number;
  readonly error: unknown;
}

/**
 * Where a policy fails, those before it in the plan are played to their end and those after it are given up: what the
 * user is told is what one player alone would have come upon.
 * @param isStopped policies that have not begun then are left out
 */
export async function playPolicies(
  players: readonly PolicyPlayer[],
  plan: readonly PlannedRun[],
  bars: ProgressBars,
  isStopped: () => boolean,
): Promise<PlayOutcome> {
  const runs: (PlayedRun | null)[] = plan.map(() => null);
  const placeOf = new Map<PolicyPlayer, number>();
  let next = 0;
  let failure: PlayFailure | null = null;
  const fail = async (place: number, error: unknown) => {
    if (failure !== null && failure.place < place) return;
    failure = { place, error };
    const vain = players.filter((player) => (placeOf.get(player) ?? -1) > place);
    await Promise.all(vain.map((player) => player.end()));
  };
  const playOn = async (player: PolicyPlayer) => {
    while (next < plan.length && failure === null && !isStopped()) {
      const place = next++;
      placeOf.set(player, place);
      await playOne(player, place, plan[place], bars).then(
        (run) => {
          runs[place] = run;
        },
        (error) => fail(place, error),
      );
      placeOf.delete(player);
    }
  };
  await Promise.all(players.map(playOn));
  return { runs, failure };
}

async function playOne(
  player: PolicyPlayer,
  place: number,
  { label, directory }: PlannedRun,
  bars: ProgressBars,
): Promise<PlayedRun | null> {
  const bar = bars.add(label);
  try {
    // Policies begin in their order, by which runs are sorted: threads that read the clock themselves could pass each other.
    const run = await player.play(place, new Date().toISOString(), bar.update);
    if (run !== null && directory !== null) await replaceRun(directory, (folder) => player.writeRun(folder));
    return run;
  } finally {
    bar.remove();
  }
}
