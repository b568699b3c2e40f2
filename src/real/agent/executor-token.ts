/** Tokens by which executors show who they are (reference §5.3): JWT with HS256 over framework, executor and container. */
import { jwtVerify, SignJWT } from 'jose';
import type { ExecutorClaims } from '../http/exchange.ts';

export class ExecutorTokens {
  private readonly key: Uint8Array;

  constructor(key: Uint8Array) {
    this.key = key;
  }

  sign(claims: ExecutorClaims): Promise<string> {
    return new SignJWT({ ...claims }).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(this.key);
  }

  /** @param authorization value of the header @returns `null`: no token of this agent */
  async verify(authorization: string | undefined): Promise<ExecutorClaims | null> {
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return null;
    try {
      const { payload } = await jwtVerify(token, this.key, { algorithms: ['HS256'] });
      const { fid, eid, cid } = payload;
      return typeof fid === 'string' && typeof eid === 'string' && typeof cid === 'string'
        ? { fid, eid, cid }
        : null;
    } catch {
      return null;
    }
  }
}
