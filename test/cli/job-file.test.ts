/** Job files: what they become, and what is said where they are wrong. */
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { readJob } from '../../src/cli/submit/job-file.ts';
import { fileOf } from '../temporary-files.ts';

const job = (text: string) => readJob(fileOf('job.yaml', text));

/** Without the folder. */
function problem(text: string): string {
  const path = fileOf('job.yaml', text);
  try {
    readJob(path);
  } catch (error) {
    return (error as Error).message.replace(`${dirname(path)}/`, '');
  }
  return 'no problem';
}

test('tasks stand after those they wait for, arrays are copies that know their number', () => {
  const { tasks } = job(`
name: demo
tasks:
  - { name: report, command: ./report.sh, after: [fit] }
  - { name: fit, command: [python3, fit.py], array: 2, retries: 2, cpus: 1.5, after: [fetch], env: { A: 1 } }
  - { name: fetch, command: curl http://data, constraints: ["rack=r1|r2"] }
`);
  expect(tasks.map(({ info, after }) => [info.name, after])).toEqual([
    ['fetch', []],
    ['fit[0]', [0]],
    ['fit[1]', [0]],
    ['report', [1, 2]],
  ]);
  expect(tasks[0].constraints).toEqual([{ attribute: 'rack', operator: 'in', values: ['r1', 'r2'] }]);
  expect(tasks[2]).toMatchObject({
    maxFailures: 3,
    demand: [
      { name: 'cpus', milli: 1500 },
      { name: 'mem', milli: 32_000 },
    ],
    info: {
      command: {
        shell: false,
        value: 'python3',
        arguments: ['python3', 'fit.py'],
        environment: {
          variables: [
            { name: 'MESOLAB_ARRAY_INDEX', value: '1' },
            { name: 'A', value: '1' },
          ],
        },
      },
    },
  });
});

test.each([
  ['name: x\ntasks: []', /^job\.yaml:2:1: tasks is \[\]; it must NOT have fewer than 1 items$/],
  [
    'name: x\ntasks:\n  - { name: a, comand: b }',
    /^job\.yaml:3:16: tasks\.0 has no "comand"; did you mean "command"\?; known are name, command, cpus/,
  ],
  ['name: x\ntasks:\n  - name: a', /^job\.yaml:3:5: tasks\.0 lacks "command"$/],
  [
    'name: x\ntasks:\n  - { name: a, command: b, cpus: lots }',
    /^job\.yaml:3:28: tasks\.0\.cpus is "lots"; it must be number$/,
  ],
  ['name: x\ntasks:\n  - { name: a, command: b, after: [c] }', /^job\.yaml:3:36: no task has the name "c"$/],
  [
    'name: x\ntasks:\n  - { name: a, command: b, after: [c] }\n  - { name: c, command: b, after: [a] }',
    /^job\.yaml:4:36: "a" waits, by others or itself, for this task$/,
  ],
  [
    'name: x\ntasks:\n  - { name: a, command: b }\n  - { name: a, command: b }',
    /^job\.yaml:4:7: there are two tasks/,
  ],
  [
    'name: x\ntasks:\n  - { name: a, command: b, constraints: [rack] }',
    /^job\.yaml:3:42: "rack" is not a constraint/,
  ],
  ['name: [', /^job\.yaml:1:8: /],
])('%j', (text, message) => {
  expect(problem(text)).toMatch(message);
});
