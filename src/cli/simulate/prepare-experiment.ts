/** From the command line to an experiment: everything that its policies have in common, checked before the first is played. */
import { ensureWritableDirectory } from '../../files/atomic-write.ts';
import { RUN_LAYOUT } from '../../results/run-directory.ts';
import { createReplay } from '../../sim/create-replay.ts';
import type { AllocationModel } from '../../sim/options.ts';
import { DEFAULT_PROTOCOL } from '../../sim/protocol/options.ts';
import { firstJobs, jobsSubmittedBefore } from '../../workload/leading-jobs.ts';
import { scaleArrivals } from '../../workload/scale-arrivals.ts';
import type { Workload } from '../../workload/workload.ts';
import type { ChosenPolicy } from '../policies/policy-file.ts';
import { type LoadedInput, loadCluster, loadInput } from '../trace/load-input.ts';
import { gitCommit, VERSION } from '../version.ts';
import { chooseEngine } from './choose-engine.ts';
import { parseFault } from './parse-fault.ts';
import type { Experiment, RunCauses } from './policy-player.ts';
import { chooseCluster } from './simulate-cluster.ts';
import type { SimulateFlags } from './simulate-flags.ts';
import { roleSettings } from './simulate-roles.ts';

const DEFAULT_OFFER_TIMES = {
  intervalUs: 1_000_000,
  decisionUs: 0,
  holdUs: Number.POSITIVE_INFINITY,
  refuseUs: 5_000_000,
};

/** @throws InputError of trace, cluster, options and policies that do not go together */
export async function prepareExperiment(
  trace: string,
  flags: SimulateFlags,
  policies: readonly ChosenPolicy[],
): Promise<Experiment> {
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
  // Options that do not go together are found before the first policy is played, not hours later.
  for (const { policy } of policies)
    createReplay(firstJobs(workload, 1), { ...options, policy }, engine.native, engine.isDemanded);
  const causes = policies.map((chosen, place) => causesOf(chosen, place, options.seed, input, described));
  return { workload, options, engine, policies, causes, journal: flags.journal ?? null };
}

function causesOf(
  { policy, file }: ChosenPolicy,
  policyPlace: number,
  seed: string,
  { workload, format, digest, report }: LoadedInput,
  described: Readonly<Record<string, unknown>>,
): RunCauses {
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
  };
}

function chosenPart(workload: Workload, flags: SimulateFlags): Workload {
  let chosen = workload;
  if (flags.first !== undefined) chosen = firstJobs(chosen, flags.first);
  if (flags.until !== undefined) chosen = jobsSubmittedBefore(chosen, flags.until);
  return flags.load === undefined ? chosen : scaleArrivals(chosen, flags.load);
}

function allocationModel(flags: SimulateFlags): AllocationModel {
  if (flags.model === 'placement') return { kind: 'placement' };
  const roleTimes = flags.roleDecisionTime ?? new Map<string, number>();
  if (flags.model === 'shared-state')
    return {
      kind: 'shared-state',
      schedulers: flags.schedulers ?? 'role',
      jobUs: flags.decisionTime ?? 0,
      roleJobUs: roleTimes,
      taskUs: flags.taskDecisionTime ?? 0,
    };
  const times = {
    intervalUs: flags.allocationInterval ?? DEFAULT_OFFER_TIMES.intervalUs,
    holdUs: flags.offerTimeout ?? DEFAULT_OFFER_TIMES.holdUs,
    refuseUs: flags.refuseSeconds ?? DEFAULT_OFFER_TIMES.refuseUs,
  };
  if (flags.model === 'offers')
    return {
      kind: 'offers',
      ...times,
      decisionUs: flags.decisionTime ?? DEFAULT_OFFER_TIMES.decisionUs,
      roleDecisionUs: roleTimes,
    };
  const { masters = DEFAULT_PROTOCOL.masters, fairness = DEFAULT_PROTOCOL.fairness, fault = [] } = flags;
  return {
    kind: 'protocol',
    ...times,
    world: { ...DEFAULT_PROTOCOL, masters, fairness, faults: fault.map(parseFault) },
  };
}

const MICROSECOND_FLAGS = [
  'until',
  'allocationInterval',
  'decisionTime',
  'roleDecisionTime',
  'taskDecisionTime',
  'offerTimeout',
];

/**
 * What the results depend on besides trace and policy (whose name says its parts), as plain JSON, without what only says
 * where to write, how to print or who plays. Times say that they are microseconds; a cluster file is told apart by its digest.
 */
function describeOptions(flags: SimulateFlags, clusterDigest: string | undefined): Record<string, unknown> {
  const {
    policy,
    fit,
    backfill,
    gang,
    out,
    json,
    engine,
    workers,
    journal,
    refuseSeconds: refuseUs,
    ...rest
  } = flags;
  const plain = Object.entries({ ...rest, refuseUs, clusterDigest })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [
      MICROSECOND_FLAGS.includes(name) ? `${name}Us` : name,
      value instanceof Map ? Object.fromEntries(value) : value,
    ]);
  return Object.fromEntries(plain);
}
