/** `mesolab simulate TRACE`: replays a trace under several policies and shows what differs. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { renderReport } from '../../charts/report.ts';
import { writeFileAtomically } from '../../files/atomic-write.ts';
import { ensureReplaceable, readRun } from '../../results/run-directory.ts';
import { shareWorkload } from '../../workload/share.ts';
import { choosePolicies, policyFolder } from '../policies/choose-policies.ts';
import type { ChosenPolicy } from '../policies/policy-file.ts';
import { startProgressBars } from '../progress-bar.ts';
import { INTERRUPTED_EXIT_CODE, withGentleInterrupt } from '../signals.ts';
import { type PlannedRun, playPolicies } from './play-policies.ts';
import { createPolicyPlayer, type PlayedRun, type PolicyPlayer } from './policy-player.ts';
import { prepareExperiment } from './prepare-experiment.ts';
import { protocolTable } from './protocol-table.ts';
import { replacementWarning } from './replaced-runs.ts';
import { metricsTable, rolesTable } from './results-table.ts';
import { sharedStateTable } from './shared-state-table.ts';
import { refuseConflicts } from './simulate-conflicts.ts';
import { addSimulateFlags, type SimulateFlags } from './simulate-flags.ts';
import { simulateOutput } from './simulate-json.ts';
import { createStopFlag, isStopped, raiseStop, type StopFlag } from './stop-flag.ts';
import { workerCount } from './worker-count.ts';
import { startWorkerPlayer } from './worker-player.ts';

export function addSimulateCommand(program: Command): void {
  const command = program
    .command('simulate')
    .description('replay a trace under several policies and show what differs')
    .argument('<trace>', 'trace file or folder');
  addSimulateFlags(command).action(simulate);
}

async function simulate(trace: string, flags: SimulateFlags): Promise<void> {
  refuseConflicts(flags);
  const policies = await choosePolicies(flags);
  const plan = policies.map(({ policy }) => ({
    label: policy.name,
    directory: flags.out === undefined ? null : join(flags.out, policyFolder(policy)),
  }));
  for (const { directory } of plan) if (directory !== null) await ensureReplaceable(directory);

  const stop = createStopFlag();
  const { players, taskCount } = await startPlayers(trace, flags, policies, plan, stop);
  const bars = startProgressBars(taskCount);
  const interrupt = () => {
    raiseStop(stop);
    bars.stop();
    process.stderr.write('stopping, and keeping what has happened so far; Ctrl-C again quits at once\n');
  };
  const { runs, failure } = await withGentleInterrupt(interrupt, () =>
    playPolicies(players, plan, bars, () => isStopped(stop)),
  ).finally(() => {
    bars.stop();
    return Promise.all(players.map((player) => player.end()));
  });
  const warnings = new Set(runs.flatMap((run) => run?.warnings ?? []));
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  if (failure) throw failure.error;
  const wasPlayed = (_: unknown, place: number) => runs[place] !== null;
  await show(
    runs.filter((run) => run !== null),
    plan.filter(wasPlayed).map(({ directory }) => directory),
    flags,
  );
  const left = plan.filter((_, place) => runs[place] === null).map(({ label }) => label);
  if (left.length > 0 || runs.some((run) => run?.manifest.status === 'partial')) {
    const rest = left.length > 0 ? `; not replayed: ${left.join(', ')}` : '';
    process.stderr.write(`interrupted: what had happened by then is kept${rest}\n`);
    process.exitCode = INTERRUPTED_EXIT_CODE;
  }
}

/** One player in this thread, or some in threads that share the workload; then nobody holds the one that was loaded. */
async function startPlayers(
  trace: string,
  flags: SimulateFlags,
  policies: readonly ChosenPolicy[],
  plan: readonly PlannedRun[],
  stop: StopFlag,
): Promise<{ players: PolicyPlayer[]; taskCount: number }> {
  const experiment = await prepareExperiment(trace, flags, policies);
  const { workload, options, engine, causes, journal } = experiment;
  const taskCount = workload.tasks.count;
  for (const [place, { directory }] of plan.entries()) {
    const warning = directory === null ? null : await replacementWarning(directory, causes[place]);
    if (warning !== null) process.stderr.write(`warning: ${warning}\n`);
  }
  const count = workerCount(flags.workers, policies.length, taskCount, availableParallelism());
  if (count === 1) return { players: [createPolicyPlayer(experiment, () => isStopped(stop))], taskCount };
  const sent = {
    workload: shareWorkload(workload),
    policyFlags: flags,
    engine: { isNative: engine.native !== null, isDemanded: engine.isDemanded },
    options,
    causes,
    journal,
    stop,
  };
  return { players: Array.from({ length: count }, () => startWorkerPlayer(sent)), taskCount };
}

async function show(
  runs: readonly PlayedRun[],
  directories: readonly (string | null)[],
  flags: SimulateFlags,
): Promise<void> {
  if (runs.length === 0) return;
  let reportPath: string | null = null;
  if (flags.out !== undefined) {
    reportPath = join(flags.out, 'report.html');
    const stored = await Promise.all(directories.filter((directory) => directory !== null).map(readRun));
    await writeFileAtomically(reportPath, renderReport(stored));
  }
  if (flags.json) {
    process.stdout.write(`${JSON.stringify(simulateOutput(runs[0].manifest, runs), null, 2)}\n`);
    return;
  }
  const rows = runs.map(({ manifest, summary }) => ({ summary, status: manifest.status }));
  const tables = [metricsTable(rows), rolesTable(rows)];
  const protocolRuns = runs.flatMap(({ manifest: { wallSeconds }, summary: { policy, protocol } }) =>
    protocol === undefined ? [] : { policy, wallSeconds, protocol },
  );
  if (protocolRuns.length > 0) tables.push(protocolTable(protocolRuns));
  const sharing = runs.flatMap(({ summary: { sharedState, ...summary } }) =>
    sharedState === undefined ? [] : { ...summary, sharedState },
  );
  if (sharing.length > 0) tables.push(sharedStateTable(sharing));
  process.stdout.write(`${tables.join('\n\n')}\n`);
  if (reportPath !== null) process.stdout.write(`\nruns and report: ${reportPath}\n`);
}
