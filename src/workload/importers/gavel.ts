/** Gavel's traces: GPU training jobs shaped on Philly (Narayanan et al., OSDI 2020). */
import { secondsToUs } from '../../cluster/time.ts';
import { WorkloadBuilder } from '../builder.ts';
import { readRows } from '../rows.ts';
import type { TraceImporter } from './importer.ts';

const COLUMNS = ['job_type', 'command', 'steps_flag', 'needs_data', 'total_steps', 'arrival', 'scale_factor'];

export const gavel: TraceImporter = {
  format: 'gavel',
  title: 'Gavel .trace files: deep-learning jobs with steps and scale factor',
  roleFields: ['model', 'jobType', 'scale'],
  options: {
    stepsPerSecond: {
      default: 10,
      description: 'training steps a job does in a second, on all its GPUs together',
      isPositive: true,
    },
  },

  recognise(probe) {
    if (probe.files.length !== 1) return 0;
    const fields = probe.head(probe.files[0]).split('\n', 1)[0].split('\t');
    return fields.length === COLUMNS.length && /^[01]$/.test(fields[3]) && Number(fields[6]) > 0 ? 1 : 0;
  },

  async read(input, settings, report) {
    const builder = new WorkloadBuilder(input.name);
    const { stepsPerSecond } = settings.options;
    const request = builder.request({ gpus: 1 });
    await readRows(input, input.files[0], { delimiter: '\t', columns: COLUMNS }, report, (row) => {
      if (builder.jobCount >= settings.maxJobs) return false;
      const type = row.text('job_type');
      const steps = row.count('total_steps', 'steps');
      const arrival = row.amount('arrival', 'seconds');
      const gpus = row.count('scale_factor', 'GPUs', 1);
      const roles = { model: type.replace(/ \(.*$/, ''), jobType: type, scale: `${gpus} GPUs` };
      builder.job({
        id: String(builder.jobCount),
        role: roles[settings.roleField as keyof typeof roles],
        submitUs: secondsToUs(arrival),
        isGang: gpus > 1,
      });
      builder.tasks(gpus, request, secondsToUs(steps / stepsPerSecond));
      return true;
    });
    report.notes.push(
      `Durations are derived: total steps ÷ ${stepsPerSecond} steps a second for every model (--import stepsPerSecond=…), since the trace has no throughputs.`,
      'A job is a gang of scale-factor tasks of one GPU each; commands and data directories are left out.',
    );
    return builder.finish();
  },
};
