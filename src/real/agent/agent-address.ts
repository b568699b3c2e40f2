/** Where an agent is, as it tells others. */
import { hostname, networkInterfaces } from 'node:os';
import type { AgentSettings } from './agent-settings.ts';

/** That others reach it at. */
export function reachableIp({ advertiseIp, ip }: Pick<AgentSettings, 'advertiseIp' | 'ip'>): string {
  if (advertiseIp !== null) return advertiseIp;
  if (ip !== '0.0.0.0' && ip !== '::') return ip;
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}

export function agentHostname({ hostname: name, ip }: Pick<AgentSettings, 'hostname' | 'ip'>): string {
  return name ?? (isLoopback(ip) ? 'localhost' : hostname());
}

export const isLoopback = (ip: string): boolean => ip.startsWith('127.') || ip === '::1';
