import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addDaemonFlags, DaemonFlags, type FlagDefinition } from '../../src/cli/daemons/daemon-flags.ts';
import { fileOf } from '../temporary-files.ts';

const DEFINITIONS = {
  work_dir: { help: 'where', default: null },
  port: { help: 'port', default: '5051' },
  gc_delay: { help: 'how long', default: '1weeks' },
  removals: { help: 'how many in what time', default: null },
  switch_user: { help: 'whether', default: 'true', isSwitch: true },
  fetcher_cache_size: { help: 'how much', default: '2GB' },
  executor_environment_variables: { help: 'JSON', default: null },
  credential: { help: 'who', default: null, isSecret: true },
} satisfies Record<string, FlagDefinition>;

function flags(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const command = new Command().exitOverride();
  addDaemonFlags(command, DEFINITIONS);
  command.parse(args, { from: 'user' });
  return new DaemonFlags<keyof typeof DEFINITIONS>(DEFINITIONS, command.opts(), environment);
}

describe('flags of the daemons', () => {
  it('come from the command line, the environment, a file, or are the default', () => {
    const file = fileOf(
      'agent.yaml',
      'work_dir: /file\nport: 1\ngc_delay: 1days\nexecutor_environment_variables: {A: "1"}\n',
    );
    const given = flags(['--config', file, '--work_dir=/line'], { MESOS_WORK_DIR: '/env', MESOS_PORT: '2' });
    expect(given.required('work_dir')).toBe('/line');
    expect(given.number('port')).toBe(2);
    expect(given.durationUs('gc_delay')).toBe(24 * 3600e6);
    expect(given.json('executor_environment_variables')).toEqual({ A: '1' });
    expect(given.bytes('fetcher_cache_size')).toBe(2 * 2 ** 30);
    expect(flags([]).durationUs('gc_delay')).toBe(7 * 24 * 3600e6);
  });

  it('are switched on and off as in Mesos', () => {
    const on = (...args: readonly string[]) => flags(args).isOn('switch_user');
    expect([on(), on('--switch_user'), on('--no-switch_user'), on('--switch_user=false')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(() => on('--switch_user=perhaps')).toThrow('--switch_user perhaps: expected true or false');
  });

  it('say how many in what time', () => {
    expect(flags([]).rate('removals')).toBeNull();
    expect(flags(['--removals=2/10mins']).rate('removals')).toEqual({ count: 2, perUs: 600e6 });
    for (const wrong of ['2', '0/1secs', 'x/1secs', '1/soon', '1/0secs', '/1secs'])
      expect(() => flags([`--removals=${wrong}`]).rate('removals')).toThrow(
        'a number and a time such as 1/10mins',
      );
  });

  it('that are wrong are named', () => {
    expect(() => flags([]).required('work_dir')).toThrow(
      '--work_dir is missing; give it, or set MESOS_WORK_DIR',
    );
    expect(() => flags(['--port=x']).number('port', 0, 65535)).toThrow('--port x: expected 0 to 65535');
    expect(() => flags(['--gc_delay=soon']).durationUs('gc_delay')).toThrow(
      '--gc_delay: "soon" is not a duration',
    );
    expect(() => flags(['--config', fileOf('c.yaml', 'prot: 1\n')])).toThrow(
      'has no "prot"; did you mean "port"',
    );
  });

  it('are shown to operators, but for secrets', () => {
    expect(flags(['--credential=s3'], { MESOS_WORK_DIR: 'zk://me:s3@a/w' }).shown()).toEqual({
      work_dir: 'zk://me:…@a/w',
      port: '5051',
      gc_delay: '1weeks',
      switch_user: 'true',
      fetcher_cache_size: '2GB',
    });
  });
});
