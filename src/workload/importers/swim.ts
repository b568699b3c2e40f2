/** SWIM: MapReduce jobs of Facebook 2009 and 2010 as bytes in, shuffled and out (Chen et al., MASCOTS 2011). */
import { secondsToUs } from '../../cluster/time.ts';
import { WorkloadBuilder } from '../builder.ts';
import { readRows } from '../rows.ts';
import type { TraceImporter } from './importer.ts';

const COLUMNS = ['job', 'submit', 'interarrival', 'map_input_bytes', 'shuffle_bytes', 'reduce_output_bytes'];
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
/** Jobs below the first bound of total bytes are small, below the second medium, else large. */
const SMALL_BYTES = GIB;
const MEDIUM_BYTES = 100 * GIB;

export const swim: TraceImporter = {
  format: 'swim',
  title: 'SWIM: Facebook 2009/2010 MapReduce samples',
  roleFields: ['size', 'all'],
  options: {
    mapBlockMib: { default: 64, description: 'input of one map task', isPositive: true },
    reduceMib: { default: 1024, description: 'shuffled bytes of one reduce task', isPositive: true },
    mapMibPerSecond: { default: 20, description: 'rate at which a map task reads', isPositive: true },
    reduceMibPerSecond: {
      default: 20,
      description: 'rate at which a reduce task takes in and writes',
      isPositive: true,
    },
    taskStartSeconds: { default: 2, description: 'time that every task takes besides' },
    taskCpus: { default: 1, description: 'cores of a task' },
    taskMemMib: { default: 1024, description: 'memory of a task' },
  },

  recognise(probe) {
    if (probe.files.length !== 1) return 0;
    const fields = probe.head(probe.files[0]).split('\n', 1)[0].split('\t');
    return fields.length === COLUMNS.length && fields[0].startsWith('job') ? 1 : 0;
  },

  async read(input, settings, report) {
    const { options } = settings;
    const builder = new WorkloadBuilder(input.name);
    const request = builder.request({ cpus: options.taskCpus, mem: options.taskMemMib });
    const seen = new Set<string>();
    await readRows(input, input.files[0], { delimiter: '\t', columns: COLUMNS }, report, (row) => {
      if (builder.jobCount >= settings.maxJobs) return false;
      const id = row.text('job');
      if (seen.has(id)) throw row.error('job', `job ${id} appears twice`, 'ROW_DUPLICATE');
      const submit = row.amount('submit', 'seconds');
      const mapMib = row.amount('map_input_bytes', 'bytes') / MIB;
      const shuffleMib = row.amount('shuffle_bytes', 'bytes') / MIB;
      const outputMib = row.amount('reduce_output_bytes', 'bytes') / MIB;
      seen.add(id);
      const bytes = (mapMib + shuffleMib + outputMib) * MIB;
      const size = bytes < SMALL_BYTES ? 'small' : bytes < MEDIUM_BYTES ? 'medium' : 'large';
      builder.job({ id, role: settings.roleField === 'all' ? 'all' : size, submitUs: secondsToUs(submit) });
      const maps = Math.max(1, Math.ceil(mapMib / options.mapBlockMib));
      builder.stage();
      builder.tasks(
        maps,
        request,
        secondsToUs(options.taskStartSeconds + mapMib / maps / options.mapMibPerSecond),
      );
      if (shuffleMib === 0) return true;
      const reduces = Math.max(1, Math.ceil(shuffleMib / options.reduceMib));
      const reduceMib = (shuffleMib + outputMib) / reduces;
      builder.stage([0]);
      builder.tasks(
        reduces,
        request,
        secondsToUs(options.taskStartSeconds + reduceMib / options.reduceMibPerSecond),
      );
      return true;
    });
    report.notes.push(
      `Tasks and durations are derived, since the trace has bytes only: a map task per ${options.mapBlockMib} MiB of input at ${options.mapMibPerSecond} MiB/s, a reduce task per ${options.reduceMib} MiB shuffled at ${options.reduceMibPerSecond} MiB/s of shuffle and output, ${options.taskStartSeconds} s each besides; reduce tasks start when all maps have ended.`,
      'A job that shuffles nothing has map tasks only; the time in which they write is left out.',
      `A task asks for ${options.taskCpus} cores and ${options.taskMemMib} MiB: assumed.`,
    );
    if (settings.roleField === 'size') {
      report.notes.push(
        'The trace has no users; roles are job sizes by total bytes: small below 1 GiB, medium below 100 GiB, large.',
      );
    }
    return builder.finish();
  },
};
