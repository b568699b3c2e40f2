/** Commands that are no calls: what goes wrong, what executors do, what is shown. */
import type { Fault } from '../../src/sim/protocol/fault.ts';
import type { StageCommand } from './framework-commands.ts';
import { agentSettings } from './settings.ts';
import { type Stage, TOPICS, type Topic } from './stage.ts';
import { durationUs, type Words } from './words.ts';

/** Probabilities. */
const NETWORK_KEYS: readonly string[] = ['loss', 'duplication', 'reordering'];

export const WORLD_COMMANDS: Readonly<Record<string, StageCommand>> = {
  /** Records messages of these kinds, too. */
  show(stage, words) {
    for (const topic of takeTopics(words)) stage.shown.add(topic);
  },

  hide(stage, words) {
    for (const topic of takeTopics(words)) stage.shown.delete(topic);
  },

  /** The process ends, and starts again at once or after `for`. */
  crash: (stage, words) => strike(stage, words, 'kill', '0s'),
  /** The machine is gone, with all that runs on it. */
  'power-off': (stage, words) => strike(stage, words, 'power-off', '0s'),
  'kill-executors': (stage, words) => strike(stage, words, 'kill-executors', '0s'),
  pause: (stage, words) => strike(stage, words, 'pause', '1s'),

  'switch-on': (stage, words) => stage.node(words.take('the node')).switchOn(),
  'switch-off': (stage, words) => stage.node(words.take('the node')).switchOff(),

  /** Messages to and from it are held back; connections break after 10 s of that. */
  partition(stage, words) {
    const name = words.take('the node');
    if (stage.partitions.has(name)) throw new Error(`"${name}" is cut off already`);
    stage.partitions.set(name, stage.world.network.partition([hostOf(stage, name)]));
  },

  /** What was held back arrives. */
  heal(stage, words) {
    const name = words.take('the node');
    const number = stage.partitions.get(name);
    if (number === undefined) throw new Error(`"${name}" is not cut off`);
    stage.partitions.delete(name);
    stage.world.network.heal(number, [hostOf(stage, name)]);
  },

  /** `network loss=1 duplication=0.5`, of calls of frameworks, from now on. */
  network(stage, words) {
    const { network } = stage.world;
    const changes: Record<string, number> = {};
    for (const [key, text] of words.restNamed()) {
      if (!NETWORK_KEYS.includes(key)) throw new Error(`"${key}" is not understood here`);
      changes[key] = Number(text);
    }
    network.options = { ...network.options, ...changes };
  },

  /** It unregisters, its disk is wiped, and it starts as another agent. */
  replace(stage, words) {
    const node = stage.agent(words.take('the agent'));
    node.replace(node.plan);
  },

  /** `reconfigure a1 cpus:8`, settings as of `agent` in `cluster`. */
  reconfigure(stage, words) {
    const settings = agentSettings(words);
    stage.reconfigure(stage.agent(settings.info.hostname), settings);
  },

  /** `tell a1` and a message of the master as JSON: one that master and agent together would not come to. */
  tell(stage, words, input) {
    stage.tellAgent(stage.agent(words.take('the agent')), stage.json(input));
  },

  /** `executor NAME FRAMEWORK AGENT`, and its call as JSON. Where it is a SUBSCRIBE, it takes the place of what runs in the container. */
  executor(stage, words, input) {
    const executor_id = { value: words.take('the executor') };
    const framework_id = { value: stage.framework(words.take('the framework')).id ?? 'none' };
    const node = stage.agent(words.take('the agent'));
    const call = { executor_id, framework_id, ...stage.json(input) };
    stage.callAsExecutor(node, call);
  },
};

function takeTopics(words: Words): Topic[] {
  return words.rest().map((word) => {
    const topic = TOPICS.find((known) => known === word);
    if (topic === undefined) throw new Error(`"${word}" is not shown; there are ${TOPICS.join(', ')}`);
    return topic;
  });
}

function strike(
  stage: Stage,
  words: Words,
  kind: 'kill' | 'power-off' | 'kill-executors' | 'pause',
  usual: string,
): void {
  const name = words.take('the node');
  const target = name === 'master' ? 'leader' : name;
  const durationText = words.takeNamed('for') ?? usual;
  const fault: Fault = {
    kind,
    target,
    atUs: stage.world.timeline.nowUs,
    durationUs: durationUs(durationText),
  };
  stage.strike(fault);
}

function hostOf(stage: Stage, name: string) {
  return name === 'store' ? stage.world.store.host : stage.node(name);
}
