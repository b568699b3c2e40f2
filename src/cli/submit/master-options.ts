/** Options of commands that talk to a master: where it is, and who asks. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { Agent } from 'undici';
import { InputError } from '../../cluster/errors.ts';
import { basicAuthorization, parseMasters } from '../../real/scheduler-client/master-addresses.ts';
import type { MasterAddresses } from '../../real/scheduler-client/master-connection.ts';

export interface MasterFlags {
  readonly master: string;
  readonly principal?: string;
  readonly secretFile?: string;
  readonly tokenFile?: string;
  readonly tlsCa?: string;
}

export function addMasterOptions(command: Command): Command {
  return command
    .option(
      '--master <addresses>',
      'HOST:PORT of the masters, separated by commas; https:// before one asks for TLS; or zk://… or etcd://… as given to masters (MESOS_MASTER)',
      process.env.MESOS_MASTER ?? '127.0.0.1:5050',
    )
    .option('--principal <name>', 'who asks, where the master asks for credentials')
    .option('--secret-file <file>', 'holds the secret of the principal')
    .option('--token-file <file>', 'holds a bearer token, in place of principal and secret')
    .option('--tls-ca <file>', 'certificate (PEM) that vouches for the master');
}

/** @throws InputError OPTION_VALUE, FILE_MISSING */
export function masterAddresses({
  master,
  principal,
  secretFile,
  tokenFile,
  tlsCa,
}: MasterFlags): MasterAddresses {
  return {
    masters: parseMasters(master, tlsCa !== undefined),
    encoding: 'json',
    authorization: authorizationOf(principal, secretFile, tokenFile),
    dispatcher: tlsCa === undefined ? null : new Agent({ connect: { ca: read(tlsCa) } }),
  };
}

function authorizationOf(principal?: string, secretFile?: string, tokenFile?: string): string | null {
  if (tokenFile !== undefined) return `Bearer ${read(tokenFile)}`;
  if (principal === undefined) return null;
  if (secretFile === undefined)
    throw new InputError('OPTION_VALUE', '--principal needs --secret-file with its secret');
  return basicAuthorization(principal, read(secretFile));
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new InputError('FILE_MISSING', `cannot be read (${(error as NodeJS.ErrnoException).code})`, {
      file,
    });
  }
}
