/** `mesolab lab --masters`: commands find the leader through the lab's etcd, also after it was killed. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { request } from 'undici';
import { expect, test } from 'vitest';
import { until } from '../real/election/until.ts';
import { useLab } from '../real/lab.ts';
import { mesolab } from './mesolab.ts';

const AGENTS = 2;
const MASTERS = 2;
const lab = useLab(
  `--masters=${MASTERS}`,
  `--agents=${AGENTS}`,
  '--agent-resources=cpus:2;mem:1024;disk:1024',
);

test('a lab of two masters goes on with the second', { timeout: 120_000 }, async () => {
  const { master, folder } = lab();
  const first = Number(master.split(':')[1]);
  const ports = [first, first + AGENTS + 1];
  const names = ['master', 'master-1'];
  const registry = `etcd://127.0.0.1:${first + AGENTS + MASTERS}/lab`;
  const run = () => mesolab(['run', `--master=${registry}`, '--', 'echo hello']);
  expect(await run()).toMatchObject({ code: 0, stdout: 'hello\n' });
  const leader = (await leads(ports[0])) ? 0 : 1;
  process.kill(processWith(`--work_dir=${join(folder, names[leader])}`), 'SIGKILL');
  await until('the other leads', () => leads(ports[1 - leader]));
  expect(await run()).toMatchObject({ code: 0, stdout: 'hello\n' });
});

async function leads(port: number): Promise<boolean> {
  try {
    const { statusCode, body } = await request(`http://127.0.0.1:${port}/state`);
    await body.dump();
    return statusCode === 200;
  } catch {
    return false;
  }
}

/** @returns its id */
function processWith(argument: string): number {
  const found = readdirSync('/proc').find((name) => {
    try {
      return (
        /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').includes(argument)
      );
    } catch {
      // It has ended meanwhile.
      return false;
    }
  });
  if (found === undefined) throw new Error(`no process has ${argument}`);
  return Number(found);
}
