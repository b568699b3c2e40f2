/** `mesolab replay JOURNAL`: what a master did, done again; and how it would have been under another policy. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { InputError } from '../../cluster/errors.ts';
import { writeTrace } from '../../files/trace-directory.ts';
import { JOURNAL_LAYOUT, type JournalEntry, type JournalHeader } from '../../master/journal.ts';
import { formatSeconds } from '../../metrics/format-values.ts';
import type { Policy } from '../../policies/policy.ts';
import { parsePolicy } from '../../policies/registry.ts';
import { createReplay } from '../../sim/create-replay.ts';
import { JournalReplay } from '../../sim/journal-replay.ts';
import { JournalWorkload } from '../../sim/journal-workload.ts';
import type { Workload } from '../../workload/workload.ts';
import { choosePolicies } from '../policies/choose-policies.ts';
import { digestOf, loadPolicyFile } from '../policies/policy-file.ts';
import { metricsTable } from '../simulate/results-table.ts';

interface ReplayFlags {
  readonly policy?: string;
  readonly trace?: string;
}

/** Lines of a difference that are shown. */
const SHOWN_OFFERS = 8;

export function addReplayCommand(program: Command): void {
  program
    .command('replay')
    .description('step the journal of a master into a new one, and compare what comes out')
    .argument('<journal>', 'a file that simulate --model protocol --journal FOLDER wrote')
    .option(
      '--policy <name>',
      'also tell what this policy, by name or file, would have offered, and how the work would have fared',
    )
    .option('--trace <folder>', 'write the workload that the journal tells of as a trace')
    .action(replay);
}

async function replay(file: string, flags: ReplayFlags): Promise<void> {
  const lines = readLines(file);
  const header = parseHeader(file, (await lines.next()).value ?? '');
  const policy = await journalPolicy(file, header);
  const other =
    flags.policy === undefined ? null : (await choosePolicies({ policy: [flags.policy] }))[0].policy;
  const journal = new JournalReplay(header, policy, other);
  const seen = new JournalWorkload();
  let [line, firstUs, lastUs] = [1, 0, 0];
  for await (const text of lines) {
    line++;
    const entry = parseEntry(file, line, text);
    if (line === 2) firstUs = entry.nowUs;
    lastUs = entry.nowUs;
    const frameworkOfStream = (stream: string) =>
      journal.master.state.frameworkOfStream.get(stream)?.id ?? null;
    seen.add(entry, frameworkOfStream);
    if (journal.step(entry)) continue;
    process.stderr.write(
      `error: ${file}:${line}: what comes out of this input differs from the journal; it was written by mesolab ${header.version}\n`,
    );
    process.exitCode = 1;
    return;
  }
  process.stdout.write(
    `${line - 1} inputs over ${formatSeconds((lastUs - firstUs) / 1e6)} replayed under ${header.policy}: every output is the same\n`,
  );
  if (other !== null) tellDifference(journal, header.policy, other.name, firstUs);
  const { workload, unendedTasks } = seen.finish(header.info.hostname ?? 'journal');
  const left = unendedTasks === 0 ? '' : ` (${unendedTasks} that had not ended left out)`;
  process.stdout.write(
    `the journal tells of ${workload.tasks.count} tasks${left} on ${workload.cluster!.agentIds.length} agents\n`,
  );
  if (flags.trace !== undefined) {
    await writeTrace(flags.trace, workload, `mesolab replay ${file} --trace ${flags.trace}`);
    process.stdout.write(`${flags.trace}\n`);
  }
  if (other !== null && workload.tasks.count > 0)
    process.stdout.write(`\n${compareReplays(workload, [policy, other])}\n`);
}

/** @throws InputError where the file of a user's own policy is gone, or is another than it was */
async function journalPolicy(journal: string, { policy, policyFile }: JournalHeader): Promise<Policy> {
  if (policyFile === null) return parsePolicy(policy);
  const { path, digest } = policyFile;
  const wrong = (code: 'FILE_MISSING' | 'POLICY_INVALID', what: string) =>
    new InputError(
      code,
      `its policy ${policy} comes from ${path}, ${what}; put the file back as it was (SHA-256 ${digest})`,
      { file: journal },
    );
  if (!existsSync(path)) throw wrong('FILE_MISSING', 'which is not there any more');
  if (digestOf(path) !== digest) throw wrong('POLICY_INVALID', 'which has changed since');
  return { ...(await loadPolicyFile(path)).policy, name: policy };
}

function tellDifference(journal: JournalReplay, policy: string, other: string, firstUs: number): void {
  const { firstDifference, equalSteps, offeringSteps } = journal;
  if (firstDifference === null) {
    process.stdout.write(`${other} would have made the same offers, all ${offeringSteps} times\n`);
    return;
  }
  const { nowUs, original, other: others } = firstDifference;
  const list = (offers: readonly string[]) =>
    [
      ...offers.slice(0, SHOWN_OFFERS).map((offer) => `  ${offer}`),
      ...(offers.length > SHOWN_OFFERS ? [`  … ${offers.length - SHOWN_OFFERS} more`] : []),
      ...(offers.length === 0 ? ['  nothing'] : []),
    ].join('\n');
  process.stdout.write(
    `${other} would have made the same offers ${equalSteps} of ${offeringSteps} times; it first parts at ${formatSeconds((nowUs - firstUs) / 1e6)}:\n` +
      `${policy} alone offered\n${list(original.filter((offer) => !others.includes(offer)))}\n` +
      `${other} alone would have offered\n${list(others.filter((offer) => !original.includes(offer)))}\n`,
  );
}

/** The work that the journal tells of, replayed with offers under each policy. */
function compareReplays(workload: Workload, policies: readonly Policy[]): string {
  const model = {
    kind: 'offers',
    intervalUs: 1_000_000,
    decisionUs: 0,
    holdUs: Number.POSITIVE_INFINITY,
    refuseUs: 5_000_000,
  } as const;
  const runs = policies.map((policy) => {
    const replay = createReplay(
      workload,
      {
        seed: 'journal',
        cluster: workload.cluster!,
        policy,
        weights: workload.weights,
        limits: new Map(),
        guarantees: new Map(),
        model,
        failures: null,
        untilUs: Number.POSITIVE_INFINITY,
        isChecked: false,
      },
      null,
    );
    while (!replay.advance(100_000));
    return { summary: replay.summary(), status: 'complete' as const };
  });
  return metricsTable(runs);
}

async function* readLines(file: string): AsyncGenerator<string> {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined)
    throw new InputError(
      'FILE_MISSING',
      'there is no such file; give a journal, e.g. journals/drf/master-0-….jsonl',
      {
        file,
      },
    );
  if (stats.isDirectory())
    throw new InputError('FILE_IS_DIRECTORY', 'it is a folder; give one of the journals in it', { file });
  yield* createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
}

function parseHeader(file: string, text: string): JournalHeader {
  const header = parseJson(file, 1, text) as Partial<JournalHeader>;
  if (Number(header?.layout) > JOURNAL_LAYOUT)
    throw new InputError(
      'FORMAT_UNKNOWN',
      `a newer mesolab (${header.version}) wrote this journal; replay it with that one`,
      { file, line: 1 },
    );
  if (header?.layout !== JOURNAL_LAYOUT || typeof header.policy !== 'string')
    throw new InputError(
      'ROW_VALUE',
      `it is no journal of layout ${JOURNAL_LAYOUT}; expected a file that simulate --journal wrote`,
      { file, line: 1 },
    );
  return header as JournalHeader;
}

function parseEntry(file: string, line: number, text: string): JournalEntry {
  const entry = parseJson(file, line, text) as Partial<JournalEntry>;
  if (typeof entry?.nowUs !== 'number' || typeof entry.digest !== 'string' || entry.input?.kind === undefined)
    throw new InputError('ROW_VALUE', 'it is no entry of a journal; expected nowUs, input and digest', {
      file,
      line,
    });
  return entry as JournalEntry;
}

function parseJson(file: string, line: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError('ROW_VALUE', `it is not JSON: ${(error as Error).message}`, { file, line });
  }
}
