/**
 * Keeps so many instances of a task alive: replaces those that end, spreads them over agents or values of an attribute,
 * and moves to a new version one instance at a time, the new one running before an old one is killed.
 */
import type { TaskInfo, TaskState, TaskStatus } from '../protocol/v1/mesos.ts';
import type { Application, OfferUse, SavedChange } from './application.ts';
import { verdictOf } from './attempts.ts';
import { describedTask, type TaskDescription } from './described-task.ts';
import type { Needs, OpenOffer } from './open-offer.ts';

export interface ServiceDefinition extends Needs {
  readonly name: string;
  readonly instances: number;
  readonly info: TaskDescription;
  /** Instances are spread evenly over this attribute's values (`hostname`: over agents); `null`: anywhere. */
  readonly spreadBy: string | null;
}

export interface ServiceOptions {
  readonly refuseUs: number;
  /** Wait before an instance that ended is replaced; doubles with each end in a row, up to `maxBackoffUs`. */
  readonly firstBackoffUs: number;
  readonly maxBackoffUs: number;
  readonly replaceUnreachableAfterUs: number;
}

export const SERVICE_DEFAULTS: ServiceOptions = {
  refuseUs: 5_000_000,
  firstBackoffUs: 1_000_000,
  maxBackoffUs: 60_000_000,
  replaceUnreachableAfterUs: 30_000_000,
};

interface Instance {
  readonly taskId: string;
  readonly version: number;
  /** Of the attribute that the service spreads by. */
  readonly place: string;
  readonly agentId: string | null;
  state: TaskState;
  /** What its health check says; `null`: nothing yet. */
  isHealthy: boolean | null;
  isKilled: boolean;
  /** `null`: reachable. */
  unreachableUntilUs: number | null;
}

interface SavedInstance {
  readonly version: number;
  readonly place: string;
  readonly agentId: string | null;
}

/** For people who look at it. */
export interface InstanceView {
  readonly taskId: string;
  readonly agentId: string | null;
  readonly state: TaskState;
  readonly isHealthy: boolean | null;
  readonly isPresentVersion: boolean;
}

const DEFINITION_KEY = 'definition';
const INSTANCE_PREFIX = 'instance/';

export class Service implements Application {
  readonly refuseUs: number;
  readonly isDone = false;
  private definition: ServiceDefinition;
  private readonly options: ServiceOptions;
  private readonly alive = new Map<string, Instance>();
  private version = 0;
  private launched = 0;
  private backoffUs: number;
  private launchAfterUs = Number.NEGATIVE_INFINITY;
  private isWaiting = false;
  private saved: SavedChange[] = [];
  private killed: string[] = [];

  constructor(definition: ServiceDefinition, options: ServiceOptions = SERVICE_DEFAULTS) {
    this.definition = definition;
    this.options = options;
    this.refuseUs = options.refuseUs;
    this.backoffUs = options.firstBackoffUs;
  }

  start(entries: Readonly<Record<string, unknown>>, _nowUs: number): void {
    const before = entries[DEFINITION_KEY] as
      | { version: number; launched: number; definition: ServiceDefinition }
      | undefined;
    if (before !== undefined) {
      this.version = before.version;
      this.launched = before.launched;
      this.definition = before.definition;
    }
    for (const [key, value] of Object.entries(entries)) {
      if (!key.startsWith(INSTANCE_PREFIX)) continue;
      const taskId = key.slice(INSTANCE_PREFIX.length);
      this.alive.set(taskId, fresh(taskId, value as SavedInstance));
    }
    this.saveDefinition();
    this.killSurplus();
  }

  /** Takes a new definition: another number of instances, or another version of them. */
  apply(definition: ServiceDefinition): void {
    const { instances: _, ...before } = this.definition;
    const { instances: __, ...after } = definition;
    if (JSON.stringify(before) !== JSON.stringify(after)) this.version++;
    this.definition = definition;
    this.saveDefinition();
    this.killSurplus();
  }

  /** What is to run. */
  get wanted(): ServiceDefinition {
    return this.definition;
  }

  /** What it keeps while it has no instances. */
  readonly keys: readonly string[] = [DEFINITION_KEY];

  /** Those that have not ended. */
  get instances(): readonly InstanceView[] {
    return Array.from(this.alive.values(), ({ taskId, agentId, state, isHealthy, version }) => {
      return { taskId, agentId, state, isHealthy, isPresentVersion: version === this.version };
    });
  }

  /** Instances of the present version that run. */
  get running(): number {
    let count = 0;
    for (const instance of this.alive.values())
      if (instance.version === this.version && this.isServing(instance)) count++;
    return count;
  }

  get wantsOffers(): boolean {
    return this.missing() > 0;
  }

  get nextTimerUs(): number {
    let next = this.isWaiting ? this.launchAfterUs : Number.POSITIVE_INFINITY;
    for (const { unreachableUntilUs } of this.alive.values())
      if (unreachableUntilUs !== null) next = Math.min(next, unreachableUntilUs);
    return next;
  }

  tick(nowUs: number): void {
    if (this.launchAfterUs <= nowUs) this.isWaiting = false;
    for (const instance of this.alive.values())
      if (instance.unreachableUntilUs !== null && instance.unreachableUntilUs <= nowUs) this.kill(instance);
  }

  place(offers: readonly OpenOffer[], nowUs: number): readonly OfferUse[] {
    const tasks = new Map<OpenOffer, TaskInfo[]>(offers.map((offer) => [offer, []]));
    if (nowUs < this.launchAfterUs) {
      this.isWaiting = true;
      return offers.map((offer) => ({ offer, tasks: [], isHeld: true }));
    }
    for (let missing = this.missing(); missing > 0; missing--) {
      const host = this.chooseHost(offers);
      if (host === null) break;
      tasks.get(host)!.push(this.launch(host));
    }
    return offers.map((offer) => ({ offer, tasks: tasks.get(offer)!, isHeld: false }));
  }

  taskChanged(taskId: string, _agentId: string, status: TaskStatus, nowUs: number): void {
    const instance = this.alive.get(taskId);
    if (instance === undefined) return;
    instance.state = status.state;
    instance.isHealthy = status.healthy ?? instance.isHealthy;
    instance.unreachableUntilUs =
      status.state === 'TASK_UNREACHABLE' && !instance.isKilled
        ? nowUs + this.options.replaceUnreachableAfterUs
        : null;
    const verdict = verdictOf(status.state);
    if (verdict !== null) {
      this.alive.delete(taskId);
      this.saved.push({ key: INSTANCE_PREFIX + taskId, value: null });
      if (!instance.isKilled && verdict !== 'lost') this.backOff(nowUs);
    } else if (status.state === 'TASK_RUNNING') {
      this.backoffUs = this.options.firstBackoffUs;
      // It comes back from an agent that was given up.
      if (instance.isKilled) this.killed.push(taskId);
    }
    this.killSurplus();
  }

  kills(): readonly string[] {
    const kills = this.killed;
    this.killed = [];
    return kills;
  }

  changes(): readonly SavedChange[] {
    const changes = this.saved;
    if (changes.length > 0) this.saved = [];
    return changes;
  }

  /** How many to launch: what lacks of the present version, one at a time while old ones still serve. */
  private missing(): number {
    let present = 0;
    let starting = 0;
    let old = 0;
    for (const instance of this.alive.values()) {
      if (instance.isKilled) continue;
      if (instance.version !== this.version) old++;
      else {
        present++;
        if (!this.isServing(instance)) starting++;
      }
    }
    const lacking = this.definition.instances - present;
    if (old === 0) return Math.max(0, lacking);
    const room = this.definition.instances + 1 - present - old;
    return Math.max(0, Math.min(lacking, room, 1 - starting));
  }

  /** Old instances go as new ones serve; then the youngest of too many. */
  private killSurplus(): void {
    const wanted = [...this.alive.values()].filter(({ isKilled }) => !isKilled);
    const old = wanted.filter(({ version }) => version !== this.version);
    const present = wanted.filter(({ version }) => version === this.version);
    const allowedOld = Math.max(0, this.definition.instances - this.running);
    for (const instance of old.slice(0, Math.max(0, old.length - allowedOld))) this.kill(instance);
    for (const instance of present.slice(this.definition.instances)) this.kill(instance);
  }

  private chooseHost(offers: readonly OpenOffer[]): OpenOffer | null {
    const { spreadBy } = this.definition;
    const usable = offers.filter((offer) => offer.canHost(this.definition));
    if (spreadBy === null) return usable[0] ?? null;
    let best: OpenOffer | null = null;
    let fewest = Number.POSITIVE_INFINITY;
    for (const offer of usable) {
      const count = this.countAt(this.placeOf(offer));
      if (count >= fewest) continue;
      best = offer;
      fewest = count;
    }
    return best;
  }

  private countAt(place: string): number {
    let count = 0;
    for (const instance of this.alive.values())
      if (!instance.isKilled && instance.version === this.version && instance.place === place) count++;
    return count;
  }

  private placeOf(offer: OpenOffer): string {
    const { spreadBy } = this.definition;
    return spreadBy === null ? '' : (offer.attribute(spreadBy) ?? '');
  }

  private launch(offer: OpenOffer): TaskInfo {
    const { name, info } = this.definition;
    const taskId = `${name}.${this.version}.${this.launched++}`;
    const { version } = this;
    const saved: SavedInstance = { version, place: this.placeOf(offer), agentId: offer.agentId };
    this.alive.set(taskId, fresh(taskId, saved));
    this.saved.push({ key: INSTANCE_PREFIX + taskId, value: saved });
    this.saveDefinition();
    return describedTask(offer, taskId, info, this.definition);
  }

  private kill(instance: Instance): void {
    instance.isKilled = true;
    instance.unreachableUntilUs = null;
    this.killed.push(instance.taskId);
  }

  private backOff(nowUs: number): void {
    this.launchAfterUs = nowUs + this.backoffUs;
    this.isWaiting = true;
    this.backoffUs = Math.min(2 * this.backoffUs, this.options.maxBackoffUs);
  }

  private saveDefinition(): void {
    const { version, launched, definition } = this;
    this.saved.push({ key: DEFINITION_KEY, value: { version, launched, definition } });
  }

  /** One with a health check serves when that has said so. */
  private isServing({ state, isHealthy, unreachableUntilUs }: Instance): boolean {
    const isWell = this.definition.info.health_check === undefined ? isHealthy !== false : isHealthy === true;
    return state === 'TASK_RUNNING' && isWell && unreachableUntilUs === null;
  }
}

function fresh(taskId: string, saved: SavedInstance): Instance {
  const state = 'TASK_STAGING';
  return { ...saved, taskId, state, isHealthy: null, isKilled: false, unreachableUntilUs: null };
}
