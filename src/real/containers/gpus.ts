/** The machine's NVIDIA GPUs, each of which one container has to itself. */
import { readdirSync } from 'node:fs';

/** Device numbers: that of a GPU is its own, `control` is all GPUs' together. */
export const NVIDIA_DEVICES = { major: 195, control: 255 } as const;

/** Numbers of the GPUs that have a device file. */
export function machineGpus(): readonly number[] {
  return readdirSync('/dev')
    .flatMap((name) => /^nvidia(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** Gives out GPUs. */
export class GpuPool {
  private readonly free: number[];
  private readonly holders = new Map<string, readonly number[]>();

  constructor(gpus: readonly number[]) {
    this.free = [...gpus];
  }

  /** @throws Error where there are not so many left */
  take(container: string, count: number): readonly number[] {
    if (count > this.free.length)
      throw new Error(`${count} GPUs are asked for, and ${this.free.length} of this machine are free`);
    const taken = this.free.splice(0, count);
    this.holders.set(container, taken);
    return taken;
  }

  /** Those that a container of an earlier agent process has. */
  adopt(container: string, gpus: readonly number[]): void {
    this.holders.set(container, gpus);
    for (const gpu of gpus) this.free.splice(this.free.indexOf(gpu), this.free.includes(gpu) ? 1 : 0);
  }

  give(container: string): void {
    this.free.push(...(this.holders.get(container) ?? []));
    this.free.sort((a, b) => a - b);
    this.holders.delete(container);
  }
}
