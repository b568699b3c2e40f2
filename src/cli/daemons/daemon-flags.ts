/**
 * Flags of the daemons, named as Mesos names them (reference §17). A value comes from the command line, else from the
 * environment as MESOS_<NAME>, else from the file that --config names, else it is the default.
 */
import { type Command, Option } from 'commander';
import { InputError } from '../../cluster/errors.ts';
import { withoutSecret } from '../../real/coordination/service-address.ts';
import { parseDuration } from '../../real/duration.ts';
import { readConfigFile } from '../config-file.ts';
import { readBytes } from './read-bytes.ts';

export interface FlagDefinition {
  readonly help: string;
  /** `null`: none. */
  readonly default: string | null;
  /** True or false; may be given as --name, --no-name or --name=false. */
  readonly isSwitch?: boolean;
  /** Its value is never shown. */
  readonly isSecret?: boolean;
}

export type FlagDefinitions = Readonly<Record<string, FlagDefinition>>;

export function addDaemonFlags(command: Command, definitions: FlagDefinitions): void {
  command.option('--config <file>', 'YAML or JSON with flags by name', process.env.MESOS_CONFIG);
  for (const [name, { help, default: otherwise, isSwitch }] of Object.entries(definitions)) {
    const shown = otherwise === null || isSwitch ? help : `${help} (${otherwise})`;
    command.addOption(new Option(isSwitch ? `--${name} [boolean]` : `--${name} <value>`, shown));
    if (isSwitch) command.addOption(new Option(`--no-${name}`).hideHelp());
  }
}

/** The values of one start; each getter says by which flag a value is wrong. */
export class DaemonFlags<Name extends string> {
  private readonly values: Readonly<Record<string, string | null>>;
  private readonly definitions: FlagDefinitions;

  /** @throws InputError where the config file cannot be read or names a flag that there is none of */
  constructor(
    definitions: Readonly<Record<Name, FlagDefinition>>,
    options: Readonly<Record<string, unknown>>,
    environment: NodeJS.ProcessEnv,
  ) {
    this.definitions = definitions;
    const file = options.config === undefined ? {} : readFile(String(options.config), definitions);
    this.values = Object.fromEntries(
      Object.entries<FlagDefinition>(definitions).map(([name, { default: otherwise }]) => [
        name,
        asText(options[name]) ??
          environment[`MESOS_${name.toUpperCase()}`] ??
          asText(file[name]) ??
          otherwise,
      ]),
    );
  }

  /** `null`: it is not given. */
  text(name: Name): string | null {
    return this.values[name];
  }

  required(name: Name): string {
    const value = this.values[name];
    if (value === null || value === '')
      throw new InputError(
        'OPTION_VALUE',
        `--${name} is missing; give it, or set MESOS_${name.toUpperCase()}`,
      );
    return value;
  }

  choice<T extends string>(name: Name, choices: readonly T[]): T {
    const value = this.required(name) as T;
    if (!choices.includes(value)) throw this.wrong(name, choices.join(' or '));
    return value;
  }

  isOn(name: Name): boolean {
    const value = this.required(name);
    if (value !== 'true' && value !== 'false') throw this.wrong(name, 'true or false');
    return value === 'true';
  }

  number(name: Name, least = 0, most = Number.POSITIVE_INFINITY): number {
    const value = Number(this.required(name));
    if (!(value >= least && value <= most))
      throw this.wrong(
        name,
        most === Number.POSITIVE_INFINITY ? `a number from ${least}` : `${least} to ${most}`,
      );
    return value;
  }

  durationUs(name: Name): number {
    try {
      return parseDuration(this.required(name));
    } catch (error) {
      if (error instanceof InputError) throw new InputError('OPTION_VALUE', `--${name}: ${error.message}`);
      throw error;
    }
  }

  /** `1/10mins`: so many in that time; `null`: no limit. */
  rate(name: Name): { readonly count: number; readonly perUs: number } | null {
    const value = this.values[name];
    if (value === null) return null;
    const [count, time] = value.split('/');
    const perUs = /^[1-9]\d*$/.test(count) && time !== undefined ? durationOf(time) : null;
    if (perUs === null || perUs === 0) throw this.wrong(name, 'a number and a time such as 1/10mins');
    return { count: Number(count), perUs };
  }

  /** `2GB`, `512MB`, `100KB` or `10B`: powers of 1024, as in Mesos. */
  bytes(name: Name): number {
    const match = /^(\d+)(B|KB|MB|GB|TB)$/.exec(this.required(name));
    if (match === null) throw this.wrong(name, 'a size such as 2GB or 512MB');
    return Number(match[1]) * 1024 ** ['B', 'KB', 'MB', 'GB', 'TB'].indexOf(match[2]);
  }

  json(name: Name): unknown {
    const value = this.values[name];
    if (value === null) return null;
    const text = /^\s*[[{]/.test(value) ? value : readBytes(value.replace(/^file:\/\//, '')).toString();
    try {
      return JSON.parse(text);
    } catch (error) {
      throw this.wrong(name, `JSON (${(error as Error).message})`);
    }
  }

  /** What operators may see: those that are set, addresses without their passwords. */
  shown(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      Object.entries(this.values).flatMap(([name, value]) =>
        value === null || this.definitions[name].isSecret ? [] : [[name, withoutSecret(value)]],
      ),
    );
  }

  private wrong(name: Name, expected: string): InputError {
    return new InputError('OPTION_VALUE', `--${name} ${this.values[name]}: expected ${expected}`);
  }
}

function durationOf(text: string): number | null {
  try {
    return parseDuration(text);
  } catch {
    return null;
  }
}

function readFile(path: string, definitions: FlagDefinitions): Readonly<Record<string, unknown>> {
  const properties = Object.fromEntries(Object.keys(definitions).map((name) => [name, {}]));
  return readConfigFile<Record<string, unknown>>(path, {
    type: 'object',
    properties,
    additionalProperties: false,
  }).value;
}

function asText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
