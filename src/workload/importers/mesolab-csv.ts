/** Our format for writing by hand: jobs.csv and, beside it, agents.csv, agent-events.csv and roles.csv. */
import { InputError } from '../../cluster/errors.ts';
import { WorkloadBuilder } from '../builder.ts';
import { CSV_FILES, type CsvTable, REQUIRED_COLUMNS } from '../format/csv-columns.ts';
import { type RowHandler, readRows } from '../rows.ts';
import { CsvAgents } from './csv-agents.ts';
import { checkHeader, headerOf, readHeader, tableOf } from './csv-header.ts';
import { CsvJobs } from './csv-jobs.ts';
import type { ImportReport, TraceImporter, TraceInput } from './importer.ts';

export const mesolabCsv: TraceImporter = {
  format: 'mesolab-csv',
  title: 'Ours, by hand: jobs.csv and agents.csv (docs/trace-format.md)',
  roleFields: ['role'],
  options: {},

  recognise(probe) {
    let score = 0;
    for (const file of probe.files) {
      const columns = headerOf(probe.head(file));
      const table = tableOf(columns);
      if (table === null) continue;
      const isWhole = REQUIRED_COLUMNS[table].every((column) => columns.includes(column));
      score = Math.max(score, isWhole ? (table === 'jobs' ? 1 : 0.9) : 0.3);
    }
    return score;
  },

  async read(input, settings, report) {
    const files = await findTables(input, report);
    const builder = new WorkloadBuilder(input.name.replace(/\.csv$/, ''));
    const jobs = new CsvJobs(builder);
    await readTable(input, files.get('jobs'), report, (row) => {
      if (jobs.count >= settings.maxJobs && !jobs.hasJob(row.text('job'))) return;
      jobs.add(row);
    });
    jobs.finish(report);

    const agents = new CsvAgents();
    await readTable(input, files.get('agents'), report, (row) => agents.add(row));
    await readTable(input, files.get('events'), report, (row) => agents.addEvent(row));

    const weights = new Map<string, number>();
    await readTable(input, files.get('roles'), report, (row) => {
      const role = row.text('role');
      if (weights.has(role)) throw row.error('role', `role ${role} appears twice`, 'ROW_DUPLICATE');
      const weight = row.amount('weight', 'shares');
      if (weight === 0)
        throw row.error('weight', 'weight 0 would leave the role without a share; expected more');
      weights.set(role, weight);
    });
    return builder.finish(files.has('agents') ? agents.finish() : null, weights);
  },
};

/** Files by what their header says they are; where one file was named, companions by their name. */
async function findTables(input: TraceInput, report: ImportReport): Promise<Map<CsvTable, string>> {
  const names: readonly string[] = Object.values(CSV_FILES).filter((name) => name !== CSV_FILES.jobs);
  const candidates = [...input.files, ...input.companions.filter((file) => names.includes(file))];
  const found = new Map<CsvTable, string>();
  for (const file of candidates) {
    const columns = await readHeader(input, file);
    const table = tableOf(columns);
    if (table === null) {
      report.notes.push(`${file} is not a table of this format and was left out.`);
      continue;
    }
    const other = found.get(table);
    if (other === undefined) {
      checkHeader(columns, table, input.displayPath(file));
      found.set(table, file);
    } else if (input.files.includes(file)) {
      const place = { file: input.displayPath(file) };
      throw new InputError(
        'ROW_DUPLICATE',
        `${other} has ${table} already; name one of the two files`,
        place,
      );
    }
  }
  if (found.has('events') && !found.has('agents')) found.delete('events');
  if (found.has('jobs') || found.has('agents')) return found;
  const place = { file: input.displayPath(input.files[0]) };
  const expected = `${REQUIRED_COLUMNS.jobs.join(', ')}, or of agents.csv: agent`;
  throw new InputError(
    'ROW_COLUMNS',
    `no table of jobs or agents; expected a header with ${expected}`,
    place,
  );
}

async function readTable(
  input: TraceInput,
  file: string | undefined,
  report: ImportReport,
  handle: RowHandler,
): Promise<void> {
  if (file !== undefined) await readRows(input, file, { delimiter: ',', columns: 'header' }, report, handle);
}
