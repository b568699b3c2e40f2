/** `--workers`: the results are the same with any number of threads, and errors and Ctrl-C do what they do with one. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lacksNative } from '../native/both-engines.ts';
import { DEMO, mesolab, temporaryFolder } from './mesolab.ts';

const FEWEST_TASKS = join(import.meta.dirname, '../../docs/examples/fewest-tasks.ts');

/** A policy whose key does something first. @param prelude statements of the module */
function policyFile(name: string, statement: string, prelude = ''): string {
  const file = join(temporaryFolder(), `${name}.ts`);
  writeFileSync(
    file,
    `${prelude}
export const policy = {
  name: '${name}', title: 'a policy of a test', source: 'this test',
  order: { kind: 'roles', key: (role) => { ${statement}; return role.usage[0]; } },
};
`,
  );
  return file;
}

const readJson = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));

/** What a run's folder holds but for what tells of this one execution. */
function contentOf(folder: string): object {
  const { command, startedAt, wallSeconds, tasksPerSecond, ...manifest } = readJson(folder, 'manifest.json');
  const files = readdirSync(folder).sort();
  const others = files.filter((file) => file !== 'manifest.json');
  return { manifest, files, contents: others.map((file) => readFileSync(join(folder, file), 'base64')) };
}

test('one thread and two make the same runs in the same order, also of the user’s policies', async () => {
  const policies = ['fifo', FEWEST_TASKS, 'drf', 'random'].join(',');
  const simulate = async (workers: string) => {
    const out = join(temporaryFolder(), 'runs');
    const flags = ['--policy', policies, '--fit', 'best', '--failures', 'mtbf=5d,mttr=1h'];
    const args = ['simulate', DEMO, '--first', '400', ...flags, '--workers', workers, '--out', out, '--json'];
    const { code, stdout, stderr } = await mesolab(args);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const { runs, ...output } = JSON.parse(stdout);
    return {
      output,
      runs: runs.map(({ wallSeconds, tasksPerSecond, ...run }: Record<string, unknown>) => run),
      folders: readdirSync(out)
        .filter((name) => name !== 'report.html')
        .map((name) => [name, contentOf(join(out, name))]),
      compared: JSON.parse((await mesolab(['compare', out, '--json'])).stdout).runs.map(
        ({ policy }: { policy: string }) => policy,
      ),
    };
  };
  const [one, two] = await Promise.all([simulate('1'), simulate('2')]);
  expect(two).toEqual(one);
  expect(two.compared).toEqual(['fifo:fit=best', 'fewest-tasks:fit=best', 'drf:fit=best', 'random:fit=best']);
});

test.skipIf(lacksNative)(
  'the manifest says which engine played, and runs of both are one experiment',
  async () => {
    const out = temporaryFolder();
    for (const engine of ['native', 'typescript']) {
      const flags = [
        '--policy',
        'drf,random',
        '--engine',
        engine === 'native' ? 'auto' : engine,
        '--workers',
        '2',
      ];
      await mesolab(['simulate', DEMO, '--first', '100', ...flags, '--out', join(out, engine)]);
    }
    const engineOf = (...path: string[]) => readJson(out, ...path, 'manifest.json').engine;
    expect(engineOf('native', 'drf')).toBe('native');
    expect(engineOf('native', 'random')).toBe('typescript');
    expect(engineOf('typescript', 'drf')).toBe('typescript');
    const { stdout, stderr } = await mesolab(['compare', join(out, 'native'), join(out, 'typescript')]);
    expect(stdout).not.toContain('Not the same experiment');
    expect(stderr).toBe('');
  },
);

test('Ctrl-C keeps what each thread has played, and leaves out what has not begun', async () => {
  const out = join(temporaryFolder(), 'runs');
  const begun = join(temporaryFolder(), 'begun');
  const prelude = `import { existsSync, writeFileSync } from 'node:fs';
const cell = new Int32Array(new SharedArrayBuffer(4));
const pause = () => Atomics.wait(cell, 0, 0, 1);
let isAsked = false;`;
  const interrupting = policyFile(
    'interrupting',
    `if (!isAsked) { while (!existsSync('${begun}')) pause(); process.kill(process.pid, 'SIGINT'); }
     isAsked = true; pause()`,
    prelude,
  );
  const slow = policyFile(
    'slow',
    `if (!isAsked) writeFileSync('${begun}', ''); isAsked = true; pause()`,
    prelude,
  );
  const flags = ['--policy', `${interrupting},${slow},fifo`, '--workers', '2', '--out', out];
  const { code, stderr } = await mesolab(['simulate', DEMO, ...flags]);
  expect(stderr).toMatch(/^stopping, .*\ninterrupted: .*; not replayed: fifo\n$/);
  expect(code).toBe(130);
  expect(readdirSync(out).sort()).toEqual(['interrupting', 'report.html', 'slow']);
  for (const run of ['interrupting', 'slow'])
    expect(readJson(out, run, 'manifest.json').status).toBe('partial');
});

test('a thread that never answers does not keep the process from ending', async () => {
  const out = join(temporaryFolder(), 'runs');
  const endless = policyFile('endless', `process.kill(process.pid, 'SIGTERM'); while (true);`);
  const flags = ['--policy', `${endless},fifo`, '--workers', '2', '--out', out];
  expect((await mesolab(['simulate', DEMO, ...flags])).code).toBe(143);
  expect(readdirSync(out).filter((name) => name !== 'fifo')).toEqual([]);
});

test('an error in a thread is told as by one player, and the runs before it are kept', async () => {
  const broken = policyFile('broken', `throw new TypeError('the key is broken')`);
  const later = policyFile('later', `throw new Error('this comes later')`);
  for (const workers of ['1', '2', '3']) {
    const out = join(temporaryFolder(), 'runs');
    const flags = ['--policy', `fifo,${broken},${later}`, '--workers', workers, '--out', out];
    const { code, stdout, stderr } = await mesolab(['simulate', DEMO, '--first', '50', ...flags]);
    expect(stderr).toMatch(/^TypeError: the key is broken\n {4}at .*broken\.ts[\s\S]*a fault of mesolab/);
    expect(stderr).not.toContain('this comes later');
    expect(stdout).toBe('');
    expect(code).toBe(1);
    expect(readJson(out, 'fifo', 'manifest.json').status).toBe('complete');
    expect(existsSync(join(out, 'broken'))).toBe(false);
  }
});

test('what is wrong with the input is one line and code 2, whoever finds it', async () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, 'jobs.csv'),
    'job,role,submitSeconds,durationSeconds,cpus,resource:rdma\na,x,0,1,2,0\nb,x,1,1,2,7\n',
  );
  const agents = join(temporaryFolder(), 'agents.csv');
  writeFileSync(agents, 'agent,cpus\none,4\n');
  const simulate = (workers: string) =>
    mesolab(['simulate', folder, '--cluster', agents, '--policy', 'fifo,drf', '--workers', workers]);
  const [one, two] = await Promise.all([simulate('1'), simulate('2')]);
  expect(one.stderr).toMatch(/^error: tasks of the trace ask for rdma.*\[CLUSTER_INVALID\]\n$/);
  expect(two).toEqual(one);
  expect(two.code).toBe(2);
});
