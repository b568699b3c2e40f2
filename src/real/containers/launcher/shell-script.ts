/** The script by which a container's first shell becomes its command. */
import type { CommandInfo } from '../../../protocol/v1/mesos.ts';

/** Shells give these a meaning, or refuse to set them. */
const SPECIAL =
  /^(?:IFS|PPID|E?UID|GROUPS|PS[0-9]|PWD|OLDPWD|OPT\w+|LINENO|_|ENV|SHELLOPTS|POSIXLY_CORRECT|BASH\w*)$/;

/** Variables are set within the script, not on a command line that others can read, as some are secret. */
export function shellScript(command: CommandInfo, environment: Readonly<Record<string, string>>): string {
  const plain: string[] = [];
  const special: string[] = [];
  for (const [name, value] of Object.entries(environment))
    if (/^[A-Za-z_]\w*$/.test(name) && !SPECIAL.test(name)) plain.push(`export ${name}=${quoted(value)}`);
    else if (name !== '' && !name.includes('=')) special.push(quoted(`${name}=${value}`));
  const prefix = special.length === 0 ? '' : `env ${special.join(' ')} `;
  return [...plain, `exec ${prefix}${argumentsOf(command)} <&6 6<&-`, ''].join('\n');
}

/** The first argument, by which a program is to know itself, is its file: not every shell can give it another. */
function argumentsOf({ shell = true, value = '', arguments: argv = [] }: CommandInfo): string {
  if (shell) return `/bin/sh -c ${quoted(value)}`;
  return [value, ...argv.slice(1)].map(quoted).join(' ');
}

export function quoted(text: string): string {
  return `'${text.replaceAll('\0', '').replaceAll("'", "'\\''")}'`;
}
