/** A workload as CSV, one row a task in order of submission, that every simulator of this comparison reads. */
import { MILLI } from '../../src/cluster/resources.ts';
import { WorkloadBuilder } from '../../src/workload/builder.ts';
import type { Workload } from '../../src/workload/workload.ts';

const HEADER = 'job,role,submit_us,duration_us,cpu_millis,mem_mib';

/** Lines of the file, for workloads of one stage a job. */
export function* tasksCsv({ resources, roles, jobs, stages, tasks, requests }: Workload): Generator<string> {
  const cpus = resources.indexOf('cpus');
  const mem = resources.indexOf('mem');
  yield `${HEADER}\n`;
  for (let task = 0; task < tasks.count; task++) {
    const job = stages.job[tasks.stage[task]];
    const demand = tasks.request[task] * resources.length;
    yield `${job},${roles[jobs.role[job]]},${jobs.submitUs[job]},${tasks.durationUs[task]},` +
      `${requests.demand[demand + cpus]},${requests.demand[demand + mem] / MILLI}\n`;
  }
}

/** The workload of such a file; neighbouring rows of one job become its tasks again. */
export function workloadOfCsv(text: string): Workload {
  const builder = new WorkloadBuilder('tasks');
  let lastJob = '';
  for (const line of text
    .slice(HEADER.length + 1)
    .trimEnd()
    .split('\n')) {
    const [job, role, submitUs, durationUs, cpuMillis, memMib] = line.split(',');
    if (job !== lastJob) builder.job({ role, submitUs: Number(submitUs) });
    lastJob = job;
    const request = builder.request({ cpus: Number(cpuMillis) / MILLI, mem: Number(memMib) });
    builder.tasks(1, request, Number(durationUs));
  }
  return builder.finish();
}
