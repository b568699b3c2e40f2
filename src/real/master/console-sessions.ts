/**
 * Who has signed in to the console, with the credentials of operators, as long as this process runs. A session is a cookie
 * that no script reads and no other site makes the browser send; and, as other ports of this host are the same site to a
 * browser, a token besides, which only the console's page is told, and shows with every call.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { Authentication } from '../http/authentication.ts';

/** What the console may be used for. */
export type ConsoleMode = 'on' | 'read-only' | 'off';

export interface Visitor {
  readonly principal: string | null;
  /** Comes through the console, and may change nothing. */
  readonly isReadOnly: boolean;
}

interface Session {
  readonly principal: string;
  readonly token: string;
  readonly endsMs: number;
}

/** The page shows it with every call; without a session it has any value. */
export const TOKEN_HEADER = 'x-mesolab-token';

/** Why something is not done. */
export const READ_ONLY = 'The console is read-only (--console)';

const LIFETIME_SECONDS = 12 * 3600;
const MOST_SESSIONS = 1000;
/** Wrong secrets of one address in a row, after which it waits. */
const MOST_FAILURES = 5;
const PAUSE_MS = 30_000;
const MOST_ADDRESSES = 10_000;

export class ConsoleSessions {
  private readonly operators: Authentication;
  readonly mode: ConsoleMode;
  private readonly cookieName: string;
  private readonly isSecure: boolean;
  private readonly nowMs: () => number;
  private readonly sessions = new Map<string, Session>();
  private readonly failures = new Map<string, { count: number; lastMs: number }>();

  /** @param port cookies know hosts only, and several masters may be on one @param isSecure whether connections are encrypted */
  constructor(
    operators: Authentication,
    mode: ConsoleMode,
    port: number,
    isSecure: boolean,
    nowMs: () => number,
  ) {
    this.operators = operators;
    this.mode = mode;
    this.cookieName = `mesolab-${port}`;
    this.isSecure = isSecure;
    this.nowMs = nowMs;
  }

  /** `null`: neither credentials nor a session; the request is answered with 401. */
  async authenticate(headers: IncomingHttpHeaders): Promise<Visitor | null> {
    const shown = headers[TOKEN_HEADER];
    const isReadOnly = this.mode === 'read-only' && shown !== undefined;
    if (headers.authorization === undefined && typeof shown === 'string') {
      const session = this.sessionOf(headers);
      if (session !== null && isSame(session.token, shown))
        return { principal: session.principal, isReadOnly };
    }
    const who = await this.operators.authenticate(headers.authorization);
    return who && { ...who, isReadOnly };
  }

  /** For the page, when it is loaded. */
  async describe(headers: IncomingHttpHeaders): Promise<unknown> {
    const session = this.sessionOf(headers);
    return {
      principal: session?.principal ?? null,
      token: session?.token ?? '',
      needsSignIn: (await this.operators.authenticate(undefined)) === null,
      maySignIn: this.operators.hasSecrets,
      isReadOnly: this.mode === 'read-only',
    };
  }

  /** @param address of the other end @returns the cookie to set, or why there is none */
  async signIn(
    address: string,
    principal: string,
    secret: string,
  ): Promise<{ readonly cookie: string } | { readonly problem: 'wrong' | 'too many' }> {
    const nowMs = this.nowMs();
    const before = this.failures.get(address);
    const isPaused =
      before !== undefined && before.count >= MOST_FAILURES && nowMs < before.lastMs + PAUSE_MS;
    if (isPaused) return { problem: 'too many' };
    const basic = Buffer.from(`${principal}:${secret}`).toString('base64');
    const who = principal === '' ? null : await this.operators.authenticate(`Basic ${basic}`);
    if (who === null || who.principal === null) {
      this.failures.delete(address);
      this.failures.set(address, { count: (before?.count ?? 0) + 1, lastMs: nowMs });
      dropOldest(this.failures, MOST_ADDRESSES);
      return { problem: 'wrong' };
    }
    this.failures.delete(address);
    const id = randomBytes(32).toString('base64url');
    const token = randomBytes(32).toString('base64url');
    this.sessions.set(id, { principal: who.principal, token, endsMs: nowMs + LIFETIME_SECONDS * 1000 });
    dropOldest(this.sessions, MOST_SESSIONS);
    return { cookie: this.cookie(id, LIFETIME_SECONDS) };
  }

  /** @returns the cookie that takes the place of the session's */
  signOut(headers: IncomingHttpHeaders): string {
    this.sessions.delete(this.idOf(headers));
    return this.cookie('', 0);
  }

  private cookie(value: string, maxAge: number): string {
    return stringifySetCookie({
      name: this.cookieName,
      value,
      maxAge,
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: this.isSecure,
    });
  }

  private idOf({ cookie = '' }: IncomingHttpHeaders): string {
    return parseCookie(cookie)[this.cookieName] ?? '';
  }

  private sessionOf(headers: IncomingHttpHeaders): Session | null {
    const id = this.idOf(headers);
    const session = this.sessions.get(id);
    if (session === undefined) return null;
    if (this.nowMs() < session.endsMs) return session;
    this.sessions.delete(id);
    return null;
  }
}

/**
 * Whether a browser makes the request for a page of another origin. Browsers say so themselves (Origin); what is no browser
 * says nothing, and does as it is told by its own user.
 */
export function isOfAnotherOrigin({ origin, host }: IncomingHttpHeaders): boolean {
  if (origin === undefined) return false;
  try {
    return new URL(origin).host !== host;
  } catch {
    return true;
  }
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  if (map.size > most) map.delete(map.keys().next().value!);
}
