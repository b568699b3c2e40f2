/** Loads what a command works on: the trace, and the cluster where a file describes it. */
import type { Cluster } from '../../cluster/cluster.ts';
import { InputError } from '../../cluster/errors.ts';
import { TraceSource } from '../../files/trace-source.ts';
import { type LoadedTrace, type LoadOptions, loadTrace } from '../../workload/load-trace.ts';
import { startLoadingBar } from '../progress-bar.ts';

export interface LoadedInput extends LoadedTrace {
  /** SHA-256 of the files read. */
  readonly digest: string;
}

/** Reads a trace, with a progress bar on a terminal. @throws InputError */
export async function loadInput(path: string, options: LoadOptions): Promise<LoadedInput> {
  const source = new TraceSource(path);
  const bar = startLoadingBar(source);
  try {
    return { ...(await loadTrace(source, options)), digest: await source.digest() };
  } finally {
    bar.stop();
  }
}

/** The agents that a file describes: our agents.csv, or any trace that lists its machines. @throws InputError */
export async function loadCluster(path: string): Promise<{ cluster: Cluster; digest: string }> {
  const { workload, digest } = await loadInput(path, { mayLackJobs: true });
  if (workload.cluster) return { cluster: workload.cluster, digest };
  throw new InputError(
    'CLUSTER_INVALID',
    'describes no agents; expected e.g. an agents.csv (docs/trace-format.md)',
    {
      file: path,
    },
  );
}
