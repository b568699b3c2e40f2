/** A small made-up run for tests of what reads and writes runs. */
import type { JobFigures } from '../../src/metrics/summary.ts';
import type { Run } from '../../src/results/run.ts';

const figures: JobFigures = {
  jobs: 3,
  tasks: 4,
  unplaced: 1,
  waitSeconds: { mean: 2, p50: 1, p90: 5, p99: 5, max: 5 },
  responseSeconds: { mean: 12, p50: 11, p90: 15, p99: 15, max: 15 },
  boundedSlowdown: { mean: 1.2, p50: 1.1, p90: 1.5, p99: 1.5, max: 1.5 },
  finishTimeFairness: null,
};

/** @param changes to the manifest */
export function sampleRun(policy = 'fifo', changes: Partial<Run['manifest']> = {}): Run {
  const role = { ...figures, weight: 1, meanDominantShare: 0.2, meanEntitlement: 0.5 };
  return {
    manifest: {
      layout: 1,
      version: '0.1.0',
      gitCommit: null,
      command: ['mesolab', 'simulate', 'trace.csv'],
      options: { agents: 2 },
      seed: '1',
      trace: { name: 'trace.csv', format: 'mesolab', digest: 'abc', leftOut: {} },
      policy,
      decisionDigest: '0123',
      status: 'complete',
      host: { node: 'v26', platform: 'linux', cpu: 'any' },
      startedAt: '2026-11-23T12:00:00.000Z',
      wallSeconds: 0.5,
      tasksPerSecond: 8,
      ...changes,
    },
    summary: {
      policy,
      decisionDigest: '0123',
      metrics: {
        ...figures,
        makespanSeconds: 100,
        throughputTasksPerSecond: 0.04,
        utilisation: { cpus: 0.5, mem: 0.25 },
        fragmentation: { cpus: 0.1, mem: 0 },
        queueLength: { mean: 1, max: 3 },
        jainIndex: null,
        belowEntitlementShareSeconds: 3.5,
        envy: null,
        offers: { made: 0, accepted: 0, declined: 0, rescinded: 0 },
        preemptions: 0,
        lostAttempts: 0,
        lostWork: { cpus: 0, mem: 0 },
      },
      roles: ['ads', 'web/größe'].map((name) => ({
        ...role,
        role: name,
        meanActiveDominantShare: 0.4,
        belowEntitlementShareSeconds: 1.75,
        backloggedSeconds: 7,
      })),
    },
    tables: {
      jobs: {
        jobId: ['a', 'b', 'c'],
        role: ['ads', 'web/größe', 'ads'],
        submitSeconds: Float64Array.of(0, 0.000001, 50),
        startSeconds: Float64Array.of(0, 5, Number.NaN),
        endSeconds: Float64Array.of(10, 15, Number.NaN),
        waitSeconds: Float64Array.of(0, 4.999999, Number.NaN),
        responseSeconds: Float64Array.of(10, 14.999999, Number.NaN),
        boundedSlowdown: Float64Array.of(1, 1.5, Number.NaN),
        finishTimeFairness: Float64Array.of(Number.NaN, Number.NaN, Number.NaN),
        tasks: Int32Array.of(1, 2, 1),
        unplacedTasks: Int32Array.of(0, 0, 1),
      },
      tasks: {
        job: Int32Array.of(0, 1, 1, 2),
        agent: Int32Array.of(0, 1, 0, -1),
        startSeconds: Float64Array.of(0, 5, 5, Number.NaN),
        endSeconds: Float64Array.of(10, 15, 15, Number.NaN),
        attempts: Int32Array.of(1, 2, 1, 0),
        state: ['finished', 'failed', 'finished', 'unplaced'],
      },
      agents: {
        agentId: ['agent-0', 'agent-1'],
        resources: { cpus: Float64Array.of(4, 8), mem: Float64Array.of(1024, 2048) },
      },
      rolesOverTime: {
        timeSeconds: Float64Array.of(0, 0, 10, 10),
        role: ['ads', 'web/größe', 'ads', 'web/größe'],
        dominantShare: Float64Array.of(0.1, 0.2, 0.3, 0.4),
        entitlement: Float64Array.of(0.5, 0.5, 1, 0),
        waitingTasks: Float64Array.of(1, 0, 0, 0),
        runningTasks: Float64Array.of(1, 1, 2, 0),
      },
      clusterOverTime: {
        timeSeconds: Float64Array.of(0, 0),
        resource: ['cpus', 'mem'],
        utilisation: Float64Array.of(0.5, 0.25),
        fragmentation: Float64Array.of(0, 0.1),
      },
    },
  };
}
