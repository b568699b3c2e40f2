/** Azure VM traces 2017 and 2019 (Cortez et al., SOSP 2017): the life of virtual machines, by buckets of size. */
import { secondsToUs } from '../../cluster/time.ts';
import { WorkloadBuilder } from '../builder.ts';
import { type Row, readRows } from '../rows.ts';
import type { TraceImporter } from './importer.ts';

const COLUMNS = [
  'vm',
  'subscription',
  'deployment',
  'created',
  'deleted',
  'max_cpu',
  'mean_cpu',
  'p95_max_cpu',
  'category',
  'cores',
  'memory',
];
const MIB_PER_GIB = 1024;

export const azureVm: TraceImporter = {
  format: 'azure-vm',
  title: 'Azure public VM traces 2017/2019 (vmtable.csv)',
  roleFields: ['subscription', 'category', 'deployment'],
  options: {
    coresAbove: { default: 32, description: 'cores of a VM in the open bucket (>24)' },
    memGibAbove: { default: 128, description: 'memory of a VM in the open bucket (>64)' },
  },

  recognise(probe) {
    return probe.files.some((file) => {
      const cells = probe.head(file).split(/\r?\n/, 1)[0].split(',');
      return cells.length === COLUMNS.length && /^>?\d+$/.test(cells[9]) && Number.isFinite(Number(cells[3]));
    })
      ? 0.9
      : 0;
  },

  async read(input, settings, report) {
    const builder = new WorkloadBuilder(input.name);
    const { coresAbove, memGibAbove } = settings.options;
    const seen = new Set<string>();
    for (const file of input.files) {
      await readRows(input, file, { delimiter: ',', columns: COLUMNS }, report, (row) => {
        if (builder.jobCount >= settings.maxJobs) return false;
        const id = row.text('vm');
        if (seen.has(id)) throw row.error('vm', `VM ${id} appears twice`, 'ROW_DUPLICATE');
        const created = row.amount('created', 'seconds');
        const deleted = row.amount('deleted', 'seconds');
        if (deleted < created)
          throw row.error('deleted', `deletion ${deleted} is before the creation ${created}`);
        const request = builder.request({
          cpus: bucket(row, 'cores', coresAbove),
          mem: bucket(row, 'memory', memGibAbove) * MIB_PER_GIB,
        });
        seen.add(id);
        builder.job({ id, role: row.text(settings.roleField) || 'unknown', submitUs: secondsToUs(created) });
        builder.tasks(1, request, secondsToUs(deleted - created));
        return true;
      });
    }
    report.notes.push(
      `A VM is a job of one task from its creation to its deletion, as large as its bucket; the open buckets are taken as ${coresAbove} cores and ${memGibAbove} GiB.`,
      'CPU utilisation is left out. The trace has no list of hosts: give --agents or --cluster.',
    );
    return builder.finish();
  },
};

function bucket(row: Row, column: string, above: number): number {
  return row.text(column).startsWith('>') ? above : row.amount(column, column);
}
