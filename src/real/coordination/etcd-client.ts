/**
 * Speaks with etcd through its documented HTTP gateway (/v3, JSON): every request is tried at one member after the other, and a
 * key can be watched. It serves the few calls that an election needs, so no client library is.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';

/** As the gateway writes it: numbers of 64 bits are texts. */
export interface EtcdEntry {
  readonly key: string;
  readonly value?: string;
  readonly create_revision: string;
  readonly mod_revision: string;
  readonly lease?: string;
}

export interface EtcdHeader {
  readonly revision: string;
}

/** It was understood and refused; another member would do the same. */
export class EtcdRefusal extends Error {}

const ATTEMPT_TIMEOUT_MS = 500;
const RETRY_MS = 200;
/** What it refuses, in the codes of gRPC: invalid, not found, exists, permission, failed precondition, out of range. */
const REFUSALS = new Set([3, 5, 6, 7, 9, 11]);

export class EtcdClient {
  private readonly hosts: readonly string[];
  private readonly dispatcher = new Agent({
    keepAliveTimeout: 10_000,
    connect: { timeout: ATTEMPT_TIMEOUT_MS },
  });
  private readonly closing = new AbortController();
  /** That answered last. */
  private preferred = 0;

  /** @param hosts `host:port` of its members */
  constructor(hosts: readonly string[]) {
    this.hosts = hosts;
  }

  /** @param timeoutMs for each member @throws Error where no member answers; EtcdRefusal */
  async call<Answer>(path: string, message: object, timeoutMs = ATTEMPT_TIMEOUT_MS): Promise<Answer> {
    const body = JSON.stringify(message);
    let problem = new Error('etcd was given up');
    for (let attempt = 0; attempt < this.hosts.length && !this.closing.signal.aborted; attempt++) {
      const index = this.preferred;
      try {
        return await this.attempt<Answer>(this.hosts[index], path, body, timeoutMs);
      } catch (error) {
        if (error instanceof EtcdRefusal) throw error;
        problem = new Error(`etcd at ${this.hosts[index]}: ${(error as Error).message}`);
        if (this.preferred === index) this.preferred = (index + 1) % this.hosts.length;
      }
    }
    throw problem;
  }

  /**
   * Tells of the key's present state, and of its changes from now on.
   * @param lookMs a stream of news may have fallen silent: so often the key is read besides
   * @returns what ends it
   */
  watch(key: string, lookMs: number, told: (entry: EtcdEntry | null, revision: number) => void): () => void {
    const ending = new AbortController();
    const signal = AbortSignal.any([ending.signal, this.closing.signal]);
    void this.follow(key, lookMs, told, signal);
    return () => ending.abort();
  }

  close(): void {
    this.closing.abort();
    void this.dispatcher.destroy();
  }

  private async attempt<Answer>(
    host: string,
    path: string,
    body: string,
    timeoutMs: number,
  ): Promise<Answer> {
    const signal = AbortSignal.any([this.closing.signal, AbortSignal.timeout(timeoutMs)]);
    const answer = await request(`http://${host}${path}`, {
      method: 'POST',
      body,
      signal,
      dispatcher: this.dispatcher,
    });
    const said = (await answer.body.json()) as Answer & { readonly error?: string; readonly code?: number };
    if (answer.statusCode === 200) return said;
    const problem = said.error ?? `status ${answer.statusCode}`;
    throw REFUSALS.has(said.code ?? 0) ? new EtcdRefusal(problem) : new Error(problem);
  }

  private async follow(
    key: string,
    lookMs: number,
    told: (entry: EtcdEntry | null, revision: number) => void,
    signal: AbortSignal,
  ): Promise<void> {
    let newest = 0;
    const tell = (entry: EtcdEntry | null, revision: number) => {
      if (revision <= newest || signal.aborted) return;
      newest = revision;
      told(entry, revision);
    };
    while (!signal.aborted) {
      try {
        const { header, kvs = [] } = await this.call<{ header: EtcdHeader; kvs?: readonly EtcdEntry[] }>(
          '/v3/kv/range',
          { key },
        );
        tell(kvs[0] ?? null, Number(header.revision));
        await this.listen(key, Number(header.revision) + 1, tell, signal, AbortSignal.timeout(lookMs));
      } catch {
        await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
      }
    }
  }

  /** Until the stream ends, or it is time to look again. */
  private async listen(
    key: string,
    start: number,
    tell: (entry: EtcdEntry | null, revision: number) => void,
    signal: AbortSignal,
    patience: AbortSignal,
  ): Promise<void> {
    const { body } = await request(`http://${this.hosts[this.preferred]}/v3/watch`, {
      method: 'POST',
      body: JSON.stringify({ create_request: { key, start_revision: String(start) } }),
      signal: AbortSignal.any([signal, patience]),
      dispatcher: this.dispatcher,
    });
    try {
      let rest = '';
      for await (const chunk of body) {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop()!;
        for (const line of lines) if (line !== '') tellEvents(line, tell);
      }
    } catch (error) {
      if (!patience.aborted) throw error;
    }
  }
}

function tellEvents(line: string, tell: (entry: EtcdEntry | null, revision: number) => void): void {
  const { result } = JSON.parse(line) as {
    readonly result?: { readonly events?: readonly { readonly type?: 'DELETE'; readonly kv: EtcdEntry }[] };
  };
  for (const { type, kv } of result?.events ?? [])
    tell(type === 'DELETE' ? null : kv, Number(kv.mod_revision));
}

export const toBase64 = (text: string): string => Buffer.from(text).toString('base64');
export const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString();
