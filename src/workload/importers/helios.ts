/** Helios (SenseTime, Hu et al., SC 2021): GPU jobs of four Slurm clusters, one log a cluster. */
import { WorkloadBuilder } from '../builder.ts';
import { readRows } from '../rows.ts';
import { GPU_LOG_COLUMNS, GpuLog, gpuLogNote } from './gpu-log.ts';
import type { TraceImporter } from './importer.ts';
import { firstCells } from './table-files.ts';

/** Sizes of virtual clusters by day, beside each log. */
const isVcSizes = (file: string) => /cluster_gpu_number/.test(file);

export const helios: TraceImporter = {
  format: 'helios',
  title: 'Helios GPU clusters 2020 (cluster_log.csv)',
  roleFields: ['vc', 'user'],
  options: {},

  recognise(probe) {
    const isOurs = (names: string[]) =>
      GPU_LOG_COLUMNS.every((name) => names.includes(name)) && !names.includes('type');
    return probe.files.some((file) => isOurs(firstCells(probe.head(file)))) ? 1 : 0;
  },

  async read(input, settings, report) {
    const builder = new WorkloadBuilder(input.name);
    const log = new GpuLog();
    const files = input.files.filter((file) => !isVcSizes(file));
    const dialect = { delimiter: ',', columns: 'header', required: GPU_LOG_COLUMNS } as const;
    for (const file of files) {
      const path = file.replace(/\.csv$/, '');
      const prefix = files.length > 1 ? `${path}/` : '';
      await readRows(input, file, dialect, report, (row) => {
        if (log.jobCount >= settings.maxJobs) return false;
        const vc = row.has('vc') ? row.text('vc') : path.replace(/^.*\//, '');
        log.add(row, prefix, settings.roleField === 'vc' ? vc : row.text('user'), undefined, report);
        return true;
      });
    }
    log.addTo(builder);
    report.notes.push(
      gpuLogNote,
      'The virtual cluster is the column vc, else the file’s name. The log states neither memory nor nodes: give --agents or --cluster. cluster_gpu_number.csv is not read.',
    );
    return builder.finish();
  },
};
