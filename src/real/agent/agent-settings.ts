/** How an agent is configured: Mesos's flags (reference §17), parsed. */
import type { AgentFlags } from '../../agent/flags.ts';
import type { ReconfigurationPolicy } from '../../agent/reconfiguration.ts';
import type { DomainInfo } from '../../protocol/v1/mesos.ts';
import type { ContainerEvents, ContainerRuntime } from '../containers/container-runtime.ts';
import type { Authentication } from '../http/authentication.ts';

export interface AgentSettings {
  /** `host:port` of the masters, separated by commas. */
  readonly master: string;
  readonly workDir: string;
  /** To bind to. */
  readonly ip: string;
  /** 0: any. */
  readonly port: number;
  /** Told to others in place of `ip`; `null`: `ip`, or an address of this machine where that is any. */
  readonly advertiseIp: string | null;
  /** `null`: the machine's, or `localhost` on the loopback. */
  readonly hostname: string | null;
  readonly resources: string;
  readonly attributes: string;
  readonly defaultRole: string;
  readonly domain: DomainInfo | null;
  readonly recover: 'reconnect' | 'cleanup';
  readonly reconfigurationPolicy: ReconfigurationPolicy;
  readonly flags: Partial<AgentFlags>;
  readonly recoveryTimeoutUs: number;
  readonly diskWatchIntervalUs: number;
  readonly executorEnvironmentVariables: Readonly<Record<string, string>>;
  readonly sandboxDirectory: string;
  /** Of the tokens that executors show; `null`: they need none. */
  readonly jwtSecretKey: Uint8Array | null;
  /** Of those who read by GET, and of those who call the operator API. */
  readonly authentication: Readonly<Record<'readonly' | 'readwrite', Authentication>>;
  /** By which this agent shows its master who it is. */
  readonly credential: { readonly principal: string; readonly secret: string } | null;
  /** PEM. `null`: connections are not encrypted. */
  readonly tls: AgentTls | null;
  /** `null`: tasks that want an image are refused. */
  readonly docker: { readonly socket: string; readonly isCpuBounded: boolean } | null;
  createContainers(workDir: string, events: ContainerEvents): ContainerRuntime;
  /** As given, for operators to see. */
  readonly shownFlags: Readonly<Record<string, string>>;
}

export interface AgentTls {
  readonly certificate: string;
  readonly key: string;
  /** Of those who may sign certificates of masters. */
  readonly ca: string | undefined;
}
