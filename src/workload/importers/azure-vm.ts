/** Azure VM traces 2017 and 2019 (Cortez et al., SOSP 2017): the life of virtual machines, by size. */
import { secondsToUs } from '../../cluster/time.ts';
import { WorkloadBuilder } from '../builder.ts';
import { type Row, readRows } from '../rows.ts';
import type { TraceImporter } from './importer.ts';
import { filesOfTable, firstCells } from './table-files.ts';

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
    coresAbove: { default: 32, isPositive: true, description: 'cores of a VM in the open bucket (>24)' },
    memGibAbove: { default: 128, isPositive: true, description: 'memory of a VM in the open bucket (>64)' },
  },

  recognise(probe) {
    return vmFiles(probe.files).some((file) => isVmRow(firstCells(probe.head(file)))) ? 1 : 0;
  },

  async read(input, settings, report) {
    const builder = new WorkloadBuilder(input.name);
    const { coresAbove, memGibAbove } = settings.options;
    const seen = new Set<string>();
    for (const file of vmFiles(input.files)) {
      await readRows(input, file, { delimiter: ',', columns: COLUMNS }, report, (row) => {
        if (builder.jobCount >= settings.maxJobs) return false;
        const id = row.text('vm');
        if (seen.has(id)) throw row.error('vm', `VM ${id} appears twice`, 'ROW_DUPLICATE');
        const created = row.amount('created', 'seconds');
        const deleted = row.amount('deleted', 'seconds');
        if (deleted < created)
          throw row.error('deleted', `deletion ${deleted} is before the creation ${created}`);
        const request = builder.request({
          cpus: bucket(row, 'cores', 'cores', coresAbove),
          mem: bucket(row, 'memory', 'GiB', memGibAbove) * MIB_PER_GIB,
        });
        seen.add(id);
        builder.job({ id, role: row.text(settings.roleField) || 'unknown', submitUs: secondsToUs(created) });
        builder.tasks(1, request, secondsToUs(deleted - created));
        return true;
      });
    }
    report.notes.push(
      `A VM is a job of one task from its creation to its deletion, as large as its bucket (2019) or itself (2017); the open buckets >24 cores and >64 GiB are taken as ${coresAbove} cores and ${memGibAbove} GiB.`,
      'VMs that were there before the trace are created at 0; those that outlive it end with it.',
      'CPU utilisation is left out. The trace has no list of hosts: give --agents or --cluster.',
    );
    return builder.finish();
  },
};

/** The size of a bucket: its upper end, or what the user takes the open one for. */
function bucket(row: Row, column: string, unit: string, above: number): number {
  return /^>\s*\d+$/.test(row.text(column)) ? above : row.amount(column, unit);
}

/** Of the whole data set, only the table of VMs; a single file that the user named is one, whatever its name. */
function vmFiles(files: readonly string[]): readonly string[] {
  return files.length === 1 ? files : filesOfTable(files, 'vmtable');
}

function isVmRow(cells: readonly string[]): boolean {
  const at = (column: string) => cells[COLUMNS.indexOf(column)];
  const isTime = (cell: string) => /^\d+$/.test(cell);
  const isSize = (cell: string) => /^>?\s*\d+(\.\d+)?$/.test(cell);
  return (
    cells.length === COLUMNS.length &&
    isTime(at('created')) &&
    isTime(at('deleted')) &&
    /^[A-Za-z-]+$/.test(at('category')) &&
    isSize(at('cores')) &&
    isSize(at('memory'))
  );
}
