/** Users of this machine, as whom containers run. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const run = promisify(execFile);

/** @throws Error where there is none of this name */
export async function findUser(name: string): Promise<User> {
  const ask = async (option: string) => Number((await run('id', [option, '--', name])).stdout);
  try {
    return { name, uid: await ask('-u'), gid: await ask('-g') };
  } catch {
    throw new Error(
      `there is no user ${JSON.stringify(name)} on this machine; name another as user of the command or framework, ` +
        'or start the agent with --switch_user=false',
    );
  }
}

export const isRoot = process.getuid?.() === 0;

/** The command by which root starts something as the user. */
export function asUser({ uid, gid }: User): readonly string[] {
  return ['setpriv', '--reuid', `${uid}`, '--regid', `${gid}`, '--init-groups', '--'];
}
