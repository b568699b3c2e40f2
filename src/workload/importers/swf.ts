/** Standard Workload Format of the Parallel Workloads Archive: one rigid parallel job a line, 18 numbers. */
import { uniformCluster } from '../../cluster/cluster.ts';
import { InputError } from '../../cluster/errors.ts';
import { secondsToUs } from '../../cluster/time.ts';
import { WorkloadBuilder } from '../builder.ts';
import { readLines } from '../lines.ts';
import { OUTCOME_FAILED, OUTCOME_FINISHED, OUTCOME_KILLED } from '../workload.ts';
import type { ImportReport, TraceImporter } from './importer.ts';

const FIELD_COUNT = 18;
const FIELDS = [
  'job number',
  'submit time',
  'wait time',
  'run time',
  'allocated processors',
  'average CPU time',
  'used memory',
  'requested processors',
  'requested time',
  'requested memory',
  'status',
  'user',
  'group',
  'executable',
  'queue',
  'partition',
  'preceding job',
  'think time',
];
const [JOB, SUBMIT, RUN, ALLOCATED, USED_MEMORY, REQUESTED, REQUESTED_TIME, REQUESTED_MEMORY, STATUS] = [
  0, 1, 3, 4, 6, 7, 8, 9, 10,
];
const ROLE_FIELD_INDEX: Readonly<Record<string, number>> = {
  user: 11,
  group: 12,
  executable: 13,
  queue: 14,
  partition: 15,
};
/** Field 11 of lines that tell of one stretch of a job between checkpoints; the job as a whole has a line before them. */
const PARTIAL_STATUSES = [2, 3, 4];
const WHOLE_NUMBERS = [JOB, ALLOCATED, REQUESTED];
const UNKNOWN = -1;
const KIB_PER_MIB = 1024;

export const swf: TraceImporter = {
  format: 'swf',
  title: 'Standard Workload Format, Parallel Workloads Archive',
  roleFields: Object.keys(ROLE_FIELD_INDEX),
  options: {
    memory: {
      default: 0,
      description: '1: tasks also ask for memory per processor (field 10, else 7); 0: processors only',
    },
  },

  recognise(probe) {
    if (probe.files.length !== 1) return 0;
    const lines = probe.head(probe.files[0]).split('\n');
    if (lines[0].startsWith(';')) return 0.9;
    const fields = lines[0].trim().split(/\s+/);
    if (fields.length < FIELD_COUNT) return 0;
    return fields.slice(0, FIELD_COUNT).every((field) => Number.isFinite(Number(field))) ? 0.8 : 0;
  },

  async read(input, settings, report) {
    const file = input.files[0];
    const path = input.displayPath(file);
    const builder = new WorkloadBuilder(input.name);
    const header = new Map<string, string>();
    const seen = new Set<number>();
    const roleIndex = ROLE_FIELD_INDEX[settings.roleField];
    let processorCount: number | undefined;
    let lastSubmit = Number.NEGATIVE_INFINITY;
    let rows = 0;
    for await (const { line, text } of readLines(input, file)) {
      if (text.startsWith(';')) {
        const [, key, value] = /^;\s*(\w+):\s*(.*)$/.exec(text) ?? [];
        if (key !== undefined) header.set(key, value);
        continue;
      }
      if (text.trim() === '') continue;
      if (builder.jobCount >= settings.maxJobs) break;
      processorCount ??= machineSize(header);
      rows++;
      try {
        const fields = readFields(text, path, line);
        const isSeen = seen.has(fields[JOB]);
        if (isSeen && PARTIAL_STATUSES.includes(fields[STATUS])) {
          report.leaveOut('partial execution of a job that has a line of its own');
          continue;
        }
        const fault = (index: number, what: string, code: RowErrorCode) =>
          rowError(path, line, what, code, columnOf(text, index));
        if (isSeen) throw fault(JOB, `job ${fields[JOB]} appears twice`, 'ROW_DUPLICATE');
        if (fields[SUBMIT] < 0) {
          throw fault(SUBMIT, 'submit time -1 is unknown; expected a number from 0', 'ROW_VALUE');
        }
        if (fields[SUBMIT] < lastSubmit) {
          const what = `submit time ${fields[SUBMIT]} is before ${lastSubmit} of an earlier job; logs are in order of submission`;
          throw fault(SUBMIT, what, 'ROW_ORDER');
        }
        seen.add(fields[JOB]);
        lastSubmit = fields[SUBMIT];
        addJob(builder, fields, roleIndex, settings.options.memory !== 0, processorCount, report);
      } catch (error) {
        report.badRow(error as Error);
      }
    }
    report.rows.set(file, rows);
    report.notes.push(
      'A job is a gang of tasks of one processor each (field 8, else 5) that run for field 4; the estimate is field 9.',
      'Where the estimate is shorter than the run, schedulers take the run time for it: the job is let run on.',
      'Left out: wait times, CPU time used, preceding jobs and think times (fields 3, 6, 17 and 18).',
    );
    if (settings.options.memory !== 0) {
      report.notes.push(
        'Tasks ask for memory (field 10, else 7); logs do not say what a node has: give --agents or --cluster.',
      );
      return builder.finish();
    }
    report.notes.push(
      'Memory is left out, since logs do not say what a node has; --import memory=1 takes it in.',
    );
    if (processorCount === undefined) {
      report.notes.push('The header states neither MaxProcs nor MaxNodes: give --agents.');
      return builder.finish();
    }
    report.notes.push(
      `The machine is ${processorCount} agents of one processor (header MaxProcs, else MaxNodes).`,
    );
    return builder.finish(uniformCluster(processorCount, { cpus: 1 }));
  },
};

function addJob(
  builder: WorkloadBuilder,
  fields: readonly number[],
  roleIndex: number,
  takesMemory: boolean,
  processorCount: number | undefined,
  report: ImportReport,
): void {
  const processors = fields[REQUESTED] > 0 ? fields[REQUESTED] : fields[ALLOCATED];
  const reason = reasonToLeaveOut(fields[RUN], processors, processorCount);
  if (reason !== null) {
    report.leaveOut(reason);
    return;
  }
  const memoryKib =
    fields[REQUESTED_MEMORY] > 0 ? fields[REQUESTED_MEMORY] : Math.max(0, fields[USED_MEMORY]);
  builder.job({
    id: String(fields[JOB]),
    role: fields[roleIndex] === UNKNOWN ? 'unknown' : String(fields[roleIndex]),
    submitUs: secondsToUs(fields[SUBMIT]),
    isGang: true,
    estimateUs: fields[REQUESTED_TIME] > 0 ? secondsToUs(fields[REQUESTED_TIME]) : undefined,
  });
  const request = builder.request(takesMemory ? { cpus: 1, mem: memoryKib / KIB_PER_MIB } : { cpus: 1 });
  builder.tasks(processors, request, secondsToUs(fields[RUN]), outcomeOf(fields[STATUS]));
}

function reasonToLeaveOut(
  runSeconds: number,
  processors: number,
  processorCount = Number.POSITIVE_INFINITY,
): string | null {
  if (runSeconds < 0) return 'unknown run time';
  if (processors <= 0) return 'unknown number of processors';
  return processors > processorCount ? 'larger than the machine' : null;
}

/** 1 completed, 0 failed, 5 cancelled; 2–4 are parts of jobs that were checkpointed, which is no failure. */
function outcomeOf(status: number): number {
  if (status === 0) return OUTCOME_FAILED;
  return status === 5 ? OUTCOME_KILLED : OUTCOME_FINISHED;
}

function machineSize(header: ReadonlyMap<string, string>): number | undefined {
  for (const key of ['MaxProcs', 'MaxNodes']) {
    const value = Number.parseInt(header.get(key) ?? '', 10);
    if (value > 0) return value;
  }
  return undefined;
}

/** Some published logs carry further columns after the 18th: they are ignored. */
function readFields(text: string, path: string, line: number): number[] {
  const fields = text.trim().split(/\s+/);
  if (fields.length < FIELD_COUNT) {
    throw rowError(
      path,
      line,
      `the row has ${fields.length} columns; expected ${FIELD_COUNT}`,
      'ROW_COLUMNS',
    );
  }
  return fields.slice(0, FIELD_COUNT).map((field, index) => {
    const value = Number(field);
    const least = index === JOB ? 0 : UNKNOWN;
    const isWhole = !WHOLE_NUMBERS.includes(index) || Number.isInteger(value);
    if (Number.isFinite(value) && value >= least && isWhole) return value;
    const problem = !Number.isFinite(value) ? 'is not a number' : isWhole ? 'is negative' : 'is a fraction';
    const expected = WHOLE_NUMBERS.includes(index) ? 'a whole number' : 'a number';
    const what = `${FIELDS[index]} "${field}" ${problem}; expected ${expected} from 0${least < 0 ? ', or -1 for unknown' : ''}`;
    return fail(rowError(path, line, what, 'ROW_VALUE', columnOf(text, index)));
  });
}

function columnOf(text: string, index: number): number {
  const starts = [...text.matchAll(/\S+/g)].map((match) => match.index + 1);
  return starts[index];
}

function rowError(file: string, line: number, what: string, code: RowErrorCode, column?: number): InputError {
  const place = column === undefined ? { file, line } : { file, line, column };
  return new InputError(code, `${what} (use --skip-bad-rows to leave such rows out)`, place);
}

type RowErrorCode = 'ROW_COLUMNS' | 'ROW_VALUE' | 'ROW_ORDER' | 'ROW_DUPLICATE';

function fail(error: Error): never {
  throw error;
}
