/**
 * Fragmentation gradient descent (Weng et al., USENIX ATC 2023, section 4): the agent whose expected GPU fragmentation
 * grows least. A fragment is free GPU that a task of the typical workload could not use. Where that leaves a tie
 * (no GPU in play), the agent with least left over wins, so that GPU agents stay free for GPU tasks.
 */
import { MILLI } from '../../cluster/resources.ts';
import type { Fit } from '../policy.ts';
import { bestFit } from './best-fit.ts';

export interface TypicalTask {
  /** Thousandths by resource. */
  readonly demand: Float64Array;
  /** Its share of the workload's tasks, 0 … 1. */
  readonly popularity: number;
}

/** @param gpu the column of gpus; −1: the cluster has none, and FGD is best fit */
export function fragmentationGradient(typical: readonly TypicalTask[], gpu: number): Fit {
  if (gpu < 0) return { name: 'fgd', score: bestFit.score };
  let afterFree = new Float64Array(0);
  let afterDevices = new Float64Array(0);
  return {
    name: 'fgd',
    score(demand, agent) {
      if (afterFree.length !== agent.free.length) afterFree = new Float64Array(agent.free.length);
      if (afterDevices.length !== agent.deviceFree.length)
        afterDevices = new Float64Array(agent.deviceFree.length);
      for (let r = 0; r < demand.length; r++) afterFree[r] = agent.free[r] - demand[r];
      afterDevices.set(agent.deviceFree);
      takeDevices(afterDevices, demand[gpu]);
      const before = fragmentation(agent.free, agent.deviceFree, typical, gpu);
      const after = fragmentation(afterFree, afterDevices, typical, gpu);
      // Fragmentation is a whole number of thousandths times popularity; the best-fit term only breaks its ties.
      return before - after + TIE_WEIGHT * bestFit.score(demand, agent);
    },
  };
}

const TIE_WEIGHT = 1e-6;

/** Expected thousandths of GPU that are free on an agent but of no use to a typical task. */
export function fragmentation(
  free: Float64Array,
  deviceFree: Float64Array,
  typical: readonly TypicalTask[],
  gpu: number,
): number {
  let expected = 0;
  for (const { demand, popularity } of typical) {
    const perDevice = Math.min(demand[gpu], MILLI);
    let usable = 0;
    let unusable = 0;
    for (let d = 0; d < deviceFree.length; d++) {
      if (perDevice > 0 && deviceFree[d] >= perDevice) usable += deviceFree[d];
      else unusable += deviceFree[d];
    }
    let fits = usable >= demand[gpu];
    for (let r = 0; r < demand.length && fits; r++) if (r !== gpu) fits = demand[r] <= free[r];
    expected += popularity * (fits ? unusable : usable + unusable);
  }
  return expected;
}

/** As the cluster does it: whole devices by number, a share from the fullest device with room. */
function takeDevices(devices: Float64Array, amount: number): void {
  const share = amount % MILLI;
  let chosen = -1;
  if (share > 0) {
    for (let d = 0; d < devices.length; d++) {
      if (devices[d] >= share && (chosen < 0 || devices[d] < devices[chosen])) chosen = d;
    }
    if (chosen >= 0) devices[chosen] -= share;
  }
  for (let d = 0, whole = (amount - share) / MILLI; d < devices.length && whole > 0; d++) {
    if (devices[d] !== MILLI) continue;
    devices[d] = 0;
    whole--;
  }
}
