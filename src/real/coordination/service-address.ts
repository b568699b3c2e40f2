/** Where masters agree on who leads, as users write it: `zk://host:port,…/path` as for Mesos, or `etcd://host:port,…/path`. */
import { InputError } from '../../cluster/errors.ts';

export interface ServiceAddress {
  readonly kind: 'etcd' | 'zookeeper';
  /** `host:port` each. */
  readonly hosts: readonly string[];
  /** Begins with a slash, ends without. */
  readonly path: string;
  /** `user:password`; `null`: none. */
  readonly credentials: string | null;
}

const KINDS = {
  zk: { kind: 'zookeeper', port: 2181 },
  etcd: { kind: 'etcd', port: 2379 },
} as const;

/** `null`: it is the address of no such service. @throws InputError where it is one with a mistake */
export function parseServiceAddress(text: string): ServiceAddress | null {
  const scheme = /^(zk|etcd):\/\//.exec(text)?.[1] as keyof typeof KINDS | undefined;
  if (scheme === undefined) return null;
  const { kind, port } = KINDS[scheme];
  const parts = /^(?:([^@/]+:[^@/]+)@)?([^@/\s]+)((?:\/[\w.-]+)+)\/?$/.exec(
    text.slice(`${scheme}://`.length),
  );
  const hosts = parts?.[2].split(',').map((host) => (/:\d+$/.test(host) ? host : `${host}:${port}`));
  if (!parts || !hosts?.every((host) => /^(?:\[[0-9a-fA-F:.]+\]|[^\s:[\]]+):\d+$/.test(host)))
    throw new InputError(
      'OPTION_VALUE',
      `"${withoutSecret(text)}": expected such as ${scheme}://10.0.0.1:${port},10.0.0.2:${port},10.0.0.3:${port}/mesos`,
    );
  const credentials = parts[1] ?? null;
  if (credentials !== null && kind === 'etcd')
    throw new InputError('OPTION_VALUE', `"${withoutSecret(text)}": etcd is asked without a password here`);
  return { kind, hosts, path: parts[3], credentials };
}

/** For logs and views. */
export function withoutSecret(text: string): string {
  return text.replace(/^(\w+:\/\/[^@/:]+):[^@/]*@/, '$1:…@');
}
