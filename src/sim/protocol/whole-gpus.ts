/** Agents of Mesos do not share GPUs: whoever asks for a part of one gets a whole one. */
import { gpuColumn } from '../../cluster/requests.ts';
import { MILLI } from '../../cluster/resources.ts';
import type { Workload } from '../../workload/workload.ts';

/** The workload with amounts of GPUs rounded up; the very same if there is nothing to round. */
export function withWholeGpus(workload: Workload): Workload {
  const { resources, requests } = workload;
  const gpu = gpuColumn(resources);
  if (gpu < 0) return workload;
  const demand = requests.demand.slice();
  let isRounded = false;
  for (let q = 0; q < requests.count; q++) {
    const place = q * resources.length + gpu;
    const whole = Math.ceil(demand[place] / MILLI) * MILLI;
    if (whole !== demand[place]) isRounded = true;
    demand[place] = whole;
  }
  return isRounded ? { ...workload, requests: { ...requests, demand } } : workload;
}
