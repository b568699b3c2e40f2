/**
 * Simulation against reality: the trace of traces/lab, played once on a real lab of three agents (reality/run, as
 * `mesolab play --speed 60` kept it, and reality/journal.jsonl, the master's journal), simulated under twenty seeds, and
 * replayed from the journal. `node notebooks/studies/reality.ts` writes reality.json beside it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { simulatePlayed } from '../../src/cli/play/simulate-played.ts';
import type { JournalEntry, JournalHeader } from '../../src/master/journal.ts';
import type { RunMetrics } from '../../src/metrics/summary.ts';
import type { RolesOverTimeTable } from '../../src/metrics/tables.ts';
import { type Validation, validate } from '../../src/metrics/validation.ts';
import { parsePolicy } from '../../src/policies/registry.ts';
import { openRun } from '../../src/results/run-directory.ts';
import { JournalReplay } from '../../src/sim/journal-replay.ts';
import { JournalWorkload } from '../../src/sim/journal-workload.ts';
import { Replay } from '../../src/sim/replay.ts';

export interface SharePoint {
  readonly run: 'real' | 'simulated';
  readonly role: string;
  readonly seconds: number;
  /** Dominant share of the cluster, mean over the interval. */
  readonly share: number;
}

/** Waits of one job, seconds. */
export interface JobWait {
  readonly jobId: string;
  readonly role: string;
  readonly real: number;
  readonly least: number;
  readonly mean: number;
  readonly most: number;
}

export interface RealityStudy {
  readonly policy: string;
  readonly agents: number;
  /** Median from launch to run on the lab, which the simulation takes over. */
  readonly launchSeconds: number;
  readonly rows: Validation['rows'];
  readonly medianError: number;
  readonly jobs: readonly JobWait[];
  /** Of one simulation. */
  readonly shares: readonly SharePoint[];
  readonly journal: {
    readonly inputs: number;
    /** Those after which the replayed master did just what the real one had done. */
    readonly equal: number;
    /** Times at which offers were made, until the two policies parted; and in all. */
    readonly equalOffers: number;
    readonly offers: number;
    readonly tasks: number;
    readonly whatIf: readonly { readonly policy: string; readonly metrics: RunMetrics }[];
  };
}

const HERE = join(import.meta.dirname, 'reality');
const TRACE = join(import.meta.dirname, '../../traces/lab');
const SEEDS = 20;
const OTHER = 'fifo';

export async function realityStudy(): Promise<RealityStudy> {
  const run = await openRun(join(HERE, 'run'));
  const { launchUs } = run.manifest.options as { readonly launchUs: number };
  const real = { jobs: await run.table('jobs'), rolesOverTime: await run.table('rolesOverTime') };
  const simulations = await simulatePlayed(run, SEEDS, { trace: TRACE });
  const { rows, jobs, medianError } = validate(real, simulations);
  const rowOf = new Map(real.jobs.jobId.map((id, row) => [id, row]));
  return {
    policy: run.manifest.policy,
    agents: (await run.table('agents')).agentId.length,
    launchSeconds: launchUs / 1e6,
    rows,
    medianError,
    jobs: jobs.map(({ jobId, role, real: wait, simulated }) => {
      const waits = simulations.map((tables) => tables.jobs.waitSeconds[rowOf.get(jobId)!]);
      return {
        jobId,
        role,
        real: wait,
        least: Math.min(...waits),
        mean: simulated,
        most: Math.max(...waits),
      };
    }),
    shares: [...sharesOf('real', real.rolesOverTime), ...sharesOf('simulated', simulations[0].rolesOverTime)],
    journal: replayJournal(),
  };
}

function sharesOf(run: SharePoint['run'], table: RolesOverTimeTable): SharePoint[] {
  return table.role.map((role, row) => ({
    run,
    role,
    seconds: table.timeSeconds[row],
    share: table.dominantShare[row],
  }));
}

function replayJournal(): RealityStudy['journal'] {
  const [first, ...lines] = readFileSync(join(HERE, 'journal.jsonl'), 'utf8').trim().split('\n');
  const header = JSON.parse(first) as JournalHeader;
  const [own, other] = [header.policy, OTHER].map(parsePolicy);
  const replay = new JournalReplay(header, own, other);
  const seen = new JournalWorkload();
  const frameworkOfStream = (stream: string) => replay.master.state.frameworkOfStream.get(stream)?.id ?? null;
  let equal = 0;
  for (const line of lines) {
    const entry = JSON.parse(line) as JournalEntry;
    seen.add(entry, frameworkOfStream);
    if (replay.step(entry)) equal++;
  }
  const { workload } = seen.finish('lab');
  const whatIf = [own, other].map((policy) => {
    const offers = new Replay(workload, {
      seed: 'journal',
      cluster: workload.cluster!,
      policy,
      weights: workload.weights,
      limits: new Map(),
      guarantees: new Map(),
      model: {
        kind: 'offers',
        intervalUs: 1e6,
        decisionUs: 0,
        roleDecisionUs: new Map(),
        holdUs: Number.POSITIVE_INFINITY,
        refuseUs: 5e6,
      },
      failures: null,
      untilUs: Number.POSITIVE_INFINITY,
      isChecked: false,
    });
    while (!offers.advance(100_000));
    return { policy: policy.name, metrics: offers.summary().metrics };
  });
  const { equalSteps: equalOffers, offeringSteps } = replay;
  return {
    inputs: lines.length,
    equal,
    equalOffers,
    offers: offeringSteps,
    tasks: workload.tasks.count,
    whatIf,
  };
}

if (import.meta.main) {
  const study = await realityStudy();
  writeFileSync(new URL('reality.json', import.meta.url), `${JSON.stringify(study, null, 1)}\n`);
  console.table(study.rows);
  console.log(study.medianError, study.journal);
}
