/** The machine that a run was made on, for manifests. */
import { cpus } from 'node:os';
import type { Manifest } from '../results/run.ts';

export function hostDescription(): Manifest['host'] {
  return {
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    cpu: cpus()[0]?.model ?? 'unknown',
  };
}
