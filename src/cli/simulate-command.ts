/** `mesolab simulate TRACE`: replays a trace under several policies and shows what differs. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { renderReport } from '../charts/report.ts';
import { ensureWritableDirectory, writeFileAtomically } from '../files/atomic-write.ts';
import type { Policy } from '../policies/policy.ts';
import type { Manifest, Run } from '../results/run.ts';
import { ensureReplaceable, RUN_LAYOUT, writeRun } from '../results/run-directory.ts';
import { createReplay } from '../sim/create-replay.ts';
import type { AllocationModel, ReplayOptions } from '../sim/options.ts';

import { firstJobs, jobsSubmittedBefore } from '../workload/leading-jobs.ts';
import { scaleArrivals } from '../workload/scale-arrivals.ts';
import type { Workload } from '../workload/workload.ts';
import { chooseEngine, type Engine } from './choose-engine.ts';
import { choosePolicies, policyFolder } from './choose-policies.ts';
import { hostDescription } from './host.ts';
import { type LoadedInput, loadCluster, loadInput } from './load-input.ts';
import { playReplay } from './play-replay.ts';
import type { ChosenPolicy } from './policy-file.ts';
import { startProgressBar } from './progress-bar.ts';
import { replacementWarning } from './replaced-runs.ts';
import { metricsTable, rolesTable } from './results-table.ts';
import { INTERRUPTED_EXIT_CODE, withGentleInterrupt } from './signals.ts';
import { chooseCluster } from './simulate-cluster.ts';
import { refuseConflicts } from './simulate-conflicts.ts';
import { addSimulateFlags, type SimulateFlags } from './simulate-flags.ts';
import { simulateOutput } from './simulate-json.ts';
import { roleSettings } from './simulate-roles.ts';
import { unplacedGangsWarning } from './unplaced-gangs.ts';
import { gitCommit, VERSION } from './version.ts';

const DEFAULT_OFFER_TIMES = {
  intervalUs: 1_000_000,
  decisionUs: 0,
  holdUs: Number.POSITIVE_INFINITY,
  refuseUs: 5_000_000,
};

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
  const directories = policies.map(({ policy }) =>
    flags.out === undefined ? null : join(flags.out, policyFolder(policy)),
  );
  for (const directory of directories) if (directory !== null) await ensureReplaceable(directory);

  const input = await loadInput(trace, {
    format: flags.format,
    roleField: flags.role,
    importOptions: flags.import && Object.fromEntries(flags.import),
    skipsBadRows: flags.skipBadRows,
  });
  const workload = chosenPart(input.workload, flags);
  const clusterFile = flags.cluster === undefined ? null : await loadCluster(flags.cluster);
  const cluster = clusterFile?.cluster ?? chooseCluster(workload, flags);
  const roles = roleSettings(flags, workload.roles, workload.weights, cluster.resources);
  const options = {
    seed: flags.seed,
    cluster,
    ...roles,
    model: allocationModel(flags),
    failures: flags.failures ?? null,
    untilUs: Number.POSITIVE_INFINITY,
    isChecked: flags.check ?? false,
  };
  if (flags.out !== undefined) await ensureWritableDirectory(flags.out);
  const described = describeOptions(flags, clusterFile?.digest);
  const engine = chooseEngine(flags.engine, workload.tasks.count);
  const runs = await playAll(policies, workload, options, engine, input, described, directories);
  await show(runs, flags);
  if (runs.some(({ manifest }) => manifest.status === 'partial') || runs.length < policies.length) {
    const left = policies.slice(runs.length).map(({ policy }) => policy.name);
    const rest = left.length > 0 ? `; not replayed: ${left.join(', ')}` : '';
    process.stderr.write(`interrupted: what had happened by then is kept${rest}\n`);
    process.exitCode = INTERRUPTED_EXIT_CODE;
  }
}

/** A run with its tables only where they are wanted: they are large. */
type PlayedRun = Pick<Run, 'manifest' | 'summary'> & { readonly run: Run | null };

/** Plays one policy after the other; after Ctrl-C the present one is kept as partial and the rest is left out. */
async function playAll(
  policies: readonly ChosenPolicy[],
  workload: Workload,
  options: Omit<ReplayOptions, 'policy'>,
  engine: Engine,
  input: LoadedInput,
  described: Readonly<Record<string, unknown>>,
  directories: readonly (string | null)[],
): Promise<PlayedRun[]> {
  // Options that do not go together are found before the first policy is played, not hours later.
  const { native, isDemanded } = engine;
  const start = (part: Workload, policy: Policy) =>
    createReplay(part, { ...options, policy }, native, isDemanded);
  for (const { policy } of policies.slice(1)) start(firstJobs(workload, 1), policy);
  const causes = policies.map((chosen, place) => causesOf(chosen, place, options.seed, input, described));
  for (const [index, directory] of directories.entries()) {
    const warning = directory === null ? null : await replacementWarning(directory, causes[index]);
    if (warning !== null) process.stderr.write(`warning: ${warning}\n`);
  }
  const runs: PlayedRun[] = [];
  let isInterrupted = false;
  const interrupt = () => {
    isInterrupted = true;
    process.stderr.write('stopping, and keeping what has happened so far; Ctrl-C again quits at once\n');
  };
  await withGentleInterrupt(interrupt, async () => {
    for (const [index, { policy }] of policies.entries()) {
      if (isInterrupted) return;
      const startedAt = new Date().toISOString();
      const replay = start(workload, policy);
      const bar = startProgressBar(policy.name, workload.tasks.count);
      const played = await playReplay(replay, bar, () => isInterrupted).finally(() => bar.stop());
      const summary = replay.summary();
      const manifest: Manifest = {
        ...causes[index],
        decisionDigest: summary.decisionDigest,
        status: played.isOver ? 'complete' : 'partial',
        host: hostDescription(),
        startedAt,
        wallSeconds: played.wallSeconds,
        tasksPerSecond: replay.progress.endedTasks / Math.max(played.wallSeconds, 1e-9),
      };
      const directory = directories[index];
      const run = directory === null ? null : { manifest, summary, tables: replay.tables() };
      if (directory !== null && run !== null) await writeRun(directory, run);
      runs.push({ manifest, summary, run });
      const { unplaced } = summary.metrics;
      const warning = played.isOver && unplacedGangsWarning(workload, policy, options.model, unplaced);
      if (warning) process.stderr.write(`warning: ${warning}\n`);
    }
  });
  return runs;
}

/** The part of a manifest that is known before the run: all that its results depend on. */
function causesOf(
  { policy, file }: ChosenPolicy,
  policyPlace: number,
  seed: string,
  { workload, format, digest, report }: LoadedInput,
  described: Readonly<Record<string, unknown>>,
) {
  return {
    layout: RUN_LAYOUT,
    version: VERSION,
    gitCommit: gitCommit(),
    command: ['mesolab', ...process.argv.slice(2)],
    options: { policy: policy.name, ...described },
    seed,
    trace: { name: workload.name, format, digest, leftOut: Object.fromEntries(report.leftOut) },
    policy: policy.name,
    policyPlace,
    ...(file && { policyFile: file }),
  } satisfies Partial<Manifest>;
}

async function show(runs: readonly PlayedRun[], flags: SimulateFlags): Promise<void> {
  if (runs.length === 0) return;
  let reportPath: string | null = null;
  if (flags.out !== undefined) {
    reportPath = join(flags.out, 'report.html');
    await writeFileAtomically(reportPath, renderReport(runs.flatMap(({ run }) => run ?? [])));
  }
  if (flags.json) {
    process.stdout.write(`${JSON.stringify(simulateOutput(runs[0].manifest, runs), null, 2)}\n`);
    return;
  }
  const rows = runs.map(({ manifest, summary }) => ({ summary, status: manifest.status }));
  process.stdout.write(`${metricsTable(rows)}\n\n${rolesTable(rows)}\n`);
  if (reportPath !== null) process.stdout.write(`\nruns and report: ${reportPath}\n`);
}

function chosenPart(workload: Workload, flags: SimulateFlags): Workload {
  let chosen = workload;
  if (flags.first !== undefined) chosen = firstJobs(chosen, flags.first);
  if (flags.until !== undefined) chosen = jobsSubmittedBefore(chosen, flags.until);
  return flags.load === undefined ? chosen : scaleArrivals(chosen, flags.load);
}

function allocationModel(flags: SimulateFlags): AllocationModel {
  if (flags.model === 'placement') return { kind: 'placement' };
  return {
    kind: 'offers',
    intervalUs: flags.allocationInterval ?? DEFAULT_OFFER_TIMES.intervalUs,
    decisionUs: flags.decisionTime ?? DEFAULT_OFFER_TIMES.decisionUs,
    holdUs: flags.offerTimeout ?? DEFAULT_OFFER_TIMES.holdUs,
    refuseUs: flags.refuseSeconds ?? DEFAULT_OFFER_TIMES.refuseUs,
  };
}

const MICROSECOND_FLAGS = ['until', 'allocationInterval', 'decisionTime', 'offerTimeout'];

/**
 * What the results depend on besides trace and policy (whose name says its parts), as plain JSON, without what only says
 * where to write, how to print or which engine plays. Times say that they are microseconds; a cluster file is told apart by its digest.
 */
function describeOptions(flags: SimulateFlags, clusterDigest: string | undefined): Record<string, unknown> {
  const { policy, fit, backfill, gang, out, json, engine, refuseSeconds: refuseUs, ...rest } = flags;
  const plain = Object.entries({ ...rest, refuseUs, clusterDigest })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [
      MICROSECOND_FLAGS.includes(name) ? `${name}Us` : name,
      value instanceof Map ? Object.fromEntries(value) : value,
    ]);
  return Object.fromEntries(plain);
}
