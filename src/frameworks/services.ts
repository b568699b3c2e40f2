/** Several services as one application: they share a framework, and come and go. */
import type { TaskInfo, TaskStatus } from '../protocol/v1/mesos.ts';
import type { Application, OfferUse, SavedChange } from './application.ts';
import type { OpenOffer } from './open-offer.ts';
import { SERVICE_DEFAULTS, Service, type ServiceDefinition, type ServiceOptions } from './service.ts';

/** Names of services have no slash. */
const SEPARATOR = '/';
const REMOVED_KEY = 'removed';

export class Services implements Application {
  readonly refuseUs: number;
  readonly isDone = false;
  private readonly options: ServiceOptions;
  private readonly services = new Map<string, Service>();
  private readonly removed = new Set<string>();
  private saved: SavedChange[] = [];

  constructor(options: ServiceOptions = SERVICE_DEFAULTS) {
    this.options = options;
    this.refuseUs = options.refuseUs;
  }

  start(entries: Readonly<Record<string, unknown>>, nowUs: number): void {
    const byName = new Map<string, Record<string, unknown>>();
    for (const [key, value] of Object.entries(entries)) {
      const at = key.indexOf(SEPARATOR);
      const name = key.slice(0, at);
      byName.set(name, { ...byName.get(name), [key.slice(at + 1)]: value });
    }
    for (const [name, own] of byName) {
      this.add(placeholder(name), own, nowUs);
      if (REMOVED_KEY in own) this.removed.add(name);
    }
  }

  /** By name; those that are being stopped are among them until their last instance has ended. */
  get all(): ReadonlyMap<string, Service> {
    return this.services;
  }

  /** A new service, or a change of one. */
  apply(definition: ServiceDefinition, nowUs: number): void {
    if (this.removed.delete(definition.name))
      this.saved.push({ key: definition.name + SEPARATOR + REMOVED_KEY, value: null });
    const service = this.services.get(definition.name);
    if (service === undefined) this.add(definition, {}, nowUs);
    else service.apply(definition);
  }

  /** @returns whether there is such a service */
  stop(name: string): boolean {
    const service = this.services.get(name);
    if (service === undefined) return false;
    service.apply({ ...service.wanted, instances: 0 });
    this.removed.add(name);
    this.saved.push({ key: name + SEPARATOR + REMOVED_KEY, value: true });
    return true;
  }

  get wantsOffers(): boolean {
    for (const service of this.services.values()) if (service.wantsOffers) return true;
    return false;
  }

  get nextTimerUs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { nextTimerUs } of this.services.values()) next = Math.min(next, nextTimerUs);
    return next;
  }

  tick(nowUs: number): void {
    for (const service of this.services.values()) if (service.nextTimerUs <= nowUs) service.tick(nowUs);
  }

  place(offers: readonly OpenOffer[], nowUs: number): readonly OfferUse[] {
    const tasks = new Map<OpenOffer, TaskInfo[]>(offers.map((offer) => [offer, []]));
    let isHeld = false;
    for (const service of this.services.values())
      for (const use of service.wantsOffers ? service.place(offers, nowUs) : []) {
        tasks.get(use.offer)!.push(...use.tasks);
        isHeld ||= use.isHeld;
      }
    return offers.map((offer) => {
      const own = tasks.get(offer)!;
      return { offer, tasks: own, isHeld: isHeld && own.length === 0 };
    });
  }

  taskChanged(taskId: string, agentId: string, status: TaskStatus, nowUs: number): void {
    this.serviceOf(taskId)?.taskChanged(taskId, agentId, status, nowUs);
  }

  kills(): readonly string[] {
    return [...this.services.values()].flatMap((service) => service.kills());
  }

  changes(): readonly SavedChange[] {
    const changes = this.saved;
    this.saved = [];
    for (const [name, service] of this.services)
      for (const { key, value } of service.changes()) changes.push({ key: name + SEPARATOR + key, value });
    for (const name of this.removed) this.dropIfEnded(name, changes);
    return changes;
  }

  private add(
    definition: ServiceDefinition,
    entries: Readonly<Record<string, unknown>>,
    nowUs: number,
  ): void {
    const service = new Service(definition, this.options);
    service.start(entries, nowUs);
    this.services.set(definition.name, service);
  }

  private dropIfEnded(name: string, changes: SavedChange[]): void {
    const service = this.services.get(name)!;
    if (service.instances.length > 0) return;
    this.services.delete(name);
    this.removed.delete(name);
    for (const key of [...service.keys, REMOVED_KEY])
      changes.push({ key: name + SEPARATOR + key, value: null });
  }

  /** Task ids are `name.version.number`, and names may have dots. */
  private serviceOf(taskId: string): Service | undefined {
    return this.services.get(taskId.split('.').slice(0, -2).join('.'));
  }
}

/** Until its saved definition is read. */
function placeholder(name: string): ServiceDefinition {
  return { name, instances: 0, info: { name }, demand: [], constraints: [], spreadBy: null };
}
