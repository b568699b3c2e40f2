/** `mesolab play`: a trace on a real cluster, as tasks that sleep as long as the trace's tasks ran, or a fraction of it. */
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { InputError } from '../../cluster/errors.ts';
import { ensureWritableDirectory } from '../../files/atomic-write.ts';
import { parseDuration as parseMesosDuration } from '../../real/duration.ts';
import { RUN_LAYOUT, writeRun } from '../../results/run-directory.ts';
import { hostDescription } from '../host.ts';
import { parseCount, parseDuration, parsePositiveNumber } from '../option-values.ts';
import { choosePolicies } from '../policies/choose-policies.ts';
import { startProgressBars } from '../progress-bar.ts';
import { INTERRUPTED_EXIT_CODE, withGentleInterrupt } from '../signals.ts';
import { metricsTable, rolesTable } from '../simulate/results-table.ts';
import { askMaster, clusterOfMaster } from '../submit/cluster-of-master.ts';
import { addMasterOptions, type MasterFlags, masterAddresses } from '../submit/master-options.ts';
import { gitCommit, VERSION } from '../version.ts';
import { loadPlayed, type PlaySettings, playOptions } from './play-settings.ts';
import { playForReal } from './real-play.ts';

interface PlayFlags extends MasterFlags {
  readonly speed: number;
  readonly first?: number;
  readonly format?: string;
  readonly role?: string;
  readonly refuseSeconds: number;
  readonly out: string;
}

const DEFAULT_REFUSE_US = 5_000_000;

export function addPlayCommand(program: Command): void {
  const command = program
    .command('play')
    .description('play a trace on a real cluster as sleeping tasks, and keep the results as a run')
    .argument('<trace>', 'as for simulate')
    .option(
      '--speed <factor>',
      'how much faster than the trace',
      (text) => parsePositiveNumber('--speed', text),
      60,
    )
    .option('--first <jobs>', 'only the first jobs', (text) => parseCount('--first', text))
    .option('--format <name>', 'format of the trace, where it is not found out')
    .option('--role <field>', 'field of the trace that names roles')
    .addOption(
      new Option('--refuse-seconds <time>', 'how long frameworks refuse what they decline')
        .argParser((text) => parseDuration('--refuse-seconds', text))
        .default(DEFAULT_REFUSE_US, '5s'),
    )
    .option('--out <folder>', 'folder of the run', 'runs/play');
  addMasterOptions(command).action(run);
}

async function run(trace: string, flags: PlayFlags): Promise<void> {
  const addresses = masterAddresses(flags);
  const master = await settingsOfMaster(addresses);
  const { first, format, role, speed, refuseSeconds: refuseUs, out } = flags;
  const optional = { ...(format && { format }), ...(role && { role }), ...(first && { first }) };
  const settings: PlaySettings = { trace: resolve(trace), ...optional, speed, refuseUs, ...master };
  const { input, workload } = await loadPlayed(settings);
  const [{ policy, file }] = await choosePolicies({ policy: [master.policy] });
  const cluster = await clusterOfMaster(addresses);
  const options = playOptions(settings, cluster, policy, 0);
  await ensureWritableDirectory(out);
  const bars = startProgressBars(workload.tasks.count);
  const bar = bars.add(policy.name);
  const startedAt = new Date();
  let isStopped = false;
  const stop = () => {
    isStopped = true;
  };
  const { isComplete, launchUs, ...results } = await withGentleInterrupt(stop, () =>
    playForReal(
      workload,
      options,
      addresses,
      flags.principal ?? null,
      { update: bar.update, problem: (message) => process.stderr.write(`mesolab: ${message}\n`) },
      () => isStopped,
    ),
  );
  bars.stop();
  const wallSeconds = (Date.now() - startedAt.getTime()) / 1000;
  const manifest = {
    layout: RUN_LAYOUT,
    version: VERSION,
    gitCommit: gitCommit(),
    command: ['mesolab', ...process.argv.slice(2)],
    options: { ...settings, launchUs },
    seed: 'real',
    trace: { name: workload.name, format: input.format, digest: input.digest, leftOut: {} },
    policy: policy.name,
    ...(file && { policyFile: file }),
    decisionDigest: results.summary.decisionDigest,
    status: isComplete ? ('complete' as const) : ('partial' as const),
    host: hostDescription(),
    startedAt: startedAt.toISOString(),
    wallSeconds,
    tasksPerSecond: workload.tasks.count / wallSeconds,
  } as const;
  await writeRun(out, { manifest, ...results });
  const rows = [{ summary: results.summary, status: manifest.status }];
  process.stdout.write(`${metricsTable(rows)}\n\n${rolesTable(rows)}\n\nrun: ${out}\n`);
  if (isStopped) process.exitCode = INTERRUPTED_EXIT_CODE;
}

/** Policy and settings that a simulation needs to be like this master. */
async function settingsOfMaster(addresses: ReturnType<typeof masterAddresses>) {
  const { get_flags } = await askMaster(addresses, { type: 'GET_FLAGS' });
  const flags = new Map(get_flags?.flags?.map(({ name, value = '' }) => [name, value]));
  const { get_weights } = await askMaster(addresses, { type: 'GET_WEIGHTS' });
  const policy = flags.get('policy');
  if (policy === undefined)
    throw new InputError('OPTION_VALUE', '--master: it does not say its policy; is it a master of mesolab?');
  const weights = (get_weights?.weight_infos ?? []).map(({ role, weight }) => [role ?? '*', weight] as const);
  return {
    policy,
    weights: Object.fromEntries(weights),
    allocationIntervalUs: parseMesosDuration(flags.get('allocation_interval') ?? '1secs'),
  };
}
