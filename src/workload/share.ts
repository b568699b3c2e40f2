/** A workload that threads share: its columns lie in shared memory, so that a message to a worker does not copy them. */
import type { JobColumns, Workload } from './workload.ts';

/** What can be posted to a worker; `openSharedWorkload` makes a workload of it there. */
export interface SharedWorkload extends Omit<Workload, 'jobs'> {
  readonly jobs: Omit<JobColumns, 'ids'>;
  readonly jobIds: PackedTexts | null;
}

/** Texts as UTF-16, one after the other; text `i` ends before unit `ends[i]`. */
interface PackedTexts {
  readonly units: Uint16Array;
  readonly ends: Uint32Array;
}

/** Copies the columns into shared memory, once for any number of threads; what else a workload has is small. */
export function shareWorkload({ jobs, ...workload }: Workload): SharedWorkload {
  const { ids, ...jobColumns } = jobs;
  const { stages } = workload;
  return {
    ...workload,
    jobs: sharedColumns(jobColumns),
    jobIds: ids && packTexts(ids),
    stages: {
      ...sharedColumns(stages),
      precedence: stages.precedence && sharedColumns(stages.precedence),
    },
    tasks: sharedColumns(workload.tasks),
    requests: sharedColumns(workload.requests),
  };
}

/** The workload again, on the same memory. Ids of jobs are unpacked when they are first asked for: only tables need them. */
export function openSharedWorkload({ jobIds, ...workload }: SharedWorkload): Workload {
  let ids: readonly string[] | null = null;
  return {
    ...workload,
    jobs: {
      ...workload.jobs,
      get ids() {
        ids ??= jobIds && unpackTexts(jobIds);
        return ids;
      },
    },
  };
}

function sharedColumns<T extends object>(columns: T): T {
  const entries = Object.entries(columns).map(([name, column]) => [
    name,
    ArrayBuffer.isView(column) ? sharedCopy(column as Float64Array) : column,
  ]);
  return Object.fromEntries(entries) as T;
}

/** @param column of any type of number */
function sharedCopy(column: Float64Array): Float64Array {
  const TypedArray = column.constructor as Float64ArrayConstructor;
  const copy = new TypedArray(new SharedArrayBuffer(column.byteLength));
  copy.set(column);
  return copy;
}

function packTexts(texts: readonly string[]): PackedTexts {
  const ends = new Uint32Array(new SharedArrayBuffer(texts.length * Uint32Array.BYTES_PER_ELEMENT));
  let length = 0;
  texts.forEach((text, i) => {
    length += text.length;
    ends[i] = length;
  });
  const units = new Uint16Array(new SharedArrayBuffer(length * Uint16Array.BYTES_PER_ELEMENT));
  let end = 0;
  for (const text of texts) for (let i = 0; i < text.length; i++) units[end++] = text.charCodeAt(i);
  return { units, ends };
}

function unpackTexts({ units, ends }: PackedTexts): string[] {
  return Array.from(ends, (end, i) => String.fromCharCode(...units.subarray(i > 0 ? ends[i - 1] : 0, end)));
}
