/** The machine's NVIDIA GPUs, each of which one container has to itself. */
import { readdirSync } from 'node:fs';
import type { Resource } from '../../protocol/v1/mesos.ts';
import { Resources } from '../../resources/resources.ts';

/** Device numbers: that of a GPU is its own, `control` is all GPUs' together. */
export const NVIDIA_DEVICES = { major: 195, control: 255 } as const;

/** Numbers of the GPUs that have a device file. */
export function machineGpus(): readonly number[] {
  return readdirSync('/dev')
    .flatMap((name) => /^nvidia(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** Gives out GPUs, where there are any; a machine without them may still be told to offer some, which are then but a number. */
export class GpuPool {
  readonly isEmpty: boolean;
  private readonly free: Set<number>;

  constructor(gpus: readonly number[]) {
    this.isEmpty = gpus.length === 0;
    this.free = new Set(gpus);
  }

  /** @throws Error where there are not so many left */
  take(count: number): readonly number[] {
    if (this.isEmpty) return [];
    if (count > this.free.size)
      throw new Error(`${count} GPUs are asked for, and ${this.free.size} of this machine are free`);
    const taken = [...this.free].slice(0, count);
    this.adopt(taken);
    return taken;
  }

  /** What a container has once it is to have another number of them. @throws Error where there are not so many left */
  change(held: readonly number[], count: number): readonly number[] {
    if (count >= held.length) return [...held, ...this.take(count - held.length)];
    this.give(held.slice(count));
    return held.slice(0, count);
  }

  /** Those that a container of an earlier agent process has. */
  adopt(gpus: readonly number[]): void {
    for (const gpu of gpus) this.free.delete(gpu);
  }

  give(gpus: readonly number[]): void {
    for (const gpu of gpus) this.free.add(gpu);
  }
}

export function gpuCount(resources: readonly Resource[]): number {
  return Resources.of(resources).quantities().get('gpus') / 1000;
}
