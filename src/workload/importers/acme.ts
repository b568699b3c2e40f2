/** Acme (Shanghai AI Laboratory, Hu et al., NSDI 2024): jobs of large-model development on two GPU clusters. */
import { WorkloadBuilder } from '../builder.ts';
import { readRows } from '../rows.ts';
import { GPU_LOG_COLUMNS, GpuLog, gpuLogNote } from './gpu-log.ts';
import type { TraceImporter } from './importer.ts';
import { firstCells } from './table-files.ts';

const REQUIRED = [...GPU_LOG_COLUMNS, 'type'];
/** Only the log of Kalos has it. */
const MEMORY = 'mem_per_pod_GB';
const MIB_PER_GIB = 1024;

export const acme: TraceImporter = {
  format: 'acme',
  title: 'Acme GPU clusters 2023 (trace_seren.csv, trace_kalos.csv)',
  roleFields: ['type', 'user'],
  options: {},

  recognise(probe) {
    const isOurs = (names: string[]) => REQUIRED.every((name) => names.includes(name));
    return probe.files.some((file) => isOurs(firstCells(probe.head(file)))) ? 1 : 0;
  },

  async read(input, settings, report) {
    const builder = new WorkloadBuilder(input.name);
    const log = new GpuLog();
    const files = input.files.length > 1 ? input.files.filter((file) => /trace_/.test(file)) : input.files;
    for (const file of files) {
      const prefix = files.length > 1 ? `${file.replace(/\.csv$/, '')}/` : '';
      const dialect = { delimiter: ',', columns: 'header', required: REQUIRED } as const;
      await readRows(input, file, dialect, report, (row) => {
        if (log.jobCount >= settings.maxJobs) return false;
        const mem = row.has(MEMORY) ? (row.optionalAmount(MEMORY, 'GB') ?? 0) * MIB_PER_GIB : undefined;
        log.add(row, prefix, row.text(settings.roleField), mem, report);
        return true;
      });
    }
    log.addTo(builder);
    report.notes.push(
      gpuLogNote,
      'A task of Kalos asks for mem_per_pod_GB; the log of Seren states no memory. Shared memory and the columns fail_time, stop_time, duration, queue and gpu_time are left out.',
      'The trace has no list of nodes: give --agents or --cluster.',
    );
    return builder.finish();
  },
};
