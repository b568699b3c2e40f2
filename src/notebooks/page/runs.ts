/** Runs in a notebook's page: reads runs from the folders that `mesolab notebook` serves. */

import type { RunSummary } from '../../metrics/summary.ts';
import type { RunTables } from '../../metrics/tables.ts';
import type { Manifest, Run } from '../../results/run.ts';
import { COLUMN_TYPES, type TableName, tableFile, tableFromColumns } from '../../results/table-columns.ts';
import { readParquetColumns } from '../../workload/parquet-columns.ts';

/** Runs in and below folders, named from where `mesolab notebook` was started. */
export async function readRuns(...folders: string[]): Promise<Run[]> {
  const query = new URLSearchParams(folders.map((folder) => ['folder', folder]));
  const answer = await fetch(`/mesolab/runs?${query}`);
  if (!answer.ok) throw new Error(await answer.text());
  const directories = (await answer.json()) as string[];
  return Promise.all(directories.map(readRun));
}

async function readRun(directory: string): Promise<Run> {
  const json = async (file: string) => (await fileOf(directory, file)).json();
  const table = async <N extends TableName>(name: N) =>
    tableFromColumns(
      name,
      await readParquetColumns(
        await (await fileOf(directory, tableFile(name))).arrayBuffer(),
        COLUMN_TYPES[name],
      ),
    ) as RunTables[N];
  const [manifest, summary, jobs, tasks, agents, rolesOverTime, clusterOverTime] = await Promise.all([
    json('manifest.json') as Promise<Manifest>,
    json('summary.json') as Promise<RunSummary>,
    table('jobs'),
    table('tasks'),
    table('agents'),
    table('rolesOverTime'),
    table('clusterOverTime'),
  ]);
  return { manifest, summary, tables: { jobs, tasks, agents, rolesOverTime, clusterOverTime } };
}

async function fileOf(directory: string, file: string): Promise<Response> {
  const answer = await fetch(`/mesolab/run-file?${new URLSearchParams({ folder: directory, file })}`);
  if (!answer.ok) throw new Error(await answer.text());
  return answer;
}
