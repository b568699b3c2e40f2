import { expect, test } from 'vitest';
import { withFigures } from '../../bench/peers/comparison-table.ts';
import { tasksCsv, workloadOfCsv } from '../../bench/peers/tasks-csv.ts';
import { syntheticCase } from '../../bench/synthetic.ts';

test('the file that simulators read holds the very workload', () => {
  const { workload } = syntheticCase({ tasks: 500, agents: 10, roles: 3, backlog: 100, load: 1 });
  const read = workloadOfCsv([...tasksCsv(workload)].join(''));
  expect(read.jobs).toEqual(workload.jobs);
  expect(read.roles).toEqual(workload.roles);
  expect(read.stages).toEqual(workload.stages);
  expect(read.tasks.durationUs).toEqual(workload.tasks.durationUs);
  expect(demands(read)).toEqual(demands(workload));
});

/** By task: requests are numbered in the order in which tasks name them, which a file does not keep. */
function demands({ tasks, requests, resources }: ReturnType<typeof workloadOfCsv>): number[][] {
  return Array.from(tasks.request, (request) => [
    ...requests.demand.subarray(request * resources.length, (request + 1) * resources.length),
  ]);
}

test('figures go between two markers and nowhere else', () => {
  const document = 'before\n<!-- figures -->\nold\n<!-- figures -->\nafter\n';
  expect(withFigures(document, 'new\n')).toBe('before\n<!-- figures -->\n\nnew\n\n<!-- figures -->\nafter\n');
  expect(() => withFigures('<!-- figures -->', 'new')).toThrow('found 1 markers');
});
