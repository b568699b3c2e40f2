/** Google 2019 (ClusterData2019, Borg cells a–h): event tables exported as CSV with a header or as JSON lines. */
import { WorkloadBuilder } from '../builder.ts';
import { OUTCOME_FAILED, OUTCOME_FINISHED, OUTCOME_KILLED } from '../workload.ts';
import { type EventRecord, readRecords } from './event-records.ts';
import type { TraceImporter } from './importer.ts';
import { MachineLog } from './machine-log.ts';
import { statedAmounts, TaskLog } from './task-log.ts';

/** Times are µs; the trace begins at 600 s, 0 stands for before it, and times from here on for after it. */
const START_US = 600_000_000;
const AFTER_END_US = 2 ** 62;

const EVENT_TYPES = [
  'SUBMIT',
  'QUEUE',
  'ENABLE',
  'SCHEDULE',
  'EVICT',
  'FAIL',
  'FINISH',
  'KILL',
  'LOST',
  'UPDATE_PENDING',
  'UPDATE_RUNNING',
];
const OUTCOMES: Readonly<Record<string, number>> = {
  EVICT: OUTCOME_KILLED,
  FAIL: OUTCOME_FAILED,
  FINISH: OUTCOME_FINISHED,
  KILL: OUTCOME_KILLED,
  LOST: OUTCOME_FAILED,
};
const MACHINE_TYPES = ['', 'ADD', 'REMOVE', 'UPDATE'];
/** Highest priority of each tier; above the last is monitoring. */
const TIERS: readonly (readonly [highest: number, name: string])[] = [
  [99, 'free'],
  [115, 'best-effort batch'],
  [119, 'mid'],
  [359, 'production'],
];

export const google2019: TraceImporter = {
  format: 'google-2019',
  title: 'Google cluster data 2019 (Borg cells a–h), tables as CSV or JSON lines',
  roleFields: ['user', 'tier', 'schedulingClass'],
  options: {
    attempts: {
      default: 0,
      description: '1: every attempt of an instance is a job of its own; 0: its total work once',
    },
    machineCpus: { default: 64, description: 'cores that one normalised compute unit stands for' },
    machineMemMib: { default: 262_144, description: 'memory that 1 of normalised memory stands for' },
  },

  recognise(probe) {
    return tableFiles(probe.files, 'instance_events').some((file) => /instance_index/.test(probe.head(file)))
      ? 1
      : 0;
  },

  async read(input, settings, report) {
    const { options, roleField } = settings;
    const users = new Map<string, string>();
    const maxPerMachine = new Map<string, number>();
    let dependent = 0;
    for (const file of tableFiles(input.files, 'collection_events')) {
      await readRecords(input, file, report, (record) => {
        const id = record.text('collection_id');
        const user = record.text('user');
        if (user !== '') users.set(id, user);
        const most = record.optionalAmount('max_per_machine', 'instances') ?? 0;
        if (most > 0) maxPerMachine.set(id, most);
        if (record.has('start_after_collection_ids')) dependent++;
      });
    }
    const machines = new MachineLog();
    for (const file of tableFiles(input.files, 'machine_events')) {
      await readRecords(input, file, report, (record) => {
        const timeUs = Math.max(0, record.amount('time', 'microseconds') - START_US);
        const type = record.code('type', MACHINE_TYPES);
        const id = record.text('machine_id');
        if (type === 'REMOVE') machines.remove(timeUs, id);
        else {
          const amounts = {
            cpus: (record.optionalAmount('capacity.cpus', 'compute units') ?? 0) * options.machineCpus,
            mem: (record.optionalAmount('capacity.memory', 'normalised memory') ?? 0) * options.machineMemMib,
          };
          machines.add(timeUs, id, amounts, {
            platform: record.text('platform_id'),
            switch: record.text('switch_id'),
          });
        }
      });
    }
    const builder = new WorkloadBuilder(input.name);
    const log = new TaskLog(options.attempts === 1);
    const roles = new Map<string, string>();
    for (const file of tableFiles(input.files, 'instance_events')) {
      await readRecords(input, file, report, (record) => {
        if (record.text('collection_type') === '1') {
          report.leaveOut('event of an alloc set');
          return;
        }
        const time = record.amount('time', 'microseconds');
        if (time >= AFTER_END_US) {
          report.leaveOut('event after the end of the trace');
          return;
        }
        const id = record.text('collection_id');
        const index = record.count('instance_index', 'instances');
        const priority = record.optionalAmount('priority', 'priorities') ?? 0;
        if (!roles.has(id)) roles.set(id, roleOf(record, roleField, id, priority, users));
        applyEvent(log, record, id, index, Math.max(0, time - START_US), {
          priority,
          request: builder.request(
            statedAmounts({
              cpus:
                (record.optionalAmount('resource_request.cpus', 'compute units') ?? 0) * options.machineCpus,
              mem:
                (record.optionalAmount('resource_request.memory', 'normalised memory') ?? 0) *
                options.machineMemMib,
            }),
          ),
        });
      });
    }
    log.finish(builder, report, settings.maxJobs, (id) => {
      const most = maxPerMachine.get(id);
      return { role: roles.get(id) || 'unknown', ...(most === undefined ? {} : { maxPerAgent: most }) };
    });
    report.notes.push(
      `Requests and capacities are normalised; 1 is taken as ${options.machineCpus} cores and ${options.machineMemMib} MiB.`,
      'Alloc sets, and instances’ placement into them, are left out: their instances ask the cluster itself. Constraints and max_per_switch are left out.',
      `Waiting for other collections is left out (${dependent} collection events state it).`,
    );
    return builder.finish(machines.cluster());
  },
};

function applyEvent(
  log: TaskLog,
  record: EventRecord,
  id: string,
  index: number,
  timeUs: number,
  terms: { request: number; priority: number },
): void {
  const type = record.code('type', EVENT_TYPES);
  if (type === 'SUBMIT') log.submit(id, index, timeUs, terms);
  else if (type === 'SCHEDULE') log.schedule(id, index, timeUs, terms);
  else if (type in OUTCOMES) log.end(id, index, timeUs, terms, OUTCOMES[type]);
  else log.update(id, index, timeUs, terms);
}

function roleOf(
  record: EventRecord,
  field: string,
  id: string,
  priority: number,
  users: ReadonlyMap<string, string>,
): string {
  if (field === 'tier') return TIERS.find(([highest]) => priority <= highest)?.[1] ?? 'monitoring';
  if (field === 'schedulingClass') return `class ${record.text('scheduling_class')}`;
  return users.get(id) ?? '';
}

function tableFiles(files: readonly string[], table: string): string[] {
  return files.filter((file) => new RegExp(`${table}[^/]*$|(^|/)${table}/`).test(file));
}
