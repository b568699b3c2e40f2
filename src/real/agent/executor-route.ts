/** The executor API over HTTP (reference §5): calls go into the machine, its events come out on executors' streams. */
import type { AgentInput } from '../../agent/io.ts';
import type { AgentState } from '../../agent/state.ts';
import { executorCallProblem } from '../../protocol/executor-call.ts';
import type { ExecutorCall, ExecutorEvent } from '../../protocol/v1/executor.ts';
import type { Exchange, ExecutorClaims, RecordStream } from '../http/exchange.ts';
import { decode, type Encoding, encode } from '../wire/codec.ts';
import { acceptedEncoding, contentEncoding, MEDIA_TYPES } from '../wire/content-type.ts';
import { WireError } from '../wire/wire-error.ts';
import type { ExecutorDoor } from './agent-driver.ts';
import type { AgentView } from './views.ts';

/** As Mesos sends them. */
const HEARTBEAT_MS = 30 * 60_000;

interface Connection {
  readonly name: string;
  readonly encoding: Encoding;
  stream: RecordStream | null;
  heartbeat: NodeJS.Timeout | null;
}

interface Pending {
  readonly exchange: Exchange;
  readonly executor: string;
  readonly encoding: Encoding;
}

export class ExecutorRoute implements ExecutorDoor {
  private readonly state: AgentState;
  private readonly step: (input: AgentInput) => void;
  private readonly needsToken: boolean;
  private readonly pending = new Map<string, Pending>();
  private readonly connections = new Map<string, Connection>();
  /** Of executors that are subscribed. */
  private readonly current = new Map<string, Connection>();
  private count = 0;

  /** @param needsToken executors have to show that it is they */
  constructor({ state }: AgentView, step: (input: AgentInput) => void, needsToken: boolean) {
    this.state = state;
    this.step = step;
    this.needsToken = needsToken;
  }

  handle(exchange: Exchange): void {
    if (this.state.phase === 'new') {
      exchange.answer(503, 'Agent has not finished recovery');
      return;
    }
    if (this.needsToken && exchange.executor === null) {
      exchange.answer(401, 'Executors show the token that is in their environment');
      return;
    }
    const read = readCall(exchange);
    if ('status' in read) {
      exchange.answer(read.status, read.problem);
      return;
    }
    const { call, encoding } = read;
    const framework = call.framework_id.value;
    const executor = call.executor_id.value;
    const { executor: claims } = exchange;
    if (claims !== null && !this.isOf(claims, framework, executor)) {
      exchange.answer(403, 'The token is of another executor');
      return;
    }
    const key = `${framework}/${executor}`;
    const name = `x${++this.count}`;
    const connection =
      call.type === 'SUBSCRIBE' ? `executor-${this.count}` : (this.current.get(key)?.name ?? 'none');
    this.pending.set(name, { exchange, executor: key, encoding });
    this.step({ kind: 'executor-call', exchange: name, connection, call });
  }

  answer(exchange: string, status: number, problem: string | null): void {
    const pending = this.pending.get(exchange);
    this.pending.delete(exchange);
    pending?.exchange.answer(status, problem ?? undefined);
  }

  open(exchangeName: string, name: string): void {
    const { exchange, executor, encoding } = this.pending.get(exchangeName)!;
    this.pending.delete(exchangeName);
    const connection: Connection = { name, encoding, stream: null, heartbeat: null };
    this.connections.set(name, connection);
    this.current.set(executor, connection);
    connection.stream = exchange.openStream({ 'content-type': MEDIA_TYPES[encoding] }, () => {
      this.forget(name);
      if (this.current.get(executor) === connection) this.current.delete(executor);
      this.step({ kind: 'executor-disconnected', connection: name });
    });
    connection.heartbeat = setInterval(() => this.event(name, { type: 'HEARTBEAT' }), HEARTBEAT_MS);
  }

  event(name: string, event: ExecutorEvent): void {
    const connection = this.connections.get(name);
    connection?.stream?.write(encode('mesos.v1.executor.Event', connection.encoding, event));
  }

  close(name: string): void {
    const connection = this.connections.get(name);
    this.forget(name);
    connection?.stream?.end();
  }

  /** All streams end. */
  stop(): void {
    for (const name of [...this.connections.keys()]) this.close(name);
  }

  private isOf({ fid, eid, cid }: ExecutorClaims, framework: string, executor: string): boolean {
    const record = this.state.frameworks.get(framework)?.executors.get(executor);
    return fid === framework && eid === executor && (record === undefined || record.container === cid);
  }

  private forget(name: string): void {
    clearInterval(this.connections.get(name)?.heartbeat ?? undefined);
    this.connections.delete(name);
  }
}

interface Refusal {
  readonly status: number;
  readonly problem: string;
}

/** In the order of reference §5.1. `encoding` is that of the answer. */
function readCall({
  headers,
  body,
}: Exchange): { readonly call: ExecutorCall; readonly encoding: Encoding } | Refusal {
  const sent = contentEncoding(headers['content-type']);
  if (sent === 'missing') return { status: 400, problem: "Expecting 'Content-Type' to be present" };
  if (sent === 'unsupported')
    return {
      status: 415,
      problem: "Expecting 'Content-Type' of application/json or application/x-protobuf",
    };
  let call: ExecutorCall;
  try {
    call = decode('mesos.v1.executor.Call', sent, body);
  } catch (error) {
    if (error instanceof WireError)
      return { status: 400, problem: `Failed to parse the body: ${error.message}` };
    throw error;
  }
  const problem = executorCallProblem(call);
  if (problem !== null) return { status: 400, problem: `Failed to validate executor::Call: ${problem}` };
  if (call.type !== 'SUBSCRIBE') return { call, encoding: sent };
  const accepted = acceptedEncoding(headers.accept);
  return accepted === null
    ? { status: 406, problem: "Expecting 'Accept' to allow application/json or application/x-protobuf" }
    : { call, encoding: accepted };
}
