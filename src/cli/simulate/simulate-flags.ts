/** The options of `simulate` as the user gives them. */
import type { Command } from 'commander';
import type { Fairness } from '../../allocator/hierarchical/terms.ts';
import { InputError } from '../../cluster/errors.ts';
import type { ResourceAmounts } from '../../cluster/resources.ts';
import type { Backfill, FitName, Policy } from '../../policies/policy.ts';
import type { FailureModel } from '../../sim/options.ts';
import {
  parseChoice,
  parseCount,
  parseDuration,
  parsePair,
  parsePositiveDuration,
  parsePositiveNumber,
  parseResources,
  wrongValue,
} from '../option-values.ts';
import { FAIRNESS_HELP, parseFairness } from '../policies/parse-fairness.ts';
import { ENGINES, type EngineName } from './choose-engine.ts';
import { parseFault } from './parse-fault.ts';

/** Options left out are `undefined`, so that contradictions can tell a choice from a default. */
export interface SimulateFlags {
  readonly policy: readonly string[];
  readonly agents?: number;
  readonly cluster?: string;
  readonly agent?: ResourceAmounts;
  readonly seed: string;
  readonly out?: string;
  readonly json?: true;
  readonly format?: string;
  readonly role?: string;
  readonly import?: ReadonlyMap<string, number>;
  readonly skipBadRows?: true;
  readonly weight?: ReadonlyMap<string, number>;
  readonly quota?: ReadonlyMap<string, ResourceAmounts>;
  readonly guarantee?: ReadonlyMap<string, ResourceAmounts>;
  readonly load?: number;
  readonly first?: number;
  /** Microseconds. */
  readonly until?: number;
  readonly model: 'placement' | 'offers' | 'shared-state' | 'protocol';
  readonly schedulers?: 'role' | 'one';
  /** As written; they are valid. */
  readonly fault?: readonly string[];
  readonly masters?: number;
  readonly fairness?: Fairness;
  readonly journal?: string;
  /** Microseconds, as the next five. */
  readonly allocationInterval?: number;
  readonly decisionTime?: number;
  readonly roleDecisionTime?: ReadonlyMap<string, number>;
  readonly taskDecisionTime?: number;
  readonly offerTimeout?: number;
  readonly refuseSeconds?: number;
  readonly fit?: FitName;
  readonly backfill?: Backfill;
  readonly gang?: NonNullable<Policy['gang']>;
  readonly failures?: FailureModel;
  readonly check?: true;
  readonly engine?: EngineName;
  readonly workers?: number;
}

export function addSimulateFlags(command: Command): Command {
  return command
    .option('-p, --policy <names>', 'policies to replay, by name or file (./mine.ts)', collectPolicies, [])
    .option('--agents <count>', 'number of equal agents', (text) => parseCount('--agents', text))
    .option('--cluster <file>', 'agents from a cluster file')
    .option('--agent <amounts>', 'what each agent has, e.g. cpus=16,mem=64000,gpus=2', (text) =>
      parseResources('--agent', text),
    )
    .option('--seed <text>', 'seed of all random streams', '1')
    .option('--out <dir>', 'write a run per policy, and report.html, into this folder')
    .option('--json', 'print one JSON document in place of tables')
    .option('--format <name>', 'trace format; recognised if left out')
    .option('--role <field>', 'field of the trace that names the role of a job')
    .option('--import <key=value>', 'option of the trace format (repeatable)', collectImportOption)
    .option('--skip-bad-rows', 'leave malformed rows out and count them')
    .option('--weight <role=number>', 'weight of a role (repeatable)', collectNumber('--weight'))
    .option(
      '--quota <role=amounts>',
      'most a role may hold, e.g. ads=cpus:10,mem:2000',
      collectAmounts('--quota'),
    )
    .option('--guarantee <role=amounts>', 'what a role is guaranteed', collectAmounts('--guarantee'))
    .option('--load <factor>', 'divide submit times by this', (text) => parsePositiveNumber('--load', text))
    .option('--first <jobs>', 'replay the first jobs by submit time only (the whole trace is read)', (text) =>
      parseCount('--first', text),
    )
    .option(
      '--until <time>',
      'replay jobs submitted before this time, e.g. 7d (the whole trace is read)',
      (text) => parsePositiveDuration('--until', text),
    )
    .option(
      '--model <name>',
      'placement (one scheduler sees all, at once), offers (two-level), shared-state (parallel schedulers) or protocol (the real machines, over a simulated network)',
      (text) => parseChoice('--model', text, ['placement', 'offers', 'shared-state', 'protocol'] as const),
      'placement',
    )
    .option('--allocation-interval <time>', 'offers: time between allocation cycles (default 1s)', (text) =>
      parsePositiveDuration('--allocation-interval', text),
    )
    .option(
      '--decision-time <time>',
      'offers: time a framework holds its offers; shared-state: time for a job (default 0s)',
      (text) => parseDuration('--decision-time', text),
    )
    .option(
      '--role-decision-time <role=time>',
      "offers, shared-state: a role's own decision time (repeatable)",
      collectDurations('--role-decision-time'),
    )
    .option('--task-decision-time <time>', 'shared-state: time for each task of a job (default 0s)', (text) =>
      parseDuration('--task-decision-time', text),
    )
    .option(
      '--schedulers <which>',
      'shared-state: a scheduler for each role, or one for all (default role)',
      (text) => parseChoice('--schedulers', text, ['role', 'one'] as const),
    )
    .option('--offer-timeout <time>', 'offers: an offer held longer is rescinded (default never)', (text) =>
      parsePositiveDuration('--offer-timeout', text),
    )
    .option(
      '--refuse-seconds <time>',
      'offers: how long a declined agent is not offered again (default 5s)',
      (text) => parseDuration('--refuse-seconds', text),
    )
    .option(
      '--fault <what>',
      'protocol: something that goes wrong, e.g. kill-leader@60s, partition:rack-3@2m+30s, loss=1% (repeatable)',
      collectFaults,
    )
    .option('--fairness <parts>', `protocol: ${FAIRNESS_HELP}`, parseFairness)
    .option('--masters <count>', 'protocol: masters that may lead (default 3)', (text) =>
      parseCount('--masters', text),
    )
    .option('--journal <folder>', 'protocol: keep the journals of masters, for mesolab replay')
    .option('--fit <name>', 'which agent: first, best, worst, random, dot or fgd', (text) =>
      parseChoice('--fit', text, ['first', 'best', 'worst', 'random', 'dot', 'fgd'] as const),
    )
    .option('--backfill <name>', 'who may pass a blocked job: none, easy or conservative', (text) =>
      parseChoice('--backfill', text, ['none', 'easy', 'conservative'] as const),
    )
    .option('--gang <which>', 'jobs that start all tasks at once: trace (as marked), all or none', (text) =>
      parseChoice('--gang', text, ['trace', 'all', 'none'] as const),
    )
    .option('--failures <model>', 'agents fail and recover, e.g. mtbf=30d,mttr=1h', parseFailures)
    .option('--check', 'verify the engine after every event (slow)')
    .option('--engine <name>', 'auto (native where it can), native or typescript: same results', (text) =>
      parseChoice('--engine', text, ENGINES),
    )
    .option(
      '--workers <count>',
      'policies played at once, in threads; by default as many as there are cores: same results',
      (text) => parseCount('--workers', text),
    );
}

/** `fifo,drf` are two policies; a parameter after a comma belongs to the policy before it (`fifo:fit=best,gang=all`). */
function collectPolicies(text: string, previous: readonly string[]): string[] {
  const items: string[] = [...previous];
  for (const part of text.split(',').map((item) => item.trim())) {
    if (part === '') throw wrongValue('--policy', text, 'names such as fifo,drf');
    if (/^[a-z]+=/.test(part) && items.at(-1)?.includes(':')) items.push(`${items.pop()},${part}`);
    else items.push(part);
  }
  return items;
}

function collectNumber(option: string) {
  return (text: string, previous: ReadonlyMap<string, number> = new Map()): Map<string, number> => {
    const [name, value] = parsePair(option, text, 'a name and a number such as name=2');
    const number = option === '--weight' ? parsePositiveNumber(option, value) : Number(value);
    if (Number.isNaN(number)) throw wrongValue(option, text, 'a name and a number such as name=2');
    return withEntry(option, previous, name, number);
  };
}

/** `--import key=value`, for commander. */
export const collectImportOption = collectNumber('--import');

function collectAmounts(option: string) {
  return (text: string, previous: ReadonlyMap<string, ResourceAmounts> = new Map()) => {
    const [role, amounts] = parsePair(option, text, 'a role and amounts such as ads=cpus:10,mem:2000');
    return withEntry(option, previous, role, parseResources(option, amounts, ':'));
  };
}

function collectDurations(option: string) {
  return (text: string, previous: ReadonlyMap<string, number> = new Map()) => {
    const [role, time] = parsePair(option, text, 'a role and a time such as ads=10s');
    return withEntry(option, previous, role, parseDuration(option, time));
  };
}

function withEntry<V>(
  option: string,
  previous: ReadonlyMap<string, V>,
  name: string,
  value: V,
): Map<string, V> {
  if (previous.has(name)) throw new InputError('OPTION_CONFLICT', `${option} is given twice for "${name}"`);
  return new Map([...previous, [name, value]]);
}

function collectFaults(text: string, previous: readonly string[] = []): string[] {
  parseFault(text);
  return [...previous, text];
}

function parseFailures(text: string): FailureModel {
  const expected = 'mean times such as mtbf=30d,mttr=1h';
  const given = new Map(text.split(',').map((part) => parsePair('--failures', part.trim(), expected)));
  const [mtbf, mttr] = [given.get('mtbf'), given.get('mttr')];
  if (mtbf === undefined || mttr === undefined || given.size !== 2)
    throw wrongValue('--failures', text, expected);
  return {
    meanTimeToFailureUs: parsePositiveDuration('--failures mtbf', mtbf),
    meanTimeToRepairUs: parsePositiveDuration('--failures mttr', mttr),
  };
}
