/** When tasks and instances of Alibaba's traces ran, and how they ended, by their status and times. */
import type { Row } from '../rows.ts';
import { OUTCOME_FAILED, OUTCOME_FINISHED, OUTCOME_KILLED } from '../workload.ts';
import type { ImportReport } from './importer.ts';

/** When a task or an instance ran; the end is Infinity if that was after the trace. */
export interface Span {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/**
 * When a task or an instance ran, by its status and times, of which 0 or less is outside the trace.
 * `null`: it never ran or its end is unknown, which is counted.
 */
export function readSpan(
  row: Row,
  columns: { readonly start: string; readonly end: string; readonly status: string },
  what: string,
  report: ImportReport,
): Span | null {
  const start = row.text(columns.start) === '' ? 0 : Math.max(0, row.number(columns.start, 'seconds'));
  const end = row.text(columns.end) === '' ? 0 : Math.max(0, row.number(columns.end, 'seconds'));
  const reason = reasonToLeaveOut(start, end, row.text(columns.status));
  if (reason !== null) {
    report.leaveOut(`${what} ${reason}`);
    return null;
  }
  return { startSeconds: start, endSeconds: end === 0 ? Number.POSITIVE_INFINITY : end };
}

export function outcomeOf(status: string): number {
  if (status === 'Failed') return OUTCOME_FAILED;
  return status === 'Cancelled' || status === 'Interrupted' ? OUTCOME_KILLED : OUTCOME_FINISHED;
}

/** In the words that follow `task …` or `instance …`. */
function reasonToLeaveOut(start: number, end: number, status: string): string | null {
  if (status === 'Waiting' || status === 'Ready' || (start === 0 && end === 0)) return 'that never ran';
  if (end === 0 && status !== 'Running' && status !== 'Terminated') return 'without an end';
  return end !== 0 && end < start ? 'that ends before it starts' : null;
}
