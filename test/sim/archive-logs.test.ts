/** FCFS and EASY on real logs, against published figures and against a reference that counts processors and nothing else. */
import { expect, test } from 'vitest';
import { TraceSource } from '../../src/files/trace-source.ts';
import { loadTrace } from '../../src/workload/load-trace.ts';
import { jobTasks, type Workload } from '../../src/workload/workload.ts';
import { lacksTraces, tracePath } from '../traces.ts';
import { play } from './play.ts';

const LOGS = [
  {
    file: 'swf/NASA-iPSC-1993-3.1-cln.swf.gz',
    policy: 'fifo',
    jobs: 18_239,
    mean: 8.00466,
    makespan: 7_949_022,
  },
  {
    file: 'swf/NASA-iPSC-1993-3.1-cln.swf.gz',
    policy: 'easy',
    jobs: 18_239,
    mean: 4.028072,
    makespan: 7_949_022,
  },
  { file: 'swf/hpc2n-slice.swf.gz', policy: 'fifo', jobs: 3145, mean: 5601.351351, makespan: 5_309_576 },
  { file: 'swf/hpc2n-slice.swf.gz', policy: 'easy', jobs: 3145, mean: 3483.416216, makespan: 5_282_045 },
  { file: 'batsim/medium_late.json', policy: 'fifo', jobs: 801, mean: 19.736295, makespan: null },
  { file: 'batsim/medium_late.json', policy: 'easy', jobs: 801, mean: 8.680998, makespan: null },
] as const;

for (const { file, policy, jobs, mean, makespan } of LOGS) {
  test.skipIf(lacksTraces)(`${policy} on ${file} waits ${mean} s on average`, async () => {
    const { workload } = await loadTrace(new TraceSource(tracePath(file)));
    const { metrics } = play(workload, workload.cluster!, policy).summary();
    expect(metrics.jobs).toBe(jobs);
    expect(Math.abs(metrics.waitSeconds!.mean - mean)).toBeLessThanOrEqual(5.1e-7);
    const reference = referenceMeanWait(workload, workload.cluster!.agentIds.length, policy === 'easy');
    expect(Math.abs(metrics.waitSeconds!.mean / reference - 1)).toBeLessThan(1e-9);
    if (makespan !== null) expect(metrics.makespanSeconds).toBe(makespan);
  });
}

interface Running {
  readonly endUs: number;
  readonly estimatedEndUs: number;
  readonly processors: number;
}

/** A machine as a number of free processors. */
function referenceMeanWait(workload: Workload, processors: number, isEasy: boolean): number {
  const { jobs, tasks } = workload;
  const jobOf = Array.from({ length: jobs.count }, (_, job) => {
    const [first, end] = jobTasks(workload, job);
    const runUs = tasks.durationUs[first];
    return {
      submitUs: jobs.submitUs[job],
      size: end - first,
      runUs,
      estimateUs: Math.max(runUs, jobs.estimateUs[job]),
    };
  });
  let running: Running[] = [];
  let queue: number[] = [];
  let free = processors;
  let next = 0;
  let waitUs = 0;
  while (next < jobOf.length || running.length > 0) {
    const nowUs = Math.min(
      jobOf[next]?.submitUs ?? Number.POSITIVE_INFINITY,
      ...running.map(({ endUs }) => endUs),
    );
    for (const { processors: size } of running.filter(({ endUs }) => endUs === nowUs)) free += size;
    running = running.filter(({ endUs }) => endUs > nowUs);
    while (next < jobOf.length && jobOf[next].submitUs === nowUs) queue.push(next++);
    const start = (job: number) => {
      const { submitUs, size, runUs, estimateUs } = jobOf[job];
      free -= size;
      waitUs += nowUs - submitUs;
      running.push({ endUs: nowUs + runUs, estimatedEndUs: nowUs + estimateUs, processors: size });
    };
    while (queue.length > 0 && jobOf[queue[0]].size <= free) start(queue.shift()!);
    if (!isEasy || queue.length === 0) continue;
    let { shadowUs, extra } = shadow(running, free, jobOf[queue[0]].size);
    for (const job of queue.slice(1)) {
      const { size, estimateUs } = jobOf[job];
      if (size > free) continue;
      const isShort = nowUs + estimateUs <= shadowUs;
      if (!isShort && size > extra) continue;
      if (!isShort) extra -= size;
      start(job);
      queue = queue.filter((other) => other !== job);
    }
  }
  return waitUs / jobOf.length / 1e6;
}

/** Collects processors of running jobs, earliest and then smallest first, until they are enough. */
function shadow(
  running: readonly Running[],
  free: number,
  wanted: number,
): { shadowUs: number; extra: number } {
  let available = free;
  const order = [...running].sort(
    (a, b) => a.estimatedEndUs - b.estimatedEndUs || a.processors - b.processors,
  );
  for (const { estimatedEndUs, processors } of order) {
    available += processors;
    if (available >= wanted) return { shadowUs: estimatedEndUs, extra: available - wanted };
  }
  throw new Error('the job is larger than the machine');
}
