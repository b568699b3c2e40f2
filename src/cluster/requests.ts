/** Requests of a workload lined up with a cluster's columns, ready for comparing: what a task needs of an agent. */
import { type Constraint, satisfies } from './constraints.ts';
import { MILLI } from './resources.ts';

/** The column of `gpus` among the resources, −1 where there is none. */
export const gpuColumn = (resources: readonly string[]): number => resources.indexOf('gpus');

export interface Requests {
  readonly count: number;
  /** `demand[q * resourceCount + r]` thousandths. */
  readonly demand: Float64Array;
  /**
   * What an agent's index columns must reach: the demand, then, if the cluster has GPUs, the number of wholly free
   * devices and the free thousandths that some device must have. `need[q * needWidth + c]`.
   */
  readonly need: Float64Array;
  readonly needWidth: number;
  /** GPU devices the request takes whole. */
  readonly wholeDevices: Int32Array;
  /** Thousandths it takes of one further device. */
  readonly deviceShare: Int32Array;
  /** By request: 1 for each agent that its constraints allow; `null`: all. Equal constraints share one array. */
  readonly allowed: readonly (Uint8Array | null)[];
}

/**
 * @param columns the workload's resource names; @param resources the cluster state's (a superset)
 * @param demand thousandths by request and workload column
 */
export function alignRequests(
  source: {
    readonly count: number;
    readonly demand: Float64Array;
    readonly constraints: readonly (readonly Constraint[] | null)[];
  },
  columns: readonly string[],
  resources: readonly string[],
  attributes: ReadonlyMap<string, readonly (string | null)[]>,
  agentCount: number,
): Requests {
  const gpu = gpuColumn(resources);
  const width = resources.length;
  const needWidth = gpu < 0 ? width : width + 2;
  const demand = new Float64Array(source.count * width);
  const need = new Float64Array(source.count * needWidth);
  const wholeDevices = new Int32Array(source.count);
  const deviceShare = new Int32Array(source.count);
  for (let q = 0; q < source.count; q++) {
    columns.forEach((name, c) => {
      const r = resources.indexOf(name);
      const amount = source.demand[q * columns.length + c];
      demand[q * width + r] = amount;
      need[q * needWidth + r] = amount;
    });
    if (gpu < 0) continue;
    const amount = demand[q * width + gpu];
    wholeDevices[q] = Math.floor(amount / MILLI);
    deviceShare[q] = amount % MILLI;
    need[q * needWidth + width] = wholeDevices[q];
    need[q * needWidth + width + 1] = deviceShare[q];
  }
  const masks = new Map<string, Uint8Array>();
  const allowed = source.constraints.map((constraints) => {
    if (!constraints) return null;
    const key = JSON.stringify(constraints);
    let mask = masks.get(key);
    if (!mask) {
      mask = Uint8Array.from({ length: agentCount }, (_, agent) =>
        constraints.every((c) => satisfies(c, attributes.get(c.attribute)?.[agent] ?? null)) ? 1 : 0,
      );
      masks.set(key, mask);
    }
    return mask;
  });
  return { count: source.count, demand, need, needWidth, wholeDevices, deviceShare, allowed };
}
