/** Where masters are, as users write it. */
import { InputError } from '../../cluster/errors.ts';
import { listedMasters, type Masters, mastersOfService } from '../coordination/masters.ts';

const DEFAULT_PORT = '5050';

/**
 * Origins of `HOST:PORT,…`, with `https://` before those that speak TLS, or of the leader that etcd:// or zk:// knows of.
 * @param isSecure whether a leader that is found so speaks TLS
 * @throws InputError OPTION_VALUE
 */
export function parseMasters(text: string, isSecure: boolean): Masters {
  const scheme = isSecure ? 'https' : 'http';
  return (
    mastersOfService(text, (hostPort) => `${scheme}://${hostPort}`) ??
    listedMasters(text.split(',').map((part) => originOf(part.trim())))
  );
}

function originOf(address: string): string {
  const url = URL.parse(address.includes('://') ? address : `http://${address}`);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '')
    throw new InputError(
      'OPTION_VALUE',
      `"${address}" is not a master's address; expected such as 10.0.0.1:5050`,
    );
  if (url.port === '') url.port = DEFAULT_PORT;
  return url.origin;
}

export function basicAuthorization(principal: string, secret: string): string {
  return `Basic ${Buffer.from(`${principal}:${secret}`).toString('base64')}`;
}
