/** Carries out the commands of a scenario one after the other, and takes down what comes out of each. */
import { DEFAULT_FLAGS as MASTER_FLAGS } from '../../src/master/flags.ts';
import { changedInfo, FRAMEWORK_COMMANDS, type StageCommand } from './framework-commands.ts';
import { LOOK_COMMANDS } from './look-commands.ts';
import { OPERATOR_COMMANDS } from './operator-commands.ts';
import { type Block, InputLineError, readLines, type Script, ScriptError } from './script.ts';
import { ScriptedFramework } from './scripted-framework.ts';
import { agentSettings, domainOf, takeFlags } from './settings.ts';
import { type AgentSettings, Stage, type StageOptions } from './stage.ts';
import { durationUs, Words } from './words.ts';
import { WORLD_COMMANDS } from './world-commands.ts';

const COMMANDS = new Map<string, StageCommand>(
  [FRAMEWORK_COMMANDS, OPERATOR_COMMANDS, WORLD_COMMANDS, LOOK_COMMANDS].flatMap((table) =>
    Object.entries(table),
  ),
);

/** A leader is elected and agents register in this time. */
const START_US = 3_000_000;
/** What a command brings about at once is over by then: tasks run, timers do not fire. */
const SETTLE_US = 10_000;

/** All others have no lines of input. */
const WITH_INPUT: readonly string[] = [
  'cluster',
  'accept',
  'call',
  'post',
  'operator',
  'quota',
  'executor',
  'tell',
];

/** @returns what came out of each block @throws ScriptError for a command that is not understood or cannot be done */
export function interpret(script: Script): string[][] {
  let stage: Stage | null = null;
  return script.blocks.map((block) => {
    try {
      const words = new Words(block.command);
      const name = words.take('the command');
      if (block.input.length > 0 && !WITH_INPUT.includes(name))
        throw new InputLineError(0, `"${name}" has no lines of input`);
      if (name === 'cluster') {
        stage = new Stage(stageOptions(words, block));
        return stage.playFor(START_US, false);
      }
      if (stage === null) throw new Error('the first command is to be "cluster"');
      return carryOut(stage, name, words, block);
    } catch (error) {
      const line = error instanceof InputLineError ? block.line + 1 + error.index : block.line;
      throw new ScriptError(script.file, line, error as Error);
    }
  });
}

function carryOut(stage: Stage, name: string, words: Words, block: Block): string[] {
  if (name === 'wait') {
    const us = durationUs(words.take('how long'));
    words.finish();
    return stage.playFor(us, true);
  }
  // Then the next command comes at the same moment.
  const settleUs = words.takeNamed('at_once') === 'true' ? 0 : SETTLE_US;
  const command = COMMANDS.get(name);
  if (command === undefined) throw new Error(`"${name}" is no command`);
  command(stage, words, block.input);
  words.finish();
  return stage.playFor(settleUs, false);
}

/** `cluster [masters=3] [seed=2] [domain=region/zone] [excluded_resources=mem] [flag=value]…`, then a line for each agent and framework. */
function stageOptions(words: Words, { input }: Block): StageOptions {
  const agents: AgentSettings[] = [];
  const frameworks: ScriptedFramework[] = [];
  readLines(input, (line) => {
    const own = new Words(line);
    const kind = own.take('agent or framework');
    if (kind === 'agent') agents.push(agentSettings(own));
    else if (kind === 'framework') frameworks.push(frameworkOf(own));
    else throw new Error(`"${kind}" is neither agent nor framework`);
    own.finish();
  });
  const options = {
    seed: words.takeNamed('seed') ?? '1',
    masters: Number(words.takeNamed('masters') ?? '1'),
    domain: domainOf(words.takeNamed('domain')),
    excludedResources: words.takeList('excluded_resources') ?? [],
    agents,
    frameworks,
  };
  const flags = takeFlags(words, MASTER_FLAGS);
  words.finish();
  return { ...options, flags };
}

/** `framework ads [role=ads] [capabilities=MULTI_ROLE,…] [checkpoint=true] …`, as FrameworkInfo has it. */
function frameworkOf(words: Words): ScriptedFramework {
  const name = words.take('the name');
  return new ScriptedFramework(name, changedInfo({ user: 'alice', name }, words));
}
