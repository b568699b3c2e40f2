/** Existing Mesos clients, unmodified, against a real lab: JSON and protobuf, in five languages. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { useLab } from '../real/lab.ts';
import { CLIENTS, installed, missing } from './install.ts';

const lab = useLab('--agents=2', '--agent-resources=cpus:2;mem:1024;disk:1024');
const INSTALL_TIMEOUT_MS = 280_000;

interface Seen {
  readonly saw: string;
  readonly task?: string;
  readonly reason?: string | null;
}

test.each(CLIENTS)(
  '$name subscribes, launches, reconciles, kills and tears down',
  async (client) => {
    const lacking = await missing(client);
    if (lacking.length > 0 && !process.env.CI) {
      console.warn(`not tried: this machine has no ${lacking.join(', ')}`);
      return;
    }
    expect(lacking).toEqual([]);
    const [program, ...args] = client.command(await installed(client));
    // Some take the master's address first, some after the name of their package.
    const at = args.findIndex((arg) => /\.(py|cjs)$|^RxJavaClient$/.test(arg)) + 1;
    const { stdout } = await promisify(execFile)(program, args.toSpliced(at, 0, lab().master), {
      timeout: 60_000,
    });
    const seen = stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Seen);
    const of = (task: string) =>
      seen.filter((one) => one.task === task && one.reason !== 'REASON_RECONCILIATION').map(({ saw }) => saw);
    expect(seen[0].saw).toBe('SUBSCRIBED');
    expect(of('finish')).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
    expect(of('sleep')).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLED']);
    expect(seen).toContainEqual(
      expect.objectContaining({ saw: 'TASK_RUNNING', task: 'sleep', reason: 'REASON_RECONCILIATION' }),
    );
    expect(seen.at(-1)!.saw).toBe('END');
    const answer = await fetch(`http://${lab().master}/frameworks`);
    const { frameworks } = (await answer.json()) as {
      readonly frameworks: readonly { readonly active: boolean }[];
    };
    expect(frameworks.filter(({ active }) => active)).toEqual([]);
  },
  INSTALL_TIMEOUT_MS,
);
