/** Who makes a request (reference §1.1, §15): HTTP basic against credentials, or a bearer token that we signed. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { jwtVerify } from 'jose';
import { InputError } from '../../cluster/errors.ts';

export interface Authentication {
  /** Whether somebody can show a principal and a secret. */
  readonly hasSecrets: boolean;
  /** @returns `null`: credentials are missing or wrong, and the request is answered with 401 */
  authenticate(authorization: string | undefined): Promise<{ readonly principal: string | null } | null>;
}

/** Whoever they are, they may come in. */
export const OPEN: Authentication = { hasSecrets: false, authenticate: async () => ({ principal: null }) };

interface Credential {
  readonly principal: string;
  readonly secret: string;
}

/** @param isRequired without it, requests that show nothing come in as nobody; wrong credentials never do */
export function createAuthentication(
  credentials: readonly Credential[],
  tokenKey: Uint8Array | null,
  isRequired: boolean,
): Authentication {
  const digests = new Map(credentials.map(({ principal, secret }) => [principal, digestOf(secret)]));
  const nobody = digestOf('');
  return {
    hasSecrets: credentials.length > 0,
    async authenticate(authorization) {
      if (authorization === undefined) return isRequired ? null : { principal: null };
      const [scheme, value = ''] = authorization.split(' ', 2);
      if (/^bearer$/i.test(scheme) && tokenKey !== null) return verify(value, tokenKey);
      if (!/^basic$/i.test(scheme)) return null;
      const [principal, secret] = Buffer.from(value, 'base64').toString().split(/:(.*)/s, 2);
      const expected = digests.get(principal);
      // A principal that there is none of takes as long as a wrong secret.
      const isRight = timingSafeEqual(expected ?? nobody, digestOf(secret ?? ''));
      return isRight && expected !== undefined ? { principal } : null;
    },
  };
}

/** `{"credentials": [{"principal": "p", "secret": "s"}]}`. @throws InputError */
export function readCredentials(file: string): readonly Credential[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError('FILE_MISSING', `cannot be read (${(error as NodeJS.ErrnoException).code})`, {
      file,
    });
  }
  try {
    const { credentials } = JSON.parse(text) as { readonly credentials?: unknown };
    if (Array.isArray(credentials) && credentials.every(isCredential)) return credentials;
  } catch {
    // What the file holds is secret, and is not shown.
  }
  throw new InputError('CONFIG_INVALID', 'expected {"credentials": [{"principal": "…", "secret": "…"}]}', {
    file,
  });
}

async function verify(token: string, key: Uint8Array) {
  try {
    const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'] });
    const principal = payload.sub ?? payload.principal;
    return typeof principal === 'string' ? { principal } : null;
  } catch {
    return null;
  }
}

const digestOf = (secret: string) => createHash('sha256').update(secret).digest();

function isCredential(one: unknown): one is Credential {
  const { principal, secret } = (one ?? {}) as { readonly principal?: unknown; readonly secret?: unknown };
  return typeof principal === 'string' && typeof secret === 'string';
}
