/** The simulated world that a scenario plays in, and the record of what its machines say to each other. */
import { Agent } from '../../src/agent/agent.ts';
import type { AgentFlags } from '../../src/agent/flags.ts';
import type { AgentEffect } from '../../src/agent/io.ts';
import type { ExecutorEffect } from '../../src/executor/io.ts';
import type { ElectedMasterEffect } from '../../src/master/elected-master.ts';
import { DEFAULT_ELECTION } from '../../src/master/elector.ts';
import type { MasterFlags } from '../../src/master/flags.ts';
import type { MasterInput } from '../../src/master/io.ts';
import { createMaster } from '../../src/master/journal.ts';
import type { Master } from '../../src/master/master.ts';
import { drf } from '../../src/policies/drf.ts';
import type { MasterMessage } from '../../src/protocol/internal.ts';
import { uuidText } from '../../src/protocol/uuid.ts';
import type { ExecutorCall } from '../../src/protocol/v1/executor.ts';
import type { OperatorCall } from '../../src/protocol/v1/master.ts';
import type { AgentInfo, DomainInfo } from '../../src/protocol/v1/mesos.ts';
import type { SchedulerCall } from '../../src/protocol/v1/scheduler.ts';
import { AgentNode, type AgentPlan } from '../../src/sim/protocol/agent-node.ts';
import type { Fault } from '../../src/sim/protocol/fault.ts';
import { Faults } from '../../src/sim/protocol/faults.ts';
import { MasterNode, type MasterProcess } from '../../src/sim/protocol/master-node.ts';
import type { Host } from '../../src/sim/protocol/network.ts';
import { SchedulerNode } from '../../src/sim/protocol/scheduler-node.ts';
import { World, type WorldNode } from '../../src/sim/protocol/world.ts';
import {
  eventLines,
  executorCallLine,
  executorEventLine,
  operatorEventLine,
  toAgentLine,
  toMasterLine,
} from './messages.ts';
import { Names } from './names.ts';
import { type ScriptedFramework, ScriptedScheduler } from './scripted-framework.ts';

export interface AgentSettings {
  readonly info: AgentInfo;
  readonly flags: Partial<AgentFlags>;
  readonly isOff: boolean;
}

export interface StageOptions {
  readonly seed: string;
  readonly masters: number;
  readonly flags: Partial<MasterFlags>;
  readonly domain: DomainInfo | undefined;
  /** Resources that do not count for fairness. */
  readonly excludedResources: readonly string[];
  readonly agents: readonly AgentSettings[];
  readonly frameworks: readonly ScriptedFramework[];
}

type Answer = Extract<ElectedMasterEffect, { readonly kind: 'answer' }>;

/** What may be recorded besides what frameworks hear and operators are answered. */
export const TOPICS = [
  'agents',
  'acknowledgements',
  'heartbeats',
  'pings',
  'executors',
  'containers',
  'registry',
] as const;
export type Topic = (typeof TOPICS)[number];

/** Small against all that scenarios wait for, so that what follows at once from a command is over before the next. */
const NETWORK = {
  latencyUs: 100,
  jitterUs: 0,
  loss: 0,
  duplication: 0,
  reordering: 0,
  retransmitUs: 200_000,
  breakUs: 10_000_000,
  callTimeoutUs: 10_000_000,
};
const LOCAL_US = 100;
const RESTART_US = 5_000;
const EVENTS_MAX = 1_000_000;
/** To it happens what only lets time pass. */
const NOBODY = { occur() {} };
/** The connection of what a script says in an executor's name. */
const SCRIPT_CONNECTION = 'script';

export class Stage {
  readonly world: World;
  readonly names = new Names();
  readonly frameworks: ReadonlyMap<string, ScriptedFramework>;
  readonly shown = new Set<Topic>();
  private lines: string[] = [];
  /** From which times are counted; `null`: they are not told. */
  private sinceUs: number | null = null;
  private readonly callers = new WeakMap<object, string>();
  private readonly callOfExchange = new Map<string, SchedulerCall | OperatorCall>();
  /** Who is at the other end. */
  private readonly agentOfLink = new Map<string, string>();
  private exchanges = 0;
  /** By the name of who is cut off. */
  readonly partitions = new Map<string, number>();

  constructor(options: StageOptions) {
    this.frameworks = new Map(options.frameworks.map((framework) => [framework.name, framework]));
    this.world = new World(
      {
        seed: options.seed,
        masters: options.masters,
        agents: options.agents.map(agentPlan),
        schedulers: options.frameworks.map((framework) => ({
          name: framework.name,
          create: () => new ScriptedScheduler(framework, (text) => this.say(`${framework.name} ${text}`)),
        })),
        createMaster: (info, random, nowUs) =>
          createMaster(
            {
              info: { ...info, domain: options.domain },
              flags: options.flags,
              seed: uuidText(random),
              startUs: nowUs,
              policy: drf.name,
              minAllocatable: [{ cpus: 10 }, { mem: 32_000 }],
              excludedResources: options.excludedResources,
              filterGpuResources: true,
              region: options.domain?.fault_domain?.region.name ?? null,
              fairness: { ties: 'count', agents: 'whole' },
            },
            drf,
          ),
        network: NETWORK,
        store: { latencyUs: LOCAL_US, timeoutUs: 500_000 },
        election: DEFAULT_ELECTION,
        diskLatencyUs: LOCAL_US,
        clocks: { skewUs: 0, drift: 0 },
        restartDelayUs: { master: RESTART_US, agent: RESTART_US, scheduler: RESTART_US },
        containerLaunchUs: 1_000,
        faults: [],
        registry: [],
      },
      {
        stepped: (host, effects) => this.stepped(host, effects),
        schedulerHeard: (node, event) => {
          if (event.type === 'HEARTBEAT' && !this.shown.has('heartbeats')) return;
          if (event.type === 'SUBSCRIBED')
            this.names.nameFramework(event.subscribed!.framework_id.value, node.name);
          for (const line of eventLines(event, this.names)) this.say(`${node.name} <- ${line}`);
        },
      },
    );
    this.world.onMasterInput = (node, input) => {
      if (input.kind === 'elected') this.say(`${node.name} is elected`);
      if (input.kind === 'call' || input.kind === 'operator-call')
        this.callOfExchange.set(input.exchange, input.call);
    };
  }

  /** @returns what came out meanwhile, a line each */
  playFor(us: number, hasTimes: boolean): string[] {
    const { world } = this;
    const startUs = world.timeline.nowUs;
    const untilUs = startUs + us;
    this.sinceUs = hasTimes ? startUs : null;
    world.timeline.at(untilUs, NOBODY, 0, null);
    world.advance(EVENTS_MAX, untilUs);
    if (world.timeline.nextUs <= untilUs) throw new Error(`more than ${EVENTS_MAX} events: it never ends`);
    const { lines } = this;
    this.lines = [];
    this.sinceUs = null;
    const short = lines.map((line) => this.names.shorten(line));
    return this.world.masters.length > 1 ? short : short.map((line) => line.replaceAll('master-0', 'master'));
  }

  get nowUs(): number {
    return this.world.timeline.nowUs;
  }

  say(line: string): void {
    const { nowUs } = this.world.timeline;
    const time = this.sinceUs === null ? '' : `${((nowUs - this.sinceUs) / 1e6).toFixed(1).padStart(6)} s  `;
    this.lines.push(time + line);
  }

  framework(name: string): ScriptedFramework {
    const framework = this.frameworks.get(name);
    if (framework === undefined)
      throw new Error(`no framework is named "${name}"; there are ${[...this.frameworks.keys()].join(', ')}`);
    return framework;
  }

  node(name: string): WorldNode {
    const [node] = this.world.nodesOf(name === 'master' ? 'leader' : name);
    if (node === undefined) throw new Error(`nothing is named "${name}"`);
    return node;
  }

  agent(name: string): AgentNode {
    const node = this.node(name);
    if (node instanceof AgentNode) return node;
    throw new Error(`"${name}" is no agent`);
  }

  /** As the master gave it. */
  agentId(name: string): { value: string } {
    this.agent(name.replace(/'+$/, ''));
    const id = this.names.agentId(name);
    if (id === undefined) throw new Error(`"${name}" has no id yet`);
    return { value: id };
  }

  get master(): Master {
    return this.leader.process!.machine.master as Master;
  }

  private get leader(): MasterNode {
    const { leader } = this.world;
    if (leader === null) throw new Error('nobody leads');
    return leader;
  }

  private masterProcess(name: string): MasterProcess {
    const node = name === 'master' ? this.leader : this.node(name);
    if (!(node instanceof MasterNode) || node.process === null)
      throw new Error(`"${name}" is no master that runs`);
    return node.process;
  }

  /** Steps the framework's scheduler, which then does what it was told. */
  act(framework: ScriptedFramework, call: SchedulerCall): void {
    this.callers.set(call, framework.name);
    const { process } = this.node(framework.name) as SchedulerNode;
    if (process === null) throw new Error(`${framework.name} is not running`);
    process.step({ kind: 'tick' });
  }

  operate(call: OperatorCall, to = 'master'): void {
    this.callers.set(call, 'operator');
    const exchange = `operator ${++this.exchanges}`;
    this.masterProcess(to).step({ kind: 'operator-call', exchange, call, principal: null });
  }

  /** As a client would that knows of no streams. */
  post(input: Omit<Extract<MasterInput, { kind: 'call' }>, 'kind' | 'exchange'>, to = 'master'): void {
    this.callers.set(input.call, 'client');
    this.masterProcess(to).step({ kind: 'call', exchange: `post ${++this.exchanges}`, ...input });
  }

  /** On the connection that the executor has, or on a new one. */
  callAsExecutor({ process }: AgentNode, call: ExecutorCall): void {
    const { state } = process!.machine as Agent;
    const executor = state.frameworks.get(call.framework_id.value)?.executors.get(call.executor_id.value);
    const own = call.type === 'SUBSCRIBE' ? null : executor?.connection;
    const connection = own ?? SCRIPT_CONNECTION;
    process!.step({ kind: 'executor-call', exchange: SCRIPT_CONNECTION, connection, call });
  }

  /** As if the agent's master said it. */
  tellAgent({ process }: AgentNode, message: MasterMessage): void {
    const { link } = (process!.machine as Agent).state;
    if (link === null) throw new Error('the agent has no link to a master');
    process!.step({ kind: 'master-message', link, message });
  }

  /** Its process starts again with these settings. */
  reconfigure(node: AgentNode, settings: AgentSettings): void {
    node.reconfigure(agentPlan(settings));
  }

  /** JSON, with the ids that `M1-…` stands for. */
  json(input: readonly string[]) {
    return JSON.parse(input.join('\n'), (_, value) =>
      typeof value === 'string' ? this.names.idOf(value) : value,
    );
  }

  strike(fault: Fault): void {
    new Faults(this.world, [fault]);
  }

  private stepped(host: Host, effects: readonly { readonly kind: string }[]): void {
    if (host instanceof MasterNode)
      for (const effect of effects as ElectedMasterEffect[]) this.masterDid(host, effect);
    else if (host instanceof AgentNode)
      for (const effect of effects as (AgentEffect | ExecutorEffect)[]) this.agentDid(host, effect);
    else if (host instanceof SchedulerNode)
      for (const effect of effects) if ('call' in effect) this.callers.set(effect.call as object, host.name);
  }

  private masterDid(host: MasterNode, effect: ElectedMasterEffect): void {
    const { names } = this;
    switch (effect.kind) {
      case 'answer':
        this.answered(effect);
        return;
      case 'agent-message': {
        const { message, link } = effect;
        const agent = this.agentOfLink.get(link) ?? 'somebody';
        if (message.type === 'REGISTERED') names.nameAgent(message.agentId.value, agent);
        if (!this.isShown(message.type)) return;
        this.say(`${host.name} -> ${agent}: ${toAgentLine(message, names)}`);
        return;
      }
      case 'operator-event':
        if (effect.event.type === 'HEARTBEAT' && !this.shown.has('heartbeats')) return;
        this.say(`operator <- ${operatorEventLine(effect.event, names)}`);
        return;
      case 'abort':
        this.say(`${host.name} ends: ${effect.reason}`);
        return;
      case 'store-request':
        if (!this.shown.has('registry') || effect.request.kind !== 'transaction') return;
        for (const change of effect.request.success)
          if (change.kind === 'put' && change.key.includes('/registry/'))
            this.say(`${host.name} stores ${change.key.replace(/.*\/registry\//, '')}`);
          else if (change.kind === 'delete')
            this.say(`${host.name} deletes ${change.key.replace(/.*\/registry\//, '')}`);
    }
  }

  private answered({ exchange, status, problem, response, leader }: Answer): void {
    const call = this.callOfExchange.get(exchange)!;
    this.callOfExchange.delete(exchange);
    const isAcknowledgement = call.type === 'ACKNOWLEDGE' || call.type === 'ACKNOWLEDGE_OPERATION_STATUS';
    if (isAcknowledgement && status === 202 && !this.shown.has('acknowledgements')) return;
    const caller = this.callers.get(call) ?? 'somebody';
    const where = leader === undefined ? '' : ` to ${leader.hostname}`;
    const why = problem ? ` ${JSON.stringify(problem)}` : '';
    this.say(`${caller} <- ${status} ${call.type ?? '(no type)'}${where}${why}`);
    if (response !== undefined) this.say(`  ${JSON.stringify(response)}`);
  }

  private agentDid(host: AgentNode, effect: AgentEffect | ExecutorEffect): void {
    const { names, shown } = this;
    switch (effect.kind) {
      case 'master-message':
        this.agentOfLink.set(effect.link, host.name);
        if (this.isShown(effect.message.type))
          this.say(`${host.name} -> master: ${toMasterLine(effect.message, names)}`);
        return;
      case 'call':
      case 'subscribe':
        if (!shown.has('executors')) return;
        this.say(
          `executor ${effect.call.executor_id.value} -> ${host.name}: ${executorCallLine(effect.call, names)}`,
        );
        return;
      case 'executor-event':
        if (effect.connection !== SCRIPT_CONNECTION && !shown.has('executors')) return;
        this.say(`${host.name} -> executor: ${executorEventLine(effect.event, names)}`);
        return;
      case 'answer':
        if (effect.exchange.startsWith(SCRIPT_CONNECTION) || (shown.has('executors') && effect.status >= 300))
          this.say(
            `executor <- ${effect.status}${effect.problem ? ` ${JSON.stringify(effect.problem)}` : ''}`,
          );
        return;
      case 'launch-container':
        if (shown.has('containers'))
          this.say(`${host.name} launches a container for ${effect.launch.executor.executor_id.value}`);
        return;
      case 'destroy-container':
        if (shown.has('containers')) this.say(`${host.name} destroys a container`);
        return;
      case 'exit':
        if ('reason' in effect) this.say(`${host.name} ends: ${effect.reason}`);
    }
  }

  private isShown(type: string): boolean {
    if (type === 'PING' || type === 'PONG') return this.shown.has('pings');
    if (type === 'ACKNOWLEDGE' || type === 'ACKNOWLEDGE_OPERATION') return this.shown.has('acknowledgements');
    return this.shown.has('agents');
  }
}

function agentPlan({ info, flags, isOff }: AgentSettings): AgentPlan {
  return {
    name: info.hostname,
    rack: 'rack',
    isOff,
    create: (random) => new Agent({ info, flags, random }),
  };
}
