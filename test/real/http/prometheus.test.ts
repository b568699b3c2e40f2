/** Figures for Prometheus, and the dashboard that shows them. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { prometheusText } from '../../../src/real/http/prometheus.ts';
import { MasterUnderTest } from '../master/master-under-test.ts';

const SAMPLE =
  /^[a-zA-Z_:][\w:]*(\{[a-z_]+="(?:[^"\\\n]|\\["\\n])*"(,[a-z_]+="(?:[^"\\\n]|\\["\\n])*")*\})? -?\d+(\.\d+)?(e[+-]\d+)?$/;

test('names of frameworks and roles are labels, and what is no number is left out', () => {
  const text = prometheusText([
    ['master/tasks_running', 3],
    ['master/frameworks/a%2F%22b/F-1/tasks/active/task_running', 2],
    ['master/frameworks/other/F-2/tasks/active/task_running', 1],
    ['allocator/mesos/roles/a/b/shares/dominant', 0.5],
    ['allocator/mesos/quota/roles/r/resources/cpus/limit', 4],
    ['slave/x', undefined],
    ['slave/y', Number.NaN],
  ]);
  expect(text).toBe(`# TYPE mesolab_master_tasks_running untyped
mesolab_master_tasks_running 3
# TYPE mesolab_master_framework_tasks_active_task_running untyped
mesolab_master_framework_tasks_active_task_running{framework="a/\\"b",id="F-1"} 2
mesolab_master_framework_tasks_active_task_running{framework="other",id="F-2"} 1
# TYPE mesolab_allocator_role_shares_dominant untyped
mesolab_allocator_role_shares_dominant{role="a/b"} 0.5
# TYPE mesolab_allocator_quota_limit untyped
mesolab_allocator_quota_limit{role="r",resource="cpus"} 4
`);
});

test('a master gives all its figures, and every one that the dashboard asks for', async () => {
  const master = await MasterUnderTest.start();
  await master.subscribe({ roles: ['r'] });
  const quota = [{ role: 'r', limits: { cpus: { value: 4 } } }];
  await master.operator({ type: 'UPDATE_QUOTA', update_quota: { quota_configs: quota } });
  const { text, headers } = await master.ask('/metrics');
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  const lines = text.trim().split('\n');
  for (const line of lines) if (!line.startsWith('#')) expect(line).toMatch(SAMPLE);
  const types = lines.filter((line) => line.startsWith('# TYPE'));
  expect(new Set(types).size).toBe(types.length);
  const snapshot = Object.values(await master.json('/metrics/snapshot')).filter((value) => value !== null);
  expect(lines.length - types.length).toBeGreaterThanOrEqual(snapshot.length);
  const dashboard = readFileSync('deploy/grafana-dashboard.json', 'utf8');
  const asked = new Set(dashboard.match(/mesolab_\w+/g));
  expect(asked.size).toBeGreaterThan(15);
  for (const name of asked) expect(text, name).toMatch(new RegExp(`^${name}[ {]`, 'm'));
});
