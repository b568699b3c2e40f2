/** Long-running containers of Alibaba's 2017 and 2018 traces, folded from their starts and ends. */
import { secondsToUs } from '../../cluster/time.ts';
import type { WorkloadBuilder } from '../builder.ts';
import type { ImportReport } from './importer.ts';

interface Container {
  readonly app: string;
  readonly startSeconds: number;
  readonly request: number;
  /** Infinity: it is still there at the end of the trace. */
  endSeconds: number;
}

export class ContainerLog {
  /** Latest time of any event. */
  lastSeconds = 0;
  private readonly containers = new Map<string, Container>();

  /** The container is there from now on; if it was there before, nothing changes. */
  start(id: string, app: string, seconds: number, request: number): void {
    this.lastSeconds = Math.max(this.lastSeconds, seconds);
    const known = this.containers.get(id);
    if (known) known.endSeconds = Number.POSITIVE_INFINITY;
    else
      this.containers.set(id, { app, startSeconds: seconds, request, endSeconds: Number.POSITIVE_INFINITY });
  }

  /** The container goes away; one that never came is counted. */
  end(id: string, seconds: number, report: ImportReport): void {
    this.lastSeconds = Math.max(this.lastSeconds, seconds);
    const known = this.containers.get(id);
    if (!known) report.leaveOut('end of a container that is not there');
    else known.endSeconds = Math.min(known.endSeconds, seconds);
  }

  /**
   * Adds each container as a job of one task, until the builder has `maxJobs`.
   * @param endSeconds the end of the trace as far as other tables tell
   */
  addTo(
    builder: WorkloadBuilder,
    endSeconds: number,
    maxJobs: number,
    roleOf: (app: string) => string,
  ): void {
    const traceEnd = Math.max(endSeconds, this.lastSeconds);
    for (const [id, container] of this.containers) {
      if (builder.jobCount >= maxJobs) return;
      const { app, startSeconds, request } = container;
      builder.job({
        id: `container ${id}`,
        role: roleOf(app) || 'unknown',
        submitUs: secondsToUs(startSeconds),
      });
      builder.tasks(1, request, secondsToUs(Math.min(container.endSeconds, traceEnd) - startSeconds));
    }
  }

  /** Sentences for the report. */
  notes(): string[] {
    return this.containers.size === 0
      ? []
      : [
          'Containers are jobs of one task; one that is not seen to stop runs to the end of the trace. Their request is the first stated.',
        ];
  }
}
