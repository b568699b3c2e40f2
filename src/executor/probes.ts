/**
 * When a task's check and health check are carried out, and what their results mean (reference §6.4): one probe at a
 * time, the next an interval after the last.
 */
import { secondsToUs } from '../cluster/time.ts';
import { cancelTimer, type Timer, type Timers } from '../protocol/timers.ts';
import type { CheckInfo, CheckStatusInfo, HealthCheck } from '../protocol/v1/mesos.ts';
import type { ProbeKind, ProbeResult } from './io.ts';

const DEFAULTS = { delaySeconds: 15, intervalSeconds: 10, consecutiveFailures: 3, graceSeconds: 10 };

export interface ProbeListener {
  probe(kind: ProbeKind, definition: CheckInfo | HealthCheck): void;
  checkChanged(status: CheckStatusInfo): void;
  healthChanged(isHealthy: boolean): void;
  /** It failed too often: the task is to be killed. */
  gaveUp(message: string): void;
}

export class Probes {
  private readonly check: CheckInfo | undefined;
  private readonly health: HealthCheck | undefined;
  private readonly timers: Timers;
  private readonly listener: ProbeListener;
  private readonly pending: Record<ProbeKind, Timer | null> = { check: null, health: null };
  private startedUs = 0;
  private hasStopped = false;
  private failures = 0;
  /** `null`: it has not been healthy yet, nor failed beyond the grace period. */
  private isHealthy: boolean | null = null;
  private lastSeen = '';

  constructor(
    check: CheckInfo | undefined,
    health: HealthCheck | undefined,
    timers: Timers,
    listener: ProbeListener,
  ) {
    this.check = check;
    this.health = health;
    this.timers = timers;
    this.listener = listener;
  }

  /** What updates say before the first result; `null`: there is no check. */
  get emptyStatus(): CheckStatusInfo | null {
    return this.check === undefined ? null : this.statusOf(null);
  }

  start(nowUs: number): void {
    this.startedUs = nowUs;
    if (this.check)
      this.schedule('check', this.check, nowUs, this.check.delay_seconds ?? DEFAULTS.delaySeconds);
    if (this.health)
      this.schedule('health', this.health, nowUs, this.health.delay_seconds ?? DEFAULTS.delaySeconds);
  }

  stop(): void {
    this.hasStopped = true;
    this.pending.check = cancelTimer(this.pending.check);
    this.pending.health = cancelTimer(this.pending.health);
  }

  result(kind: ProbeKind, result: ProbeResult, nowUs: number): void {
    if (this.hasStopped) return;
    if (kind === 'check') this.checked(this.check!, result, nowUs);
    else this.healthChecked(this.health!, result, nowUs);
  }

  private checked(definition: CheckInfo, { seen }: ProbeResult, nowUs: number): void {
    this.schedule('check', definition, nowUs, definition.interval_seconds ?? DEFAULTS.intervalSeconds);
    const text = JSON.stringify(seen);
    if (text === this.lastSeen) return;
    this.lastSeen = text;
    this.listener.checkChanged(this.statusOf(seen));
  }

  private healthChecked(definition: HealthCheck, result: ProbeResult, nowUs: number): void {
    this.schedule('health', definition, nowUs, definition.interval_seconds ?? DEFAULTS.intervalSeconds);
    if (result.isHealthy) {
      this.failures = 0;
      if (this.isHealthy !== true) this.listener.healthChanged(true);
      this.isHealthy = true;
      return;
    }
    const graceUs = secondsToUs(definition.grace_period_seconds ?? DEFAULTS.graceSeconds);
    if (this.isHealthy === null && nowUs < this.startedUs + graceUs) return;
    this.failures++;
    if (this.isHealthy !== false) this.listener.healthChanged(false);
    this.isHealthy = false;
    if (this.failures < (definition.consecutive_failures ?? DEFAULTS.consecutiveFailures)) return;
    this.stop();
    this.listener.gaveUp(
      `Health check failed ${this.failures} times in a row: ${result.message ?? 'unhealthy'}`,
    );
  }

  private schedule(
    kind: ProbeKind,
    definition: CheckInfo | HealthCheck,
    nowUs: number,
    seconds: number,
  ): void {
    this.pending[kind] = this.timers.set(nowUs + secondsToUs(seconds), () => {
      this.pending[kind] = null;
      this.listener.probe(kind, definition);
    });
  }

  /** An empty inner message says that there is no result. */
  private statusOf(seen: ProbeResult['seen']): CheckStatusInfo {
    const type = this.check!.type!;
    return { type, ...(seen ?? { [type.toLowerCase()]: {} }) };
  }
}
