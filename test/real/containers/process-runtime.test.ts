/** Containers as processes, with control groups and without: launched, ended, found again, nested. */
import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { launchOf, RuntimeUnderTest } from './runtime-under-test.ts';

const SIGKILL = 9;
const SIGTERM = 15;

let under: RuntimeUnderTest;
afterEach(() => under.close());

describe.each([
  { isolation: 'cgroups', usesCgroups: true },
  { isolation: 'no cgroups', usesCgroups: false },
])('with $isolation', ({ usesCgroups }) => {
  function start(): RuntimeUnderTest {
    under = new RuntimeUnderTest({ usesCgroups });
    return under;
  }

  test('a command runs in its sandbox and its exit status is told', async () => {
    const { runtime } = start();
    under.launch('c1', 'pwd; echo trouble >&2; exit 3');
    const end = await under.ended('c1');
    expect(end).toEqual({ status: 3 << 8, reason: null, message: null, limitation: null });
    expect(readFileSync(under.file('c1', 'stdout'), 'utf8')).toBe(
      `${under.file('c1', '')}\n`.replace('/\n', '\n'),
    );
    expect(readFileSync(under.file('c1', 'stderr'), 'utf8')).toBe('trouble\n');
    expect(realpathSync(under.file('c1', '../latest'))).toBe(realpathSync(under.file('c1', '.')));
    expect(await runtime.statistics('c1')).toBeNull();
  });

  test('a signal that killed the command is told, and SIGINT reaches it', async () => {
    start();
    under.launch('c1', 'kill -INT $$');
    under.launch('c2', 'kill -KILL $$');
    expect((await under.ended('c1')).status).toBe(2);
    expect((await under.ended('c2')).status).toBe(SIGKILL);
  });

  test('arguments and variables arrive as they are', async () => {
    start();
    const awkward = `a b'"$HOME\\\n;*é`;
    const variables = [
      { name: 'AWKWARD', value: awkward },
      { name: 'with.dot', value: awkward },
      { name: 'PPID', value: '1' },
    ];
    const script =
      'process.stdout.write(JSON.stringify([process.argv[1], process.env.AWKWARD, process.env["with.dot"], process.env.PPID]))';
    under.runtime.launch(
      launchOf('c1', {
        shell: false,
        value: process.execPath,
        arguments: ['node', '-e', script, awkward],
      }),
      Object.fromEntries(variables.map(({ name, value }) => [name, value])),
    );
    await under.ended('c1');
    expect(JSON.parse(readFileSync(under.file('c1', 'stdout'), 'utf8'))).toEqual([
      awkward,
      awkward,
      awkward,
      '1',
    ]);
  });

  test('destroying ends all of its processes, also those that left its session', async () => {
    start();
    under.launch(
      'c1',
      'export OF=$PWD; trap "" TERM; setsid sleep 1234 & (setsid sleep 1235 &) ; echo $$ > pid; sleep 1236',
    );
    await under.launched('c1');
    await until(() => existsSync(under.file('c1', 'pid')));
    await until(async () => ((await under.runtime.statistics('c1'))?.processes ?? 0) >= 4);
    under.runtime.destroy('c1');
    under.runtime.destroy('c1');
    expect((await under.ended('c1')).status).toBe(SIGKILL);
    expect(under.endCounts.get('c1')).toBe(1);
    expect(environments().filter((environment) => environment.includes(under.workDir))).toEqual([]);
  });

  test('a container outlives its agent, and the next one is told its end', async () => {
    start();
    under.launch('c1', 'until [ -e go ]; do sleep 0.02; done; exit 5');
    under.launch('c2', 'exit 6');
    await under.launched('c1');
    under.runtime.stop();
    await until(() => existsSync(`${under.workDir}/meta/containers/c2/exit`));
    expect([...(await under.restart())].sort()).toEqual(['c1', 'c2']);
    expect((await under.ended('c2')).status).toBe(6 << 8);
    expect((await under.runtime.statistics('c1'))?.processes).toBeGreaterThan(0);
    writeFileSync(under.file('c1', 'go'), '');
    expect((await under.ended('c1')).status).toBe(5 << 8);
  });

  test('nested containers are waited for, signalled, removed, and end with what they are in', async () => {
    const { runtime } = start();
    under.launch('c1', 'sleep 1000');
    await under.launched('c1');
    const parent = { value: 'c1' };
    const [n1, n2, inner] = [
      { value: 'n1', parent },
      { value: 'n2', parent },
      { value: 'inner', parent: { value: 'n2', parent } },
    ];
    expect(await runtime.launchNested(n1, { command: { value: 'echo in $PWD; exit 4' } })).toBe('launched');
    expect(await runtime.launchNested(n1, { command: { value: 'exit 0' } })).toBe('already');
    expect((await runtime.waitNested(n1))?.status).toBe(4 << 8);
    const file = under.file('c1', 'containers/n1/stdout');
    expect(readFileSync(file, 'utf8')).toBe(`in ${file.slice(0, -'/stdout'.length)}\n`);
    expect(await runtime.removeNested(n1)).toBe(true);
    expect(existsSync(file)).toBe(false);
    expect(await runtime.waitNested(n1)).toBeNull();
    expect(await runtime.removeNested(n1)).toBe(false);

    await runtime.launchNested(n2, { command: { value: 'sleep 1001' } });
    await runtime.launchNested(inner, { command: { value: 'sleep 1002' } });
    await expect(runtime.removeNested(n2)).rejects.toThrow('still runs');
    expect(runtime.killNested(inner, SIGTERM)).toBe(true);
    expect((await runtime.waitNested(inner))?.status).toBe(SIGTERM);
    expect(runtime.killNested({ value: 'other', parent }, SIGKILL)).toBe(false);
    const waiting = runtime.waitNested(n2);
    runtime.destroy('c1');
    await under.ended('c1');
    expect((await waiting)?.status).toBe(SIGKILL);
    await expect(runtime.launchNested(n2, { command: { value: 'true' } })).rejects.toThrow('is not there');
  });

  test('a session is read while it runs, and takes input', async () => {
    const { runtime } = start();
    under.launch('c1', 'sleep 1000');
    await under.launched('c1');
    const id = { value: 's', parent: { value: 'c1' } };
    const { stdout, stderr } = await runtime.launchSession(id, { command: { value: 'cat; echo done >&2' } });
    runtime.input(id)!.end('hello');
    expect(Buffer.concat(await stdout.toArray()).toString()).toBe('hello');
    expect(Buffer.concat(await stderr.toArray()).toString()).toBe('done\n');
  });

  test('ids and sandboxes that lead elsewhere are refused', async () => {
    const { runtime } = start();
    await expect(runtime.launchNested({ value: '../x' }, {})).rejects.toThrow(
      'cannot be the name of a folder',
    );
    expect(() => under.launch('c1', 'true', { sandbox: '../../elsewhere' })).toThrow(
      'does not lead into its folder',
    );
    expect(() => runtime.removeSandbox('..')).toThrow('does not lead into its folder');
  });
});

function environments(): readonly Buffer[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      return /^\d+$/.test(pid) ? [readFileSync(`/proc/${pid}/environ`)] : [];
    } catch {
      return [];
    }
  });
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(10);
}
