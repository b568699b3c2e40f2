/** Google 2019 (ClusterData2019, Borg cells a–h): event tables as CSV with a header or as JSON lines. */
import { WorkloadBuilder } from '../builder.ts';
import { keptText } from '../kept-text.ts';
import { OUTCOME_FAILED, OUTCOME_FINISHED, OUTCOME_KILLED } from '../workload.ts';
import { type EventRecord, readRecords } from './event-records.ts';
import { attemptsOption, workNotes } from './google-options.ts';
import { googleTimeNote, usFromStart } from './google-times.ts';
import type { ImportReport, TraceImporter, TraceInput } from './importer.ts';
import { MachineLog } from './machine-log.ts';
import { filesOfTable } from './table-files.ts';
import { ENDED, NO_REQUEST, SCHEDULED, SUBMITTED, TaskLog, UPDATED } from './task-log.ts';
import { UnorderedEvents } from './unordered-events.ts';

/** What each event type of the schema's enum means to a task log. QUEUE and ENABLE only restate the request. */
const EVENT_TYPES = [
  ['SUBMIT', SUBMITTED],
  ['QUEUE', UPDATED],
  ['ENABLE', UPDATED],
  ['SCHEDULE', SCHEDULED],
  ['EVICT', ENDED + OUTCOME_KILLED],
  ['FAIL', ENDED + OUTCOME_FAILED],
  ['FINISH', ENDED + OUTCOME_FINISHED],
  ['KILL', ENDED + OUTCOME_KILLED],
  ['LOST', ENDED + OUTCOME_FAILED],
  ['UPDATE_PENDING', UPDATED],
  ['UPDATE_RUNNING', UPDATED],
] as const;
const EVENT_NAMES = EVENT_TYPES.map(([name]) => name);
const MACHINE_TYPES = ['', 'ADD', 'REMOVE', 'UPDATE'];
const MACHINE_REMOVE = 2;
const COLLECTION_TYPES = ['JOB', 'ALLOC_SET'];
const ALLOC_SET = 1;
/** Synthesised records have another code (or, as text, another name). */
const NOTHING_MISSING = ['', '0', 'MISSING_TYPE_NONE'];
/** Highest priority of each tier; above the last is monitoring. */
const TIERS: readonly (readonly [highest: number, name: string])[] = [
  [99, 'free'],
  [115, 'best-effort batch'],
  [119, 'mid'],
  [359, 'production'],
];

type Options = Readonly<Record<string, number>>;

/** What the collection events say of jobs, by collection id. */
interface Collections {
  readonly users: ReadonlyMap<string, string>;
  readonly maxPerMachine: ReadonlyMap<string, number>;
  /** Jobs that wait for others, or have a limit per switch. */
  readonly dependent: ReadonlySet<string>;
  readonly limitedPerSwitch: ReadonlySet<string>;
}

export const google2019: TraceImporter = {
  format: 'google-2019',
  title: 'Google cluster data 2019 (Borg cells a–h), tables as CSV or JSON lines',
  roleFields: ['user', 'tier', 'schedulingClass'],
  options: {
    attempts: attemptsOption,
    machineCpus: {
      default: 64,
      isPositive: true,
      description: 'cores that one normalised compute unit stands for',
    },
    machineMemMib: {
      default: 262_144,
      isPositive: true,
      description: 'memory that 1 of normalised memory stands for',
    },
  },

  recognise(probe) {
    return instanceFiles(probe.files).some((file) => {
      const head = probe.head(file);
      return ['instance_index', 'collection_id'].every((name) => head.includes(name));
    })
      ? 1
      : 0;
  },

  async read(input, settings, report) {
    const { options, roleField } = settings;
    const collections = await readCollections(input, report);
    const machines = await readMachines(input, options, report);
    const builder = new WorkloadBuilder(input.name);
    const requestOf = requestsOf(builder, options);
    const log = new TaskLog(options.attempts === 1);
    const events = new UnorderedEvents();
    const roles = new Map<string, string>();
    let synthesised = 0;
    let constrained = 0;
    for (const file of instanceFiles(input.files)) {
      await readRecords(input, file, report, (record) => {
        if (record.has('collection_type') && record.code('collection_type', COLLECTION_TYPES) === ALLOC_SET) {
          report.leaveOut('event of an alloc set');
          return;
        }
        const [, kind] = EVENT_TYPES[record.code('type', EVENT_NAMES)];
        const timeUs = usFromStart(record.amount('time', 'microseconds'));
        const id = record.id('collection_id');
        const index = record.count('instance_index', 'instances');
        const priority = record.has('priority') ? record.count('priority', 'priorities') : 0;
        const request = requestOf(record);
        if (timeUs === null) {
          report.leaveOut('event after the end of the trace');
          return;
        }
        if (!NOTHING_MISSING.includes(record.text('missing_type'))) synthesised++;
        if (record.has('constraint')) constrained++;
        if (!roles.get(id))
          roles.set(keptText(id), keptText(roleOf(record, roleField, id, priority, collections.users)));
        events.add(log.task(id, index, priority), kind, timeUs, request);
      });
    }
    events.play(log);
    log.finish(builder, report, settings.maxJobs, (id) => {
      const most = collections.maxPerMachine.get(id);
      return { role: roles.get(id) || 'unknown', ...(most === undefined ? {} : { maxPerAgent: most }) };
    });
    report.notes.push(
      `Requests and capacities are normalised; 1 is taken as ${options.machineCpus} cores and ${options.machineMemMib} MiB, and amounts are rounded to thousandths (of a core, of a MiB).`,
      ...workNotes(options.attempts === 1),
      googleTimeNote,
      'Events may come in any order. Alloc sets are left out, and jobs within them ask the cluster itself; parents of collections, vertical scaling and machine_attributes are left out too.',
    );
    const leftOut = [
      [synthesised, 'instance events were put in by the publisher for missing ones (missing_type)'],
      [constrained, 'instance events state constraints, which are left out'],
      [collections.dependent.size, 'jobs wait for others (start_after_collection_ids), which is left out'],
      [collections.limitedPerSwitch.size, 'jobs have a limit per switch (max_per_switch), which is left out'],
    ] as const;
    for (const [count, what] of leftOut) if (count > 0) report.notes.push(`${count} ${what}.`);
    return builder.finish(machines.cluster(report));
  },
};

async function readCollections(input: TraceInput, report: ImportReport): Promise<Collections> {
  const users = new Map<string, string>();
  const maxPerMachine = new Map<string, number>();
  const dependent = new Set<string>();
  const limitedPerSwitch = new Set<string>();
  for (const file of filesOfTable(input.files, 'collection_events')) {
    await readRecords(input, file, report, (record) => {
      const id = record.id('collection_id');
      const user = record.text('user');
      const perMachine = record.optionalAmount('max_per_machine', 'instances') ?? 0;
      const perSwitch = record.optionalAmount('max_per_switch', 'instances') ?? 0;
      if (user !== '') users.set(keptText(id), keptText(user));
      if (perMachine > 0) maxPerMachine.set(id, perMachine);
      if (perSwitch > 0) limitedPerSwitch.add(id);
      if (record.has('start_after_collection_ids')) dependent.add(id);
    });
  }
  return { users, maxPerMachine, dependent, limitedPerSwitch };
}

async function readMachines(input: TraceInput, options: Options, report: ImportReport): Promise<MachineLog> {
  const machines = new MachineLog();
  for (const file of filesOfTable(input.files, 'machine_events')) {
    await readRecords(input, file, report, (record) => {
      const type = record.code('type', MACHINE_TYPES);
      const timeUs = usFromStart(record.amount('time', 'microseconds'));
      const id = record.id('machine_id');
      const cpus = record.optionalAmount('capacity.cpus', 'compute units');
      const mem = record.optionalAmount('capacity.memory', 'normalised memory');
      if (timeUs === null) report.leaveOut('event after the end of the trace');
      else if (type === MACHINE_REMOVE) machines.remove(timeUs, id);
      else {
        const isStated = cpus !== undefined && mem !== undefined;
        const resources = isStated
          ? { cpus: cpus * options.machineCpus, mem: mem * options.machineMemMib }
          : undefined;
        const attributes = { platform: record.text('platform_id'), switch: record.text('switch_id') };
        machines.add(timeUs, id, resources, attributes);
      }
    });
  }
  return machines;
}

/** A request of equal text has one number; told apart by text, since millions of records repeat a few requests. */
function requestsOf(builder: WorkloadBuilder, options: Options): (record: EventRecord) => number {
  const numbers = new Map<string, number>();
  return (record) => {
    const [cpus, mem] = [record.text('resource_request.cpus'), record.text('resource_request.memory')];
    if (cpus === '' && mem === '') return NO_REQUEST;
    const key = `${cpus} ${mem}`;
    let number = numbers.get(key);
    if (number === undefined) {
      number = builder.request({
        cpus: (record.optionalAmount('resource_request.cpus', 'compute units') ?? 0) * options.machineCpus,
        mem:
          (record.optionalAmount('resource_request.memory', 'normalised memory') ?? 0) *
          options.machineMemMib,
      });
      numbers.set(key, number);
    }
    return number;
  };
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

/** Files of `instance_events`; a single file that the user named is one, whatever its name. */
function instanceFiles(files: readonly string[]): readonly string[] {
  return files.length === 1 ? files : filesOfTable(files, 'instance_events');
}
